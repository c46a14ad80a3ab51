"""What commands changed, kept in a file so that it can be taken back: the latest last."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apprenti.errors import ApprentiError
from apprenti.outside import read_text
from apprenti.writing import told, whole

MOST_KEPT = 100
MOST_BYTES = 20_000_000


def read(path: Path) -> Any:
    """Return what is kept, whatever somebody has made of it; an empty list where nothing is."""
    with contextlib.suppress(OSError, ValueError, RecursionError, ApprentiError):
        return json.loads(read_text(path, MOST_BYTES))
    return []


def keep(path: Path, entries: Sequence[Any]) -> None:
    """Keep the latest of some entries."""
    with told(path), whole(path) as arriving:
        written = json.dumps(entries[-MOST_KEPT:], ensure_ascii=False, indent=1, default=str)
        arriving.write_text(written + "\n", encoding="utf-8")
