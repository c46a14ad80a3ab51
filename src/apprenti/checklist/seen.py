"""What there is to see of a project, each thing read once and only when an item asks for it."""

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from apprenti import ledger
from apprenti.data import last_look
from apprenti.data.findings import words
from apprenti.diagnose import remembered
from apprenti.errors import ApprentiError
from apprenti.evaluate import test_set
from apprenti.evaluate.test_set import TestEvaluation
from apprenti.evaluate.verdict import BASELINES
from apprenti.findings import MUTED, PROBLEM, Finding, mute
from apprenti.ledger import Ledger
from apprenti.listing import best_of, read_all
from apprenti.outside import read_text
from apprenti.project import Answers, Choices, Project
from apprenti.run_files import read_json
from apprenti.runs import Run, RunFacts, all_runs, short_names
from apprenti.standing import of_other_data


class Seen:
    """A project and what is known of it."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def choices(self) -> Choices:
        return self.project.choices

    @property
    def answers(self) -> Answers:
        return self.project.choices.answers

    # ---- Runs

    @cached_property
    def runs(self) -> list[RunFacts]:
        """All that can be read, the oldest first."""
        every = read_all(all_runs(self.project.runs_folder))
        return [facts for facts in every if not facts.damage]

    @cached_property
    def models(self) -> list[RunFacts]:
        """The complete runs on the data as they are set now, but for the simplest of all."""
        complete = [one for one in self.runs if one.complete and one.model != BASELINES[0]]
        others = of_other_data(complete, self.project)
        return [facts for facts in complete if facts not in others]

    @cached_property
    def chosen(self) -> Run | None:
        """The run that the project stands by.

        It is the one last evaluated on the test set, else the best on the validation set.
        """
        for opening in reversed(self.ledger.lines):
            for facts in self.models:
                if opening.is_of(facts):
                    return facts.run
        found = best_of(self.models)
        return found.run if found else (self.models[-1].run if self.models else None)

    @property
    def called(self) -> str:
        """What the chosen run is called for short."""
        return short_names([self.chosen])[self.chosen] if self.chosen else ""

    @property
    def task(self) -> str | None:
        """What is predicted, as far as anybody knows."""
        said = self.choices.data.task or (self.facts.get("task") if self.look else None)
        return said or (self.chosen.task if self.chosen else None)

    # ---- Data

    @cached_property
    def look(self) -> last_look.LastLook | None:
        """The last whole look at the data; None where there was none."""
        return last_look.read(self.project, (last_look.FILE,))

    @cached_property
    def findings(self) -> list[Finding]:
        """What is known to be wrong with the data, what is muted marked as muted."""
        look = last_look.read(self.project)
        current = look.findings if look and look.is_current else ()
        return mute(current, self.choices.data.muted)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What data.json says."""
        try:
            return read_json(self.project.folder / last_look.FILE, {})
        except ApprentiError:
            return {}

    @property
    def data_hashes(self) -> set[str]:
        """The hashes of the files of the data as they are now; none where nobody has looked."""
        if not self.look or not self.look.is_current:
            return set()
        files = self.facts.get(last_look.LOOKED_AT, {}).get("files", [])
        return {one["sha256"] for one in files if "sha256" in one}

    # ---- What is wrong with the chosen run

    @cached_property
    def problems(self) -> Sequence[Finding]:
        """Of the training of the chosen run, unless muted."""
        found = remembered.troubled([self.chosen], self.project) if self.chosen else []
        return found[0].problems if found else ()

    # ---- Evaluation

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the test set."""
        return ledger.read(self.project.folder)

    @cached_property
    def evaluation(self) -> dict[str, Any]:
        """What test_evaluation.json of the chosen run says; nothing where it was not evaluated."""
        return self._left("test_evaluation.json")

    @cached_property
    def tested(self) -> TestEvaluation | None:
        """What was found on the test set, with what was edited since; None where nothing was."""
        try:
            return test_set.read(self.chosen) if self.chosen else None
        except (ApprentiError, LookupError, TypeError):
            return None

    @cached_property
    def reproduced(self) -> dict[str, Any]:
        """What reproduced.json of the chosen run says."""
        return self._left("reproduced.json")

    def _left(self, name: str) -> dict[str, Any]:
        try:
            return read_json(self.chosen.folder / name, {}) if self.chosen else {}
        except ApprentiError:
            return {}


def problems(
    found: Sequence[Finding], codes: Collection[str] = (), but: Collection[str] = ()
) -> list[Finding]:
    """Return the problems of these codes, or of all `but` these."""
    return [
        one
        for one in found
        if one.outcome == PROBLEM and one.code not in but and (not codes or one.code in codes)
    ]


def muted(found: Sequence[Finding]) -> int:
    return sum(one.outcome == MUTED for one in found)


def told(finding: Finding) -> tuple[str, ...]:
    """Return the commands that mend what was found."""
    return words.tell(finding).commands


def text_of(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, ApprentiError):
        return ""
