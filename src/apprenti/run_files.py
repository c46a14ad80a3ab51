"""The files of a run, read with care: a folder may come from elsewhere, or be damaged.

What is read is held to a size and to a shape; what does not keep to them is a RunDamaged, which
says which file it is and what is wrong with it.
"""

import contextlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.language import say

LARGEST = 10_000_000
"""Bytes of a file that describes a run; what is larger was not written by a script of ours."""

LARGEST_TABLE = 1_000_000_000
"""Bytes of a table that a run left: one row an epoch, or one a row of the data."""

NUMBER = (int, float)


class Needed(NamedTuple):
    """The shape of something that must be there."""

    shape: Any


class ListOf(NamedTuple):
    """The shape of a list: that of each of its items."""

    shape: Any


class Each:
    """The shape of a dictionary whose keys may be any text: that of each of its values."""

    def __init__(self, shape: Any, **named: Any) -> None:
        self.shape, self.named = shape, named


def read_text(path: Path) -> str | None:
    """Return what stands in a file; None where there is none."""
    try:
        if not path.is_file():
            if path.is_symlink() or path.exists():
                raise RunDamaged(path, say("runs.damage.no_file"))
            return None
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise RunDamaged(path, say("runs.damage.too_large"))
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise RunDamaged(path, say("runs.damage.no_text")) from None
    except (OSError, ValueError) as error:
        raise RunDamaged(path, getattr(error, "strerror", None) or error) from None


def beginning(path: Path, bytes_at_most: int) -> bytes:
    """Return how an ordinary file begins; nothing where there is none, or one that is not such.

    For what is looked at before a run is read: a queue in its place would keep one waiting.
    """
    with contextlib.suppress(OSError, ValueError):
        if path.is_file():
            with open(path, "rb") as file:
                return file.read(bytes_at_most)
    return b""


def needed_text(path: Path) -> str:
    """Return what stands in a file that must be there."""
    written = read_text(path)
    if written is None:
        raise RunDamaged(path, say("runs.damage.missing"))
    return written


def check_ordinary(folder: Path) -> None:
    """Refuse a run folder that holds what is neither a file nor a folder: reading it never ends."""
    for path in folder.rglob("*"):
        if not path.is_file() and not path.is_dir():
            raise RunDamaged(path, say("runs.damage.no_file"))


def read_json(path: Path, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object in a file, if it has this shape; an empty one where there is no file."""
    written = read_text(path)
    if written is None:
        return {}
    try:
        content = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise RunDamaged(path, error) from None
    return checked(path, content, shape)


def read_toml(path: Path, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in a file that must be there, if it has this shape."""
    try:
        content = tomllib.loads(needed_text(path))
    except (ValueError, RecursionError) as error:
        raise RunDamaged(path, error) from None
    return checked(path, content, shape)


def checked(path: Path, content: Any, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was read from a file, if it has this shape."""
    if wrong := next(_wrong(content, shape, ""), None):
        raise RunDamaged(path, say("runs.damage.wrong", place=wrong))
    found: dict[str, Any] = content
    return found


def _wrong(value: Any, shape: Any, place: str) -> Iterator[str]:
    """Yield the places at which a value has not its shape.

    A shape is a type or several, the values that are allowed (a list), a dictionary of what may be
    there, ListOf or Each.
    """
    if isinstance(shape, Each | Mapping):
        if isinstance(value, dict):
            yield from _wrong_inside(value, shape, place)
        else:
            yield place or "*"
    elif isinstance(shape, ListOf):
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _wrong(item, shape.shape, f"{place}.{number}".strip("."))
        else:
            yield place
    elif isinstance(shape, list):
        if value not in shape:
            yield place
    # In Python True is a number too
    elif not isinstance(value, shape) or (isinstance(value, bool) and shape is not bool):
        yield place


def _wrong_inside(value: Mapping[str, Any], shape: Any, place: str) -> Iterator[str]:
    named = shape.named if isinstance(shape, Each) else shape
    for key, wanted in named.items():
        inside = f"{place}.{key}".strip(".")
        needed = isinstance(wanted, Needed)
        if key in value:
            yield from _wrong(value[key], wanted.shape if needed else wanted, inside)
        elif needed:
            yield inside
    if isinstance(shape, Each):
        for key in value.keys() - named.keys():
            yield from _wrong(value[key], shape.shape, f"{place}.{key}".strip("."))
