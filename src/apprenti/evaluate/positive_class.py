"""Of two classes, which one is looked for: the positive one, of which a row is missed or found."""

from collections import Counter

from apprenti.errors import ApprentiError
from apprenti.evaluate import probabilities
from apprenti.evaluate.parts import VALIDATION
from apprenti.runs import Run, read_predictions


def positive_class(run: Run, stated: str | None = None) -> str | None:
    """Return the positive class of a run that tells two apart; None where there are not two.

    It is the one that is `stated`, or else the rarer of the validation rows, since what is looked
    for is rare as a rule; of two as frequent, the second. The test rows have no part in it.
    Raises ApprentiError where there is no such class.
    """
    rows = read_predictions(run.folder / VALIDATION.predictions)
    if not rows or "confidence" not in rows[0]:
        return None
    classes = probabilities.read(run, rows).classes
    if stated is not None and stated not in classes:
        raise ApprentiError("positive_unknown", name=stated, classes=", ".join(classes))
    if len(classes) != 2:
        return None
    counts = Counter(row["truth"] for row in rows)
    return stated or min(reversed(classes), key=lambda name: counts[name])
