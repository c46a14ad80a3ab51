"""Files are written whole or not at all, beside their place and then put there."""

import contextlib
import errno
import json
import math
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apprenti.errors import ApprentiError
from apprenti.outside import reason

NO_LINKS = (errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EMLINK)
"""What a disk answers on which a file can have one name only."""


@contextlib.contextmanager
def whole(path: Path, is_new: bool = False) -> Iterator[Path]:
    """Yield where to write; at the end it is put at `path`, or removed where something went wrong.

    Its name is its own: two who write the same file do not write into each other's. With `is_new`,
    FileExistsError is raised if something is at `path` by then.
    """
    with aside(path) as arriving:
        yield arriving
        if is_new:
            _put_first(arriving, path)
        else:
            os.replace(arriving, path)


@contextlib.contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Yield a name beside a path that nobody else has; what is there at the end is removed."""
    arriving = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        yield arriving
    finally:
        if arriving.is_dir():
            shutil.rmtree(arriving, ignore_errors=True)
        else:
            arriving.unlink(missing_ok=True)


def _put_first(arriving: Path, path: Path) -> None:
    """Put a file where nothing is, in one step."""
    try:
        os.link(arriving, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        with open(path, "xb") as place:
            place.write(arriving.read_bytes())


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in the user's words that a path cannot be written to."""
    try:
        yield
    except OSError as error:
        raise ApprentiError("cannot_write", path=path, reason=reason(error)) from None


def write_text(path: Path, text: str, is_new: bool = False) -> None:
    """Write a file so that it is there whole or not at all."""
    with whole(path, is_new) as arriving:
        arriving.write_text(text, encoding="utf-8")


def save(path: Path, text: str) -> None:
    """Write a file for the user, whole or not at all, or say that it cannot be written."""
    with told(path):
        write_text(path, text)


def plain(value: Any) -> Any:
    """Return a value as JSON can write it: a loss that is no number becomes null."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, as_json(content))
