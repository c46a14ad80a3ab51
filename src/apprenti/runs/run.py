"""A run: one folder that holds what was asked, what ran, and what came out."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.once import Once
from apprenti.run_files import beginning, checked, read_json, read_text, read_toml
from apprenti.runs.history import kept_row, once, read_history
from apprenti.runs.process import at_work, is_alive
from apprenti.runs.record import (
    CHOICES,
    COMPLETE,
    ENVIRONMENT,
    ESSENTIAL,
    FAILED,
    IN_CHOICES,
    IN_ENVIRONMENT,
    IN_MODEL,
    INTERRUPTED,
    KILLED,
    MODEL,
    RUNNING,
    SAID,
    SCRIPT,
    STATUS,
    frameworks,
    moment,
)

LARGEST_RECORD = 100_000
"""Bytes of environment.json in which its number and its beginning are looked for."""

DATED = re.compile(r"\.?\d{4}-\d\d-\d\d-(\d+)-")
"""How the name of a run begins before anybody changes it: the day, and its number."""

IDENTITIES: Once[tuple[str, int | None]] = Once("identities")
"""When runs were begun, and their numbers, while they are listed."""

IDENTITY = re.compile(rb'^  "(started|number)": "?([^",\s}]+)', re.MULTILINE)
"""The lines of environment.json, as Apprenti writes it, that say which run it is."""


class Run(NamedTuple):
    """One run folder. Everything is read from its files, nothing is kept elsewhere."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def number(self) -> int | None:
        """What it is called for short; no other run of the project ever has the same.

        None of a run of version 0.1.0 that was renamed.
        """
        return identity(self.folder)[1]

    @property
    def script(self) -> Path:
        return self.folder / SCRIPT

    @property
    def essential(self) -> Path | None:
        """The short form of the script, to read first; None where the run has none."""
        path = self.folder / ESSENTIAL
        return path if path.is_file() else None

    @property
    def essential_lines(self) -> int:
        """How long the short form is; 0 where there is none."""
        return len((read_text(self.folder / ESSENTIAL) or "").splitlines())

    @property
    def curves(self) -> Path:
        return self.folder / "curves.png"

    @property
    def weights(self) -> Path | None:
        """The file of weights, in the framework's own format; None before there is one."""
        names = ("weights.pt", "model.weights.h5", "model.skops")
        paths = (self.folder / "model" / name for name in names)
        return next((path for path in paths if path.is_file()), None)

    @property
    def task(self) -> str | None:
        """What is predicted, classification or regression, where the data left it open."""
        task = self.choices.get("data", {}).get("task")
        return None if task is None else str(task)

    @property
    def choices(self) -> dict[str, Any]:
        return once(_choices, self.folder / CHOICES)

    @property
    def framework(self) -> str:
        return str(self.choices["train"]["framework"])

    @property
    def model(self) -> str:
        return str(self.choices["model"]["kind"])

    @property
    def environment(self) -> dict[str, Any]:
        return read_json(self.folder / ENVIRONMENT, IN_ENVIRONMENT)

    @property
    def status(self) -> str:
        """One of STATUSES: what was recorded, or else what the script itself said of its end."""
        return status_of(self.folder, self.environment)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be learned: it went to its end, or its own rule ended it."""
        return self.status in COMPLETE

    @property
    def said(self) -> str | None:
        """What the script said of its end; None while it runs, and where it says no such thing."""
        status = self._last_words.get("status")
        return None if status is None else str(status)

    @property
    def kept_nothing(self) -> bool:
        """Whether it was interrupted before its first epoch was saved, as the script said.

        An epoch may have been reported by then: no model stands behind it.
        """
        said = self._last_words
        nothing = said.get("status") == INTERRUPTED and said.get("epochs") == 0
        return nothing and not any(self.folder.glob("checkpoint.*"))

    @property
    def _last_words(self) -> dict[str, Any]:
        try:
            return read_json(self.folder / STATUS, {"status": list(SAID), "epochs": int})
        except RunDamaged:
            # It may be just being written
            return {}

    @property
    def history(self) -> list[dict[str, float]]:
        """One row an epoch, under the names of history.csv; `seconds` counts from the start."""
        return read_history(self.folder / "history.csv")

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose model is kept, where the script says that it is not just the last."""
        if self.said is None and self.status == RUNNING:
            # A model may be there that was left before it was resumed
            return None
        found = read_json(self.folder / MODEL, IN_MODEL).get("epoch")
        return None if found is None else int(found)

    @property
    def kept(self) -> dict[str, float]:
        """The row of the history that counts: that of the epoch whose model is kept.

        It is the last one, unless early stopping kept a better one; empty where there is none.
        """
        return kept_row(self.history, self.kept_epoch)

    @property
    def parameters(self) -> int | None:
        """How many numbers the model has learned; None when the run left no model."""
        found = read_json(self.folder / MODEL, IN_MODEL).get("parameters")
        return None if found is None else int(found)

    @property
    def note(self) -> str:
        return read_text(self.folder / "note.txt") or ""


def identity(folder: Path) -> tuple[str, int | None]:
    """Return when a run was begun, as its record or else its name says it, and its number."""
    return IDENTITIES.get(folder, lambda: _identity(folder))


def _identity(folder: Path) -> tuple[str, int | None]:
    found = dict(IDENTITY.findall(beginning(folder / ENVIRONMENT, LARGEST_RECORD)))
    dated = DATED.match(folder.name)
    number = found.get(b"number", b"") or (dated[1].encode() if dated else b"")
    started = found.get(b"started", b"").decode(errors="replace") or folder.name[:10]
    return started, int(number) if number.isdigit() and len(number) < 10 else None


def order_of(run: Run) -> tuple[float, int, str]:
    """Return what runs are sorted by, the oldest first."""
    started, number = identity(run.folder)
    return moment(started) or 0.0, number or 0, run.name


def _choices(path: Path) -> dict[str, Any]:
    found = read_toml(path, IN_CHOICES)
    return checked(path, found, {"train": {"framework": list(frameworks())}})


def status_of(folder: Path, environment: Mapping[str, Any]) -> str:
    status = str(environment.get("status", FAILED))
    if status != RUNNING:
        return status
    if is_alive(environment):
        return RUNNING
    return Run(folder).said or (RUNNING if at_work(folder) else KILLED)


def process_of(run: Run) -> int | None:
    """Return the number of the process that has a run in hand, or None where there is none."""
    environment = run.environment
    return int(environment["process"]) if is_alive(environment) else at_work(run.folder)
