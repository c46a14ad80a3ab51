"""Columns that together give the answer away: the target is their sum, product or ratio.

Each form is fitted by least squares, in 64 bits, on a sample: the target on the columns (sums and
differences), logarithms on logarithms (products and powers), and the target, or one over it, on the
product or the ratio of two columns. Columns are then taken away as long as the fit stays as good.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.describe.relation import NUMBERS, as_values, holds
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D021", "error"

WARNED = 5e-5
"""Share of the target's variance that is left unexplained (R² 0.99995). An instrument that is off
by 1 % of the deviation of what it measures leaves twice as much; people and markets, far more."""

EXACT = 1e-6
"""From here on, or where no more is left than the target's last decimal hides, it is computed."""

SLIPS = 0.03
"""Of the rows so many may be wrong, and are not looked at."""

INNER = 10
"""Times that much may be left among the middle four fifths of the answers: a fit that is good for
a few huge values alone is none."""

MOST_ROWS, SEED, FEWEST_ROWS = 2000, 0, 30

ROWS_A_COLUMN = 10
"""With fewer rows for each column a fit is good by chance."""

MOST_COLUMNS, MOST_IN_PAIRS, SCREENED = 100, 40, 500
"""Those with the highest correlation are looked at; of these, so many two by two, and the pair that
goes best with the target in so many rows."""


SMALLEST, LARGEST = 1e-30, 1e30


class Fit(NamedTuple):
    """A form, its columns with their weights or powers, and the share of variance it leaves."""

    form: str
    """sum, product or share."""
    terms: list[tuple[str, float]]
    left: float


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    answers = evidence.frame[evidence.columns.target]
    if holds(answers) != NUMBERS:
        yield not_applicable(CODE, "no_number")
        return
    names, values, target = _complete(evidence)
    if len(target) < FEWEST_ROWS or len(np.unique(target)) < 3:
        yield not_applicable(CODE, "too_few_rows")
        return
    fit = _sum(names, values, target) or _pair(names, values, target)
    fit = fit or _product(names, values, target)
    # Of one column alone another rule speaks
    if fit and len(fit.terms) > 1:
        exact = fit.left <= min(max(EXACT, _hidden(target)), WARNED)
        places = {name: place for place, name in enumerate(evidence.frame.columns)}
        terms = [list(term) for term in sorted(fit.terms, key=lambda term: places[term[0]])]
        told = {"form": fit.form, "terms": terms, "count": len(terms), "score": 1 - fit.left}
        yield Finding(CODE, SEVERITY if exact else "warning", evidence.columns.target, told)


def _complete(evidence: Evidence) -> tuple[list[str], "Array", "Array"]:
    """Return columns, their values and the target in rows without gaps; dates are in days."""
    import numpy as np

    frame = evidence.labelled()
    frame = frame.sample(min(len(frame), MOST_ROWS), random_state=SEED)
    names = [*evidence.columns.numbers, *(name for name, _ in evidence.columns.dates)]
    every = {name: as_values(frame[name]) for name in names}
    for name, _ in evidence.columns.dates:
        every[name] /= 86_400
    every = {name: one for name, one in every.items() if np.isnan(one).sum() < len(one) / 2}
    target = as_values(frame[evidence.columns.target])
    gaps = sorted(every, key=lambda name: float(np.isnan(every[name]).mean()))
    filled = ~np.isnan(target)
    kept = []
    for name in gaps:
        # A column with gaps is given up where too few rows would be left
        both = filled & ~np.isnan(every[name])
        if both.sum() >= max(FEWEST_ROWS, 0.3 * len(target)):
            filled = both
            kept.append(name)
    kept = [name for name in kept if _is_of_a_size(every[name][filled])]
    if not _is_of_a_size(target[filled]):
        return [], np.empty((0, 0)), target[filled]
    values = np.array([every[name][filled] for name in kept]).reshape(-1, int(filled.sum()))
    order = np.argsort([-_related(one, target[filled]) for one in values], kind="stable")
    order = order[: min(MOST_COLUMNS, int(filled.sum()) // ROWS_A_COLUMN)]
    return [kept[place] for place in order], values[order], target[filled]


def _is_of_a_size(values: "Array") -> bool:
    """Say if numbers differ, and if their squares and those of their ratios are numbers."""
    largest = abs(values).max(initial=0)
    return bool(len(values) and largest < LARGEST and values.std() > SMALLEST * (1 + largest))


def _standard(values: "Array") -> "Array":
    deviation = values.std(axis=-1, keepdims=True)
    standard: Array = (values - values.mean(axis=-1, keepdims=True)) / (
        deviation + (deviation == 0)
    )
    return standard


def _related(values: "Array", target: "Array") -> float:
    return abs(float((_standard(values) * _standard(target)).mean()))


def _left(fitted: "Array", target: "Array") -> float:
    """Return the share of the variance that is left, in all rows or in the middle of them."""
    import numpy as np

    if not np.isfinite(fitted).all() or not np.ptp(target):
        return 1.0
    error = (target - fitted) ** 2
    low, high = np.quantile(target, [0.1, 0.9])
    inner = (target >= low) & (target <= high)
    variance = target[inner].var()
    # Where the middle is one value it says nothing
    middle = error[inner].mean() / variance / INNER if variance else 1.0
    return float(max(error.mean() / target.var(), middle))


def _fit(values: "Array", target: "Array") -> tuple["Array", float]:
    """Return the weights of standard columns, and what they leave."""
    import numpy as np

    columns, answers = _standard(values), _standard(target)
    weights = np.linalg.lstsq(columns.T, answers, rcond=None)[0]
    return weights, _left(weights @ columns, answers)


def _smallest(values: "Array", target: "Array") -> tuple[list[int], "Array", float] | None:
    """Return the fewest columns that leave nearly nothing, their weights, and what they leave."""
    import numpy as np

    if not len(values):
        return None
    values, target = _without_slips(values, target)
    weights, left = _fit(values, target)
    if left > _limit(target):
        return None
    kept = list(range(len(values)))
    for place in np.argsort(np.abs(weights)):
        rest = [one for one in kept if one != place]
        if rest and _fit(values[rest], target)[1] <= max(2 * left, EXACT):
            kept = rest
    weights, left = _fit(values[kept], target)
    return kept, weights * target.std() / values[kept].std(axis=1), left


def _without_slips(values: "Array", target: "Array") -> tuple["Array", "Array"]:
    """Take away the few rows that fit worst: a slip in one must not hide the rest."""
    import numpy as np

    for_sure, kept = round((1 - SLIPS) * len(target)), np.arange(len(target))
    for _ in range(3):
        weights, left = _fit(values[:, kept], target[kept])
        # Where much is left it is no slip
        if left <= EXACT or left > 0.5:
            break
        columns, answers = values[:, kept], target[kept]
        scales = weights * answers.std() / np.where(columns.std(axis=1), columns.std(axis=1), 1)
        errors = np.abs(target - answers.mean() - scales @ (values.T - columns.mean(axis=1)).T)
        kept = np.sort(np.argsort(errors, kind="stable")[:for_sure])
    return values[:, kept], target[kept]


def _sum(names: list[str], values: "Array", target: "Array") -> Fit | None:
    found = _smallest(values, target)
    if found is None:
        return None
    kept, weights, left = found
    return Fit("sum", [(names[one], float(w)) for one, w in zip(kept, weights, strict=True)], left)


def _product(names: list[str], values: "Array", target: "Array") -> Fit | None:
    import numpy as np

    positive = [place for place, one in enumerate(values) if (one > 0).all()]
    if (target <= 0).any() or len(positive) < 2:
        return None
    found = _smallest(np.log(values[positive]), np.log(target))
    if found is None:
        return None
    kept, powers, left = found
    terms = [(names[positive[one]], float(p)) for one, p in zip(kept, powers, strict=True)]
    return Fit("product", terms, left)


def _pair(names: list[str], values: "Array", target: "Array") -> Fit | None:
    """Return the product or ratio of two columns, or one's share of both, that gives the target."""
    import numpy as np

    values = values[:MOST_IN_PAIRS]
    for form in ("product", "ratio", "share"):
        for place, one in enumerate(values):
            there = one != 0 if form != "product" else np.full(len(one), True)
            if there.mean() < 0.8 or (form == "share" and not target.all()):
                continue
            some, one, wanted = values[:, there], one[there], target[there]
            # a / (a + b) is one over 1 + b / a
            wanted = 1 / wanted if form == "share" else wanted
            by = one if form == "product" else 1 / one
            first = slice(SCREENED)
            related = _standard(some[:, first] * by[first]) @ _standard(wanted[first])
            best = int(np.abs(related).argmax())
            left = _fit(some[[best]] * by, wanted)[1]
            if left <= _limit(target):
                powers = (1.0, 1.0 if form == "product" else -1.0)
                terms = list(zip((names[best], names[place]), powers, strict=True))
                return Fit("share" if form == "share" else "product", terms, left)
    return None


def _limit(target: "Array") -> float:
    """Return how much may be left: more where the target is rounded, ten times as much at most."""
    return max(WARNED, min(_hidden(target), 10 * WARNED))


def _hidden(target: "Array") -> float:
    """Return the share of the variance that rounding to the target's last decimal may hide."""
    import numpy as np

    for decimals in range(7):
        if np.allclose(target, target.round(decimals), rtol=0, atol=1e-9):
            return float(2 * 10.0 ** (-2 * decimals) / 12 / target.var())
    return 0.0
