"""What corrected labels were worth: two runs compared on rows whose labels nobody has touched.

Judged on corrected rows too, the model that learned from the corrections would look better than it
is: whoever corrected them looked at what a model like it said.
"""

from typing import Any, NamedTuple

from apprenti import runs
from apprenti.errors import ApprentiError
from apprenti.evaluate.verdict import Verdict, hold_against, predictions_of
from apprenti.run_settings import differences
from apprenti.runs import Run
from apprenti.train.corrected_labels import FILE, SETTING, read


class Effect(NamedTuple):
    """Two runs that differ in nothing but the labels."""

    after: Run
    before: Run
    corrected: int
    """Labels that the later run has otherwise than the one before."""
    left_out: int
    """Validation rows among them: neither run is judged on these."""
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        counts = {"corrected": self.corrected, "left_out": self.left_out}
        return {
            "run": self.after.name,
            "before": self.before.name,
            **counts,
            "verdict": self.verdict.as_json(),
        }


def compare(run: Run) -> Effect:
    """Hold a run against the latest one before it that differs from it in its labels alone."""
    if not (run.folder / FILE).is_file():
        raise ApprentiError("labels_not_used", run=run.name)
    before = _before(run)
    touched = _labels_of(run).items() ^ _labels_of(before).items()
    rows = {row for row, _ in touched}
    said = {one.name: predictions_of(one) for one in (run, before)}
    left = {name: [r for r in made if r["row"] not in rows] for name, made in said.items()}
    verdict = hold_against(run.name, before.name, left)
    if verdict is None:
        raise ApprentiError("labels_other_rows", run=run.name, other=before.name)
    return Effect(run, before, len(rows), len(said[run.name]) - len(left[run.name]), verdict)


def _before(run: Run) -> Run:
    """Return the latest other run with the same settings, data and split, and other labels."""
    for other in reversed(runs.sound(run.folder.parent)):
        same_labels = other == run or _labels_of(other) == _labels_of(run)
        if same_labels or not other.history or other.status == runs.DIVERGED:
            continue
        others = [one for one in differences([run, other]) if one.name != SETTING]
        if not others and _data(run) == _data(other):
            return other
    raise ApprentiError("labels_no_other_run", run=run.name)


def _data(run: Run) -> Any:
    return run.environment.get("hashes", {}).get("data")


def _labels_of(run: Run) -> dict[str, str]:
    """Return the labels that a run had otherwise than the data have them."""
    return {one.row: one.now for one in read(run.folder / FILE) if one.is_correction}
