"""What a run says of the test set, once it has been opened: measures, mistakes, and what they mean.

`open_test_set` opens it, which the ledger records; `read` says again what was found then. All of it
is in `test_evaluation.json` in the folder of the run.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import ledger
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.evaluate import (
    calibration_picture,
    confusion,
    fairness_picture,
    measured,
    opening,
    regression_measures,
    residuals,
)
from apprenti.evaluate import fairness as by_group
from apprenti.evaluate.against_baselines import Against, against_baselines
from apprenti.evaluate.calibration import Calibration, calibration
from apprenti.evaluate.costs import Costs
from apprenti.evaluate.evaluation import WORST, Evaluation, OfNumbers, evaluate
from apprenti.evaluate.fairness import Fairness
from apprenti.evaluate.kept_values import again
from apprenti.evaluate.measured import Measured
from apprenti.evaluate.opening import Opened
from apprenti.evaluate.optimism import Optimism, optimism
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.run_data import opened_once
from apprenti.evaluate.segments import Segments, weak_segments
from apprenti.evaluate.threshold import Threshold, by_costs, check, check_class
from apprenti.evaluate.verdict import BASELINES, Verdict
from apprenti.language import say
from apprenti.ledger import EVALUATION, Ledger, Opening
from apprenti.measures import measure_named, of_task
from apprenti.run_files import ListOf, Needed, read_json
from apprenti.runs import Run
from apprenti.script.run_local import Watcher
from apprenti.tasks import task_named
from apprenti.train.audience import Nobody
from apprenti.writing import plain, told, write_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CALIBRATION, RESIDUALS = "test_calibration.png", "test_residuals.png"
OF_ROWS = (TEST.predictions, TEST.probabilities, ledger.MEASURES)
"""What a run's evaluate.py leaves."""

IN_EVALUATION = {
    "opening": Needed({"number": Needed(int), "hash": Needed(str)}),
    "left_out": Needed(ListOf(str)),
    "files": Needed(dict),
}
"""What stands in test_evaluation.json, beside what `kept_values` looks at."""


@dataclass(frozen=True)
class TestEvaluation:
    """What a run says of the test set."""

    __test__ = False

    run: Run
    task: str
    rows: int
    look: Callable[[], Evaluation]
    """Returns its matrix, its mistakes and their rows, for which all predictions are read."""
    measures: Sequence[Measured]
    against: Sequence[Against]
    """How it stands against the simple models, on the same test rows."""
    optimism: Sequence[Optimism]
    """How much better each measure was on the validation set."""
    calibration: Calibration | None
    """None where there are no probabilities."""
    segments: Segments | None
    """The slices on which it does much worse."""
    threshold: Threshold | None
    """What the costs ask for; None where none were stated."""
    left_out: Sequence[str]
    """The simple models whose evaluate.py failed."""
    opening: Opening
    """The line of the ledger."""
    there: Ledger
    """The ledger as it is now."""
    fairness: Fairness | None = None
    """Its measures by group; None where no column is sensitive, or they cannot be told."""
    no_fairness: ApprentiError | None = None
    """Why they cannot be told."""
    edited: Sequence[str] = ()
    """What is no longer as the evaluation left it: files of the folder of the run."""

    @property
    def evaluation(self) -> Evaluation:
        """Its matrix, its mistakes and their rows; read when they are first asked for."""
        return self.look()

    @property
    def verdicts(self) -> list[Verdict]:
        return [one.verdict for one in self.against]

    @property
    def selected_on_test(self) -> bool:
        """Whether the choice of this run may rest on test rows."""
        return self.there.selected(self.run)

    @property
    def main(self) -> Measured | None:
        """The main measure of its task: accuracy, R²."""
        name = of_task(self.task).name
        return next((one for one in self.measures if one.name == name and not one.of), None)

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers and no words of a language."""
        parts = {name: getattr(self, name) for name in ("calibration", "segments", "threshold")}
        return {
            "run": self.run.name,
            "number": self.run.number,
            "rows": self.rows,
            "selected_on_test": self.selected_on_test,
            "opening": self.opening.as_json(),
            "ledger": self.there.stamp,
            "measures": [one.as_json() for one in self.measures],
            "against": [one.as_json() for one in self.against],
            "optimism": [one.as_json() for one in self.optimism],
            **{name: part and part.as_json() for name, part in parts.items()},
            "left_out": [*self.left_out],
            "evaluation": self.evaluation.as_json(),
            "fairness": self.fairness and self.fairness.as_json(),
            "edited": [*self.edited],
        }

    def figure(self) -> "Figure":
        """Draw the confusion matrix, or what was predicted against what is true."""
        if isinstance(self.evaluation, OfNumbers):
            of = self.evaluation
            return regression_measures.figure(of.estimates, of.target, TEST)
        return confusion.figure(self.evaluation.matrix, TEST)

    def draw(self, folder: Path) -> list[Path]:
        """Draw the matrix, the mistakes and the calibration, or how far off the numbers are."""
        drawn = self.evaluation.draw(folder)
        if self.calibration and self.calibration.bins:
            drawn.append(calibration_picture.draw(self.calibration, folder / CALIBRATION, TEST))
        if isinstance(self.evaluation, OfNumbers):
            of = self.evaluation
            drawn.append(residuals.draw(of.estimates, of.target, folder / RESIDUALS, TEST))
        return drawn + (fairness_picture.draw(self.fairness, folder) if self.fairness else [])


@opened_once()
def open_test_set(
    run: Run,
    *,
    costs: Costs | None = None,
    positive: str | None = None,
    sensitive: Sequence[str] = (),
    by: str | None = None,
    trusted: bool = False,
    worst: int = WORST,
    watch: Watcher | None = None,
) -> TestEvaluation:
    """Open the test set for a run: its own evaluate.py is executed, and the ledger says so.

    `costs` ask for a threshold, chosen on the validation rows; `positive` is the class that is
    looked for, where it is not the rarer of two; `sensitive` are columns by whose groups it is
    measured, beside those that the project declares. `by` is who does it; the user of this system
    unless it is told. A script that neither this version nor this machine has written is executed
    if it is `trusted`.
    """
    ready = opening.check(run, trusted)
    if costs is not None:
        check(run, positive)
    elif positive is not None:
        check_class(run, positive)
    if sensitive:
        by_group.check(run, sensitive)
    folder = ready.project.folder
    who = ledger.user() if by is None else by
    with opening.opened(ready, who, trusted, watch or Nobody()) as opened:
        found = _measured(run, opened, ledger.read(folder), worst, costs, positive)
        found = _by_group(found, sensitive, positive)
        figures = {one.name: one.value for one in found.measures if not one.of}
    there = ledger.complete(folder, opened.opening, ledger.MEASURED, figures)
    ended = next(one for one in there.lines if one.number == opened.opening.number)
    found = replace(found, there=there, opening=ended)
    with told(run.folder):
        content = {**found.as_json(), "files": _hashes(run)}
        write_json(run.folder / EVALUATION, plain(content))
    return found


def _measured(
    run: Run,
    opened: Opened,
    there: Ledger,
    worst: int,
    costs: Costs | None,
    positive: str | None,
) -> TestEvaluation:
    measures = measured.measure(run, TEST, positive)
    valid = measured.measure(run, positive=positive)
    evaluation = _evaluation(run, worst)
    return TestEvaluation(
        run,
        evaluation.task,
        evaluation.measures.rows,
        lambda: evaluation,
        measures,
        against_baselines(run, opened.beside),
        optimism(valid, measures),
        calibration(run, TEST, positive),
        weak_segments(run, TEST),
        by_costs(run, costs, positive) if costs else None,
        [one.name for one in opened.left_out],
        opened.opening,
        there,
    )


def _by_group(
    found: TestEvaluation, sensitive: Sequence[str], positive: str | None
) -> TestEvaluation:
    """Add the measures by group, or why they cannot be told: the test set is open all the same."""
    columns = tuple(dict.fromkeys([*by_group.sensitive_columns(found.run), *sensitive]))
    if not columns:
        return found
    try:
        made = by_group.fairness(found.run, by_group.TEST, columns, positive)
    except ApprentiError as error:
        return replace(found, no_fairness=error)
    return replace(found, fairness=made)


def _evaluation(run: Run, worst: int) -> Evaluation:
    found = evaluate(run, worst, TEST)
    if found is None:
        raise RunDamaged(run.folder / TEST.predictions, say("runs.damage.missing"))
    return found


def read(run: Run, worst: int = WORST) -> TestEvaluation | None:
    """Return what was found when the test set was last opened for a run; nothing is opened.

    None where it was not, or where that was not brought to its end.
    """
    path = run.folder / EVALUATION
    kept = read_json(path, IN_EVALUATION)
    if not kept:
        return None
    there = ledger.read(run.folder.parent.parent)
    lines = [one for one in there.lines if one.hash == kept["opening"]["hash"]]
    hashes, look = _hashes(run), cache(partial(_evaluation, run, worst))
    edited = [name for name in OF_ROWS if hashes.get(name) != kept["files"].get(name)]
    if edited:
        # What is still as it was can be read, as it could then
        look()
    try:
        return TestEvaluation(
            run,
            task_named(kept["evaluation"]["task"]).name,
            int(kept["rows"]),
            look,
            [_sayable(one) for one in again(Sequence[Measured], kept["measures"])],
            [_against(one) for one in kept["against"]],
            again(Sequence[Optimism], kept["optimism"]),
            again(Calibration | None, kept["calibration"]),
            _segments(kept["segments"]),
            again(Threshold | None, kept["threshold"]),
            kept["left_out"],
            lines[0] if lines else ledger.of_json(kept["opening"]),
            there,
            by_group.of_json(run, kept["fairness"]) if kept.get("fairness") else None,
            None,
            edited,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunDamaged(path, error) from None


def _sayable(one: Measured) -> Measured:
    """Return a measure; KeyError where it has a name, or a reason, of which no text speaks."""
    if not (one.title and isinstance(one.reason, str)):
        raise ValueError(one.name)
    return one


def _against(kept: Mapping[str, Any]) -> Against:
    """Return how a run stands against a simple model, from what JSON says of it."""
    told = kept["verdict"]
    if kept["baseline"] not in BASELINES:
        raise ValueError(kept["baseline"])
    scale = measure_named(told["measure"]).scale
    ends = {"difference": math.nan, "low": -math.inf, "high": math.inf}
    gain = {n: end if told[n] is None else round(scale * told[n], 6) for n, end in ends.items()}
    return again(Against, {**kept, "verdict": {**told, **gain}})  # type: ignore[no-any-return]


def _segments(kept: Mapping[str, Any] | None) -> Segments | None:
    found: Segments | None = again(Segments | None, kept and {**kept, "why_not": ""})
    return found


def _hashes(run: Run) -> dict[str, str]:
    """Return the hashes of what the run's evaluate.py has left."""
    return {name: digest(path) for name in OF_ROWS if (path := run.folder / name).is_file()}
