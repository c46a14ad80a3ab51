"""What there is to report on: each thing is read once, when a section first asks for it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from apprenti import ledger, listing, runs
from apprenti.command_line import of_apprenti
from apprenti.data import last_look
from apprenti.errors import ApprentiError
from apprenti.evaluate.verdict import BASELINES
from apprenti.findings import Finding
from apprenti.ledger import Ledger
from apprenti.measures import Measure, main_score
from apprenti.project import Project
from apprenti.run_files import NUMBER, Each, ListOf, Needed, read_json
from apprenti.runs import Run, RunFacts
from apprenti.standing import known

if TYPE_CHECKING:
    from apprenti.checklist import Judged
    from apprenti.diagnose import Diagnosis
    from apprenti.evaluate.evaluation import Evaluation
    from apprenti.evaluate.leaderboard import Board
    from apprenti.evaluate.measured import Measured
    from apprenti.evaluate.test_set import TestEvaluation

MOST_COMPARED = 12
"""So many runs at most stand side by side."""

MOST_RESAMPLED = 2000
"""Validation rows up to which intervals are computed here that take resamples."""

MISTAKES = 12
"""So many mistakes are shown."""

BOUNDS = {
    "mean": (*NUMBER, type(None)),
    "low": (*NUMBER, type(None)),
    "high": (*NUMBER, type(None)),
}
REMEDY = {
    "name": Needed(str),
    "settings": Needed(Each(object)),
    "verdict": Needed(str),
    "change": Needed(BOUNDS),
    "pairs": Needed(int),
    "times_as_long": (*NUMBER, type(None)),
}
IN_IMPROVE = {
    "run": Needed(str),
    "measure": Needed(str),
    "pairs": Needed(int),
    "remedies": Needed(ListOf(REMEDY)),
    "best": (dict, type(None)),
}
"""What is relied on in improve.json."""


class Seen:
    """A project, and the run of it that is reported on."""

    def __init__(self, project: Project, run: Run | None) -> None:
        self.project, self.run = project, run

    @property
    def name(self) -> str:
        return self.project.folder.resolve().name

    @cached_property
    def every(self) -> list[RunFacts]:
        """The runs of the project, the oldest first."""
        return listing.read_all(runs.all_runs(self.project.runs_folder))

    @cached_property
    def facts(self) -> RunFacts | None:
        return next((one for one in self.every if one.run == self.run), None)

    @property
    def called(self) -> str:
        """What the run is called in a command."""
        return runs.short_names([self.run])[self.run] if self.run else runs.LAST

    def command(self, *words: str) -> str:
        """Return a command about the run, as it is given in the folder of the project."""
        return of_apprenti(words[0], self.called, *words[1:])

    @cached_property
    def environment(self) -> dict[str, Any]:
        return self.run.environment if self.run else {}

    @cached_property
    def history(self) -> list[dict[str, float]]:
        return self.run.history if self.run else []

    @property
    def measure(self) -> Measure | None:
        """The main score of the run, where it has one."""
        return main_score(self.facts.kept) if self.facts else None

    @property
    def task(self) -> str | None:
        asked = self.project.choices.data.task
        return self.facts.task or asked if self.facts else asked

    @cached_property
    def look(self) -> Mapping[str, Any] | None:
        """What `apprenti data` found out, where it is still of these data; else None."""
        return last_look.facts(self.project)

    @cached_property
    def findings(self) -> list[Finding] | None:
        """What is known of the data; None where nobody looked, or they have changed since."""
        return known(self.project)

    @cached_property
    def compared(self) -> list[Run]:
        """The runs that can be held against this one, of each model the last: the best few."""
        if not self.run:
            return []
        last = {(one.model, one.framework): one for one in self.every if one.complete}
        if self.facts:
            last[self.facts.model, self.facts.framework] = self.facts
        alike = [one for one in last.values() if listing.same_rows_and_columns(one.run, self.run)]
        first = [one for one in alike if one.run == self.run or _is_baseline(one)]
        others = sorted((one for one in alike if one not in first), key=self._rank)
        chosen = [*first, *others][:MOST_COMPARED]
        return [one.run for one in sorted(chosen, key=lambda one: self.every.index(one))]

    def _rank(self, one: RunFacts) -> float:
        measure = main_score(one.kept)
        return -measure.goodness(one.kept[f"valid_{measure.name}"]) if measure else 0.0

    @cached_property
    def board(self) -> "Board | None":
        """How these runs stand, the best first."""
        from apprenti.evaluate import leaderboard

        if len(self.compared) < 1 or not self.measure:
            return None
        board = leaderboard.of_runs(self.compared, self.task or "classification")
        grave = any(one.is_serious for one in self.findings or ())
        return board.in_doubt() if grave else board

    @cached_property
    def baselines(self) -> list[Run]:
        """The simple models that the run can be held against."""
        found = [run for run in self.compared if run != self.run]
        return [run for run in found if run.model in BASELINES and run.framework == "sklearn"]

    @cached_property
    def diagnosis(self) -> "Diagnosis":
        """Raises ApprentiError where the run cannot be diagnosed."""
        from apprenti.diagnose import diagnose

        assert self.run  # noqa: S101
        return diagnose(self.run)

    @cached_property
    def improvement(self) -> Mapping[str, Any] | None:
        """What the last `apprenti improve` of this run showed; None where there is none."""
        path = self.project.folder / "improve" / "improve.json"
        found = read_json(path, IN_IMPROVE)
        return found if self.run and found.get("run") == self.run.name else None

    @cached_property
    def judged(self) -> "Sequence[Judged]":
        """The items of the checklist."""
        from apprenti import checklist

        return checklist.judge(self.project)

    @cached_property
    def ledger(self) -> Ledger:
        return ledger.read(self.project.folder)

    @cached_property
    def test(self) -> "TestEvaluation | None":
        """What the run says of the test set; None where that has not been opened for it."""
        from apprenti.evaluate import test_set

        return test_set.read(self.run, MISTAKES) if self.run else None

    @cached_property
    def measures(self) -> "Sequence[Measured]":
        """The measures on the validation rows, with intervals; none where these would take long."""
        from apprenti.evaluate.measured import measure

        if not self.run or not self.evaluation or self.evaluation.measures.rows > MOST_RESAMPLED:
            return ()
        return measure(self.run)

    @cached_property
    def evaluation(self) -> "Evaluation | None":
        """What the run says on the validation rows."""
        from apprenti.evaluate.evaluation import evaluate

        return evaluate(self.run, MISTAKES) if self.run else None


def _is_baseline(one: RunFacts) -> bool:
    return one.framework == "sklearn" and one.model in BASELINES


def choose(project: Project, wanted: str = "") -> Run | None:
    """Return the run that is wanted, or the one that was evaluated last, the best, or the last."""
    if wanted:
        return listing.find(project.runs_folder, wanted)
    sound = runs.sound(project.runs_folder)
    if not sound:
        return None
    measured = ledger.read(project.folder).measured
    evaluated = [run for one in measured[-1:] for run in sound if one.is_of(run)]
    if evaluated:
        return evaluated[0]
    try:
        return listing.find(project.runs_folder, runs.BEST)
    except ApprentiError:
        return sound[-1]
