"""R20, inputs not normalised: a few extreme values of a column squeeze all others."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from apprenti.command_line import written
from apprenti.data.findings.words import left_out
from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R20", "warning"

OF_ORDER = ("tree", "forest", "extra_trees", "boosting", "stochastic_boosting")
"""The models to which only the order of the values matters, not how far apart they are."""

FEWEST = 50
"""Training rows; of fewer each weighs so much that nothing is extreme."""

FAR = 8.0
"""Standard deviations from the mean to the farthest value, at least."""

SHARE, LARGE_SHARE = 1 / 3, 0.5
"""Of the variance of the column, from the lowest and the highest value alone."""

SQUEEZED = 0.01
"""Standard deviations within which half of the rows lie."""

FIRST_LOSS = 5.0
"""Times the loss of knowing nothing, after a whole epoch."""


class Squeezed(NamedTuple):
    """A column whose mean and deviation are those of a few extreme values."""

    name: str
    far: float
    """Deviations from the mean to the farthest value."""
    value: float
    """The farthest value."""
    share: float
    """Of the variance, from the two ends alone."""
    severity: str


def find(evidence: Evidence) -> Iterator[Finding]:
    model, rows = evidence.run.model, evidence.rows_learned_from
    if model in OF_ORDER or model == "trivial":
        yield not_applicable(CODE, "is_baseline" if model == "trivial" else "only_order")
        return
    if evidence.is_own_script and (first := _first_loss(evidence)) >= FIRST_LOSS:
        yield Finding(CODE, "note", "", {"times": first}, "first")
        return
    if why := _nothing_to_ask(evidence.preparation, rows):
        yield not_applicable(CODE, why, **({"rows": rows} if why == "few_learned" else {}))
        return
    numbers = evidence.preparation["numbers"]
    found = [_squeezed(name, known, rows) for name, known in numbers.items()]
    squeezed = [one for one in found if one]
    if squeezed:
        yield _told([one for one in squeezed if one.severity == SEVERITY] or squeezed)


def _told(squeezed: list[Squeezed]) -> Finding:
    squeezed = sorted(squeezed, key=lambda one: -one.far)
    worst, names = squeezed[0], [one.name for one in squeezed]
    values: dict[str, Any] = {"far": worst.far, "value": worst.value, "share": worst.share}
    values |= {"count": len(names), "names": names}
    commands = (written("apprenti", "data"), left_out(names))
    sentence = "one" if len(names) == 1 else "several"
    return Finding(CODE, worst.severity, worst.name, values, sentence, commands)


def _nothing_to_ask(preparation: Mapping[str, Any], rows: int) -> str:
    """Return the name of why the question makes no sense here, or nothing."""
    if "numbers" not in preparation:
        for part, why in (("words", "of_words"), ("length", "of_words"), ("scale", "of_points")):
            if part in preparation:
                return why
        return "no_ends" if preparation else "no_preparation"
    if not preparation["numbers"]:
        return "no_numbers"
    return "few_learned" if rows < FEWEST else ""


def _squeezed(name: str, known: Mapping[str, Any], rows: int) -> Squeezed | None:
    """Return a column whose extreme values squeeze the others, None where they do not."""
    ends, mean, deviation = known.get("range", ()), known["mean"], known["deviation"]
    if len(ends) != 2 or not deviation > 0:
        return None
    low, high = ends
    if not low < high or _has_two_values(low, high, mean, deviation):
        return None
    below, above = (mean - low) / deviation, (high - mean) / deviation
    far, share = max(below, above), (below * below + above * above) / rows
    half = min(known["median"] - low, high - known["median"]) / deviation
    if far < FAR or not (share >= SHARE or 0 < half < SQUEEZED):
        return None
    # Where half of the rows are alike already, as many zeros are, there is less to lose
    is_grave = half > 0 and (share >= LARGE_SHARE or half < SQUEEZED)
    farthest = high if above > below else low
    return Squeezed(name, far, farthest, share, SEVERITY if is_grave else "note")


def _has_two_values(low: float, high: float, mean: float, deviation: float) -> bool:
    """Say whether all values are at an end: only then is the variance so large (Bhatia, Davis)."""
    largest = (mean - low) * (high - mean)
    return math.isclose(deviation * deviation, largest, rel_tol=1e-6)


def _first_loss(evidence: Evidence) -> float:
    """Return the training loss of the first epoch as a multiple of what knowing nothing costs."""
    losses, counts = evidence.loss(TRAIN), Counter(one.truth for one in evidence.predictions)
    shares = [count / evidence.rows for count in counts.values()]
    entropy = -sum(share * math.log(share) for share in shares)
    return float(losses[0]) / entropy if evidence.in_epochs and entropy > 0 else 0.0
