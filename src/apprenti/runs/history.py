"""The rows that a script left: those of its history, and the one of them that counts."""

import csv
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from apprenti.errors import RunDamaged
from apprenti.language import say
from apprenti.once import Once
from apprenti.run_files import LARGEST_TABLE

LARGEST_LOSS = 1e6
"""From here on a model is lost: 1 is about the loss of one that has learned nothing."""


def has_diverged(row: Mapping[str, float]) -> bool:
    """Say of a row of a history whether the model is lost, as scripts do (backends/report)."""
    return not row.get("train_loss", 0.0) < LARGEST_LOSS


def kept_row(history: Sequence[Mapping[str, float]], epoch: int | None) -> dict[str, float]:
    """Return the row of an epoch (1 is the first), or the last where there is none such."""
    if epoch is not None and 0 < epoch <= len(history):
        return dict(history[epoch - 1])
    return dict(history[-1]) if history else {}


def best_epoch(history: Sequence[Mapping[str, float]]) -> int:
    """Return the epoch that early stopping keeps, as scripts do (backends/early_stopping)."""
    losses = [row.get("valid_loss", math.nan) for row in history]
    lowest = min(losses, default=math.nan)
    alike = (number for number, loss in enumerate(losses, start=1) if loss == lowest)
    return max(alike, default=len(losses))


TAIL = 4096
"""Bytes in which the last row of a history is looked for; more than any row of ours takes."""


def last_row(path: Path) -> dict[str, float]:
    if not path.is_file() and path.exists():
        raise RunDamaged(path, say("runs.damage.no_file"))
    try:
        with open(path, "rb") as file:
            head = file.readline(TAIL)
            start = max(file.tell(), file.seek(0, os.SEEK_END) - TAIL)
            file.seek(start)
            rows = file.read(TAIL).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RunDamaged(path, error.strerror) from None
    lines = [line for line in rows if line.strip()]
    if not lines:
        return {}
    row = next(_rows(path, [head.decode(errors="replace"), lines[-1]]), {})
    return {name: as_number(value) for name, value in row.items() if name}


Read = TypeVar("Read")

FILES: Once[Any] = Once("run_files")
"""Of runs that have ended, while they are asked for several times."""


def once(read: Callable[[Path], Read], path: Path) -> Read:
    """Return what a file of a run says; while FILES are kept, what it said before."""
    found: Read = FILES.get((read, path), lambda: read(path))
    return found


def read_history(path: Path) -> list[dict[str, float]]:
    """Return the rows of a history; what is no number in it is not a number."""
    return once(_read_history, path)


def _read_history(path: Path) -> list[dict[str, float]]:
    rows = read_rows(path)
    return [{name: as_number(row[name]) for name in row if name} for row in rows]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that a script left, by its columns; none where it is not."""
    return once(_read_rows, path)


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        if not path.exists():
            return []
        if not path.is_file() or path.stat().st_size > LARGEST_TABLE:
            raise RunDamaged(path, say("runs.damage.no_file"))
        with open(path, newline="", encoding="utf-8") as file:
            return list(_rows(path, file))
    except OSError as error:
        raise RunDamaged(path, error.strerror) from None


PREDICTED = ("row", "truth", "predicted")
"""The columns that a table of predictions has, whatever is predicted."""


def read_predictions(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of predictions; none where it is not."""
    rows = read_rows(path)
    if missing := [name for name in PREDICTED if rows and name not in rows[0]]:
        raise RunDamaged(path, say("runs.damage.wrong", place=", ".join(missing)))
    return rows


def _rows(path: Path, lines: Iterable[str]) -> Iterator[dict[str, str]]:
    try:
        # A line without an end, or with a quotation mark that is never closed, is no row
        yield from csv.DictReader(lines)
    except (csv.Error, UnicodeDecodeError) as error:
        raise RunDamaged(path, error) from None


def as_number(written: str | None) -> float:
    """Read a number; what somebody's own script wrote instead of one is not a number."""
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan
