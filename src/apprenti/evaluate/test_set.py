"""What a run says of the test set, once it has been opened: measures, mistakes, and what they mean.

`open_test_set` opens it, which the ledger records; `read` says again what was found then. All of it
is in `test_evaluation.json` in the folder of the run.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apprenti import ledger, runs
from apprenti.data.checksum import digest
from apprenti.errors import RunDamaged
from apprenti.evaluate import measured, opening
from apprenti.evaluate.evaluation import WORST, Evaluation, evaluate
from apprenti.evaluate.measured import Measured
from apprenti.evaluate.opening import Opened
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.verdict import Verdict, hold_against, predictions_of
from apprenti.language import say
from apprenti.ledger import EVALUATION, Ledger, Opening
from apprenti.measures import measure_named, of_task
from apprenti.run_files import NUMBER, ListOf, Needed, read_json
from apprenti.runs import Run
from apprenti.script.run_local import Watcher
from apprenti.train.audience import Nobody
from apprenti.writing import told

NONE = type(None)
TEXT, AMOUNT, OR_NONE = Needed(str), Needed(NUMBER), Needed((*NUMBER, NONE))
IN_MEASURES = {
    **dict.fromkeys(("name", "of", "method", "indicative", "unsaid"), TEXT),
    **dict.fromkeys(("value", "low", "high"), OR_NONE),
}
IN_VERDICTS = {
    **dict.fromkeys(("run", "other"), TEXT),
    "measure": Needed(["accuracy", "r2"]),
    "difference": AMOUNT,
    **dict.fromkeys(("low", "high", "auc"), OR_NONE),
    "rows": Needed(int),
}
IN_EVALUATION = {
    "opening": Needed({"number": Needed(int), "hash": TEXT}),
    "measures": Needed(ListOf(IN_MEASURES)),
    "verdicts": Needed(ListOf(IN_VERDICTS)),
    "left_out": Needed(ListOf(str)),
    "files": Needed(dict),
}
"""What stands in test_evaluation.json, as far as anybody relies on it."""


@dataclass(frozen=True)
class TestEvaluation:
    """What a run says of the test set."""

    __test__ = False

    run: Run
    evaluation: Evaluation
    """Its matrix, its mistakes and their rows."""
    measures: Sequence[Measured]
    verdicts: Sequence[Verdict]
    """How it stands against the simple models, on the same test rows."""
    left_out: Sequence[str]
    """The simple models whose evaluate.py failed."""
    opening: Opening
    """The line of the ledger."""
    there: Ledger
    """The ledger as it is now."""
    edited: Sequence[str] = ()
    """What is no longer as the evaluation left it: files of the folder of the run."""

    @property
    def rows(self) -> int:
        return self.evaluation.measures.rows

    @property
    def selected_on_test(self) -> bool:
        """Whether the choice of this run may rest on test rows."""
        return self.there.selected(self.run)

    @property
    def main(self) -> Measured | None:
        """The main measure of its task: accuracy, R²."""
        name = of_task(self.evaluation.task).name
        return next((one for one in self.measures if one.name == name and not one.of), None)

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers and no words of a language."""
        return {
            "run": self.run.name,
            "number": self.run.number,
            "rows": self.rows,
            "selected_on_test": self.selected_on_test,
            "opening": self.opening.as_json(),
            "ledger": self.there.stamp,
            "measures": [one.as_json() for one in self.measures],
            "verdicts": [one.as_json() for one in self.verdicts],
            "left_out": [*self.left_out],
            "evaluation": self.evaluation.as_json(),
            "edited": [*self.edited],
        }

    def draw(self, folder: Path) -> list[Path]:
        """Draw the matrix and the mistakes, or what was predicted against what is true."""
        return self.evaluation.draw(folder)


def open_test_set(
    run: Run,
    *,
    by: str | None = None,
    trusted: bool = False,
    worst: int = WORST,
    watch: Watcher | None = None,
) -> TestEvaluation:
    """Open the test set for a run: its own evaluate.py is executed, and the ledger says so.

    `by` is who does; the user of this system unless it is told. A script that neither this version
    nor this machine has written is executed if it is `trusted`.
    """
    ready = opening.check(run, trusted)
    folder = ready.project.folder
    who = ledger.user() if by is None else by
    with opening.opened(ready, who, trusted, watch or Nobody()) as opened:
        found = _measured(run, opened, worst, ledger.read(folder))
        figures = {one.name: one.value for one in found.measures if not one.of}
    there = ledger.complete(folder, opened.opening, ledger.MEASURED, figures)
    ended = next(one for one in there.lines if one.number == opened.opening.number)
    found = replace(found, there=there, opening=ended)
    files = (TEST.predictions, TEST.probabilities, ledger.MEASURES)
    written = [run.folder / name for name in files if (run.folder / name).is_file()]
    hashes = {path.name: digest(path) for path in written}
    with told(run.folder):
        runs.write_json(run.folder / EVALUATION, runs.plain({**found.as_json(), "files": hashes}))
    return found


def _measured(run: Run, opened: Opened, worst: int, there: Ledger) -> TestEvaluation:
    evaluation = evaluate(run, worst, TEST)
    if evaluation is None:
        raise RunDamaged(run.folder / TEST.predictions, say("runs.damage.missing"))
    predictions = {one.name: predictions_of(one, TEST) for one in (run, *opened.beside)}
    held = (hold_against(run.name, one.name, predictions) for one in opened.beside)
    return TestEvaluation(
        run,
        evaluation,
        measured.measure(run, TEST),
        [one for one in held if one],
        [one.name for one in opened.left_out],
        opened.opening,
        there,
    )


def read(run: Run, worst: int = WORST) -> TestEvaluation | None:
    """Return what was found when the test set was last opened for a run; nothing is opened.

    None where it was not, or where that was not brought to its end.
    """
    path = run.folder / EVALUATION
    kept = read_json(path, IN_EVALUATION)
    if not kept:
        return None
    evaluation = evaluate(run, worst, TEST)
    if evaluation is None:
        raise RunDamaged(run.folder / TEST.predictions, say("runs.damage.missing"))
    there = ledger.read(run.folder.parent.parent)
    found = [one for one in there.lines if one.hash == kept["opening"]["hash"]]
    return TestEvaluation(
        run,
        evaluation,
        [Measured(**{name: one[name] for name in Measured._fields}) for one in kept["measures"]],
        [_verdict(one) for one in kept["verdicts"]],
        kept["left_out"],
        found[0] if found else ledger.of_json(kept["opening"]),
        there,
        _edited(run, kept["files"]),
    )


def _verdict(kept: dict[str, Any]) -> Verdict:
    """Return a verdict as it was, from what JSON says of it."""
    scale = measure_named(kept["measure"]).scale
    ends = {"low": -math.inf, "high": math.inf}
    bounds = {n: end if kept[n] is None else scale * kept[n] for n, end in ends.items()}
    gain = {"difference": scale * kept["difference"], **bounds}
    known = {name: kept[name] for name in Verdict._fields}
    return Verdict(**{**known, **{name: round(value, 6) for name, value in gain.items()}})


def _edited(run: Run, files: dict[str, Any]) -> list[str]:
    """Return the files that are no longer what the evaluation left."""
    names = (TEST.predictions, TEST.probabilities, ledger.MEASURES)
    there = {name: digest(path) for name in names if (path := run.folder / name).is_file()}
    return [name for name in names if there.get(name) != files.get(name)]
