"""Whoever hears of runs while they are made: a terminal, a page, a notebook, or nobody."""

import warnings
from typing import NamedTuple, Protocol

from apprenti.data.findings import words
from apprenti.findings import Finding
from apprenti.runs import Run
from apprenti.script.run_local import Progress, Watcher
from apprenti.train.changes import Change


class Watched(NamedTuple):
    """A script that is about to be watched: what it trains, and for how long."""

    model: str
    framework: str | None = None
    task: str | None = None
    epochs: int = 1


class Audience(Protocol):
    """What is heard of runs; whoever shows it decides how."""

    def changed(self, change: Change) -> None:
        """Hear that data have changed since the latest run."""

    def remarked(self, finding: Finding) -> None:
        """Hear what is to be known of the data before they are learned from."""

    def reused(self, run: Run) -> None:
        """Hear that a run is there already and need not be made."""

    def watch(self, watched: Watched) -> Watcher:
        """Return who watches a script that begins."""

    def leave(self, watcher: Watcher) -> None:
        """Hear that there is nothing more to watch."""


class Nobody:
    """An audience that does not listen; what makes a training worth nothing is a warning."""

    def changed(self, change: Change) -> None:
        pass

    def remarked(self, finding: Finding) -> None:
        if finding.is_serious:
            told = words.tell(finding)
            text = " ".join([f"{finding.code}: {told.what} {told.todo}", *told.commands])
            warnings.warn(text, stacklevel=2)

    def reused(self, run: Run) -> None:
        pass

    def watch(self, watched: Watched) -> Watcher:
        return self

    def leave(self, watcher: Watcher) -> None:
        pass

    def line(self, text: str) -> None:
        pass

    def progress_to(self, at: Progress) -> None:
        pass
