"""What there is to know of a run at one moment, each of its files read once."""

import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.measures import task_seen
from apprenti.runs.history import last_row
from apprenti.runs.record import COMPLETE, DAMAGED, RUNNING
from apprenti.runs.run import Run, status_of

NOTED = ("epoch", "seconds", "train_", "valid_")
"""So the columns of a history begin that our scripts write."""


class RunFacts(NamedTuple):
    """What there is to know of a run at one moment, without its whole history."""

    name: str
    folder: Path
    framework: str
    model: str
    task: str | None
    status: str
    started: str | None
    parameters: int | None
    last: Mapping[str, float]
    """The last row of the history: how far it came; empty where there is none."""
    note: str
    settled: bool
    """Whether how it ended is recorded."""
    damage: str = ""
    """Which file cannot be read, and why; of such a run nothing else is known."""
    number: int | None = None
    """What it is called for short."""
    choices: Mapping[str, Any] = MappingProxyType({})
    """Its settings, as choices.toml has them."""
    kept: Mapping[str, float] = MappingProxyType({})
    """The row of the history that counts, as `Run.kept`: its scores are those of the run."""
    openings: int = 0
    """How often the test set had been opened when it was begun, or last gone on with."""

    @property
    def run(self) -> Run:
        return Run(self.folder)

    @property
    def complete(self) -> bool:
        return self.status in COMPLETE

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose model is kept, where that is not the last one."""
        epoch = self.kept.get("epoch", math.nan)
        return int(epoch) if math.isfinite(epoch) and epoch != self.last.get("epoch") else None

    @property
    def _until_the_end(self) -> dict[str, float]:
        return {name: self.last[name] for name in ("epoch", "seconds") if name in self.last}

    def summary(self) -> dict[str, Any]:
        """Return what --json says of a run: what it is, and the row of its history that counts.

        `epoch` is how far it came; `kept_epoch` is there where the model is that of another one.
        What somebody's own script has noted under names of its own cannot stand for a fact.
        """
        numbers = {
            name: int(value) if name == "epoch" and math.isfinite(value) else value
            for name, value in {**self.kept, **self._until_the_end}.items()
            if name.startswith(NOTED)
        }
        own = {name: value for name, value in self.kept.items() if not name.startswith(NOTED)}
        return {
            "run": self.name,
            "path": str(self.folder),
            "framework": self.framework,
            "model": self.model,
            "task": self.task or task_seen(self.last),
            "status": self.status,
            **({"damage": self.damage} if self.damage else {}),
            "parameters": self.parameters,
            **numbers,
            **({"kept_epoch": self.kept_epoch} if self.kept_epoch else {}),
            **({"own_measures": own} if own else {}),
            "seconds": self.last.get("seconds"),
        }


def read_any(run: Run) -> RunFacts:
    """Read the files of a run; one that is damaged has this status, and says which file it is."""
    try:
        return read(run)
    except RunDamaged as error:
        what, why, _ = error.parts()
        unknown = RunFacts(run.name, run.folder, "", "", None, DAMAGED, None, None, {}, "", True)
        return unknown._replace(damage=f"{what} {why}", number=run.number)


def read(run: Run) -> RunFacts:
    """Read the files of a run, each once, and of its history the last row alone."""
    environment, choices = run.environment, run.choices
    last = last_row(run.folder / "history.csv")
    return RunFacts(
        run.name,
        run.folder,
        choices["train"]["framework"],
        choices["model"]["kind"],
        choices.get("data", {}).get("task"),
        status_of(run.folder, environment),
        environment.get("started"),
        run.parameters,
        last,
        run.note,
        environment.get("status", RUNNING) != RUNNING,
        number=run.number,
        choices=choices,
        # Only where another row counts is all of them read
        kept=last if run.kept_epoch is None else run.kept,
        openings=environment.get("ledger", {}).get("openings", 0),
    )


def summary(run: Run) -> dict[str, Any]:
    """Return what --json says of a run: what it is, and the row of its history that counts."""
    return read(run).summary()
