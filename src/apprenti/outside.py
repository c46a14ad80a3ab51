"""Files that come from outside: a reader that stumbles says so, whatever it stumbles over.

What a damaged file makes a reader raise cannot be listed: it depends on the reader, its version and
the damage. So whoever opens a file does it `with reading(path, ...)`.
"""

import contextlib
import errno
import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apprenti.errors import ApprentiError

LONGEST_REASON = 300
DEEPEST, BITS = 100, 1000

MOST_SETTINGS = 10_000_000
"""Bytes: no file that a person writes is larger."""


@contextlib.contextmanager
def reading(path: Path, damaged: str, **values: object) -> Iterator[None]:
    """Raise ApprentiError alone: the error `damaged`, given `path`, `reason` and the `values`.

    What the system refuses and what the memory cannot hold have errors of their own.
    """
    try:
        yield
    except ApprentiError:
        raise
    except MemoryError as error:
        raise ApprentiError("memory_short", path=path) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise ApprentiError("unreadable_file", path=path, reason=reason(error)) from error
        raise ApprentiError(damaged, path=path, reason=reason(error), **values) from error


def reason(error: Exception) -> str:
    """Return what an error says, on one line and not too long, or else what it is called."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = " ".join(str(error).split())[:LONGEST_REASON]
    return f"{type(error).__name__}: {said}" if isinstance(error, LookupError) or not said else said


def check_ordinary(path: Path) -> None:
    """Refuse what is no file on a disk: a pipe may keep one waiting, a device may never end."""
    try:
        kind = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        raise ApprentiError("unreadable_file", path=path, reason=reason(error)) from None
    if stat.S_ISDIR(kind):
        why = os.strerror(errno.EISDIR)
        raise ApprentiError("unreadable_file", path=path, reason=why)
    if not stat.S_ISREG(kind):
        raise ApprentiError("not_ordinary", path=path)


def real(path: Path) -> Path:
    """Return a path without links; one that leads round in a circle stays as it is."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a sign that no path can have
        return path


def read_toml(source: str, path: Path) -> dict[str, Any]:
    """Return what a TOML file says, whose text is known already."""
    with reading(path, "not_toml"):
        if any(line.partition("=")[0].count(".") > DEEPEST for line in source.splitlines()):
            # Reading them takes the square of their number
            raise RecursionError(f"more than {DEEPEST} keys inside one another")
        content = tomllib.loads(source)
        _check_numbers(content)
        return content


def _check_numbers(value: object) -> None:
    """Refuse whole numbers so large that they can be read and not written again."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_numbers(inner)
    elif isinstance(value, int) and value.bit_length() > BITS:
        raise OverflowError(f"a whole number of more than {BITS} bits")


def read_text(path: Path, most: int = MOST_SETTINGS) -> str:
    """Return a text file of a size that a person could have written.

    Raises FileNotFoundError where there is none, and ApprentiError for all else.
    """
    if not os.path.lexists(path):
        raise FileNotFoundError(path)
    check_ordinary(path)
    with reading(path, "unreadable_file"):
        if (size := path.stat().st_size) > most:
            raise ApprentiError("too_long", path=path, size=size / 1e6, most=most / 1e6)
        return path.read_text(encoding="utf-8-sig")
