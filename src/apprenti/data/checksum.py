"""The checksum by which a file is known again."""

import hashlib
from pathlib import Path

from apprenti.outside import check_ordinary


def digest(path: Path) -> str:
    """Return the sha256 of a file on a disk."""
    check_ordinary(path)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
