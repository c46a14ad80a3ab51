"""Weak segments: slices of the rows on which a model does much worse than on all the others.

Each value of a category, each quarter of a number and each class is one look. Among many looks some
are bad by chance, so that Holm's correction (Scandinavian Journal of Statistics 6, 1979, 65-70) is
applied to all of them: a model without any weak segment is said to have one at most one time in 20.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate.data_rows import columns_of
from apprenti.evaluate.intervals import CONFIDENCE, of_mean, of_share
from apprenti.evaluate.measured import amount
from apprenti.evaluate.mistakes import predictions
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.regression_measures import estimates
from apprenti.evaluate.slices import FEWEST_ROWS, Slice, by_class, by_column
from apprenti.language import say
from apprenti.measures import ACCURACY
from apprenti.printable import printable
from apprenti.runs import Run

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MUCH_WORSE = 1.5
"""So many times the errors of the other rows, or more."""

MAE = "mae"


class Segment(NamedTuple):
    """A slice of the rows on which the model does much worse than on the others."""

    kind: str
    """class, value, range, words (of a text) or missing."""
    column: str
    value: str
    start: float | str | None
    end: float | str | None
    rows: int
    figure: float
    """The accuracy on its rows, or their mean absolute error."""
    low: float
    high: float
    rest: float
    """The same on all the other rows."""
    p_value: float
    """How likely chance alone is to make some slice stand out so, after Holm's correction."""

    def sentence(self, measure: str) -> str:
        """What is to be said of it, where accuracy or mae was measured."""
        what = {name: printable(str(getattr(self, name))) for name in ("column", "value")}
        ends = {"start": _written(self.start), "end": _written(self.end)}
        said = say(f"evaluate.segments.{self.kind}", **what, **ends)
        names = ("figure", "low", "high", "rest")
        if measure == MAE:
            figures: dict[str, Any] = {name: _written(getattr(self, name)) for name in names}
        else:
            figures = {name: 100 * getattr(self, name) for name in names}
        return say(f"evaluate.segments.{measure}", segment=said, rows=self.rows, **figures)


class Segments(NamedTuple):
    """The weak segments of a model on some rows, the clearest first."""

    measure: str
    """accuracy or mae."""
    weak: Sequence[Segment]
    looks: int
    """How many slices were looked at."""
    rows: int
    """Those that could be looked at: of a very large table, the rows of its sample."""
    fewest: int
    """Smaller slices were not looked at."""
    why_not: str
    """Why the columns of the data were not looked at: a sentence; empty where they were."""

    @property
    def sentences(self) -> list[str]:
        """What is to be said of them."""
        if not self.weak:
            return [say("evaluate.segments.none", looks=self.looks, fewest=self.fewest)]
        told = [one.sentence(self.measure) for one in self.weak]
        return [say("evaluate.segments.title", looks=self.looks), *told]

    def as_json(self) -> dict[str, Any]:
        weak = [one._asdict() for one in self.weak]
        told = {name: value for name, value in self._asdict().items() if name != "why_not"}
        return {**told, "weak": weak}


def _written(value: float | str | None) -> str:
    """Return an end of a range, or an error, as people read it."""
    if isinstance(value, float):
        return amount(value)
    return printable(value or "")


def weak_segments(run: Run, part: Part = VALIDATION) -> Segments | None:
    """Return the weak segments of a run on a part; None where it left nothing of it."""
    import numpy as np

    made = predictions(run, part)
    if made:
        bad = np.array([not one.is_right for one in made])
        return _find(run, [one.row for one in made], bad, [one.truth for one in made])
    found = estimates(run, part)
    errors = np.array([abs(one.error) for one in found])
    return _find(run, [one.row for one in found], errors, ()) if found else None


def _find(run: Run, names: Sequence[str], bad: "Array", truth: Sequence[str]) -> Segments:
    import numpy as np

    looked_at = [(one, bad) for one in by_class(truth)] if truth else []
    columns = columns_of(run, names) if len(names) >= 2 * FEWEST_ROWS else None
    rows = len(names)
    if columns and columns.frame is not None:
        places = {name: place for place, name in enumerate(names)}
        at = np.array([places[name] for name in columns.frame.index], dtype=int)
        rows = len(at)
        every = (one for name in columns.frame for one in by_column(columns.frame[name]))
        seen = {one.inside.tobytes() for one, _ in looked_at}
        for one in every:
            whole = np.zeros(len(names), dtype=bool)
            whole[at[one.inside]] = True
            # Two columns that say the same are one look
            if (rows_of := whole.tobytes()) not in seen:
                seen.add(rows_of)
                looked_at.append((one, bad[at]))
    weak = _judge(looked_at)
    measure = ACCURACY if bad.dtype == np.bool_ else MAE
    why_not = columns.why_not if columns else ""
    return Segments(measure, weak, len(looked_at), rows, FEWEST_ROWS, why_not)


def _judge(looked_at: "Sequence[tuple[Slice, Array]]") -> list[Segment]:
    """Return the slices that are much worse than the rest, and not by chance."""
    chances = [_chance(one.inside, bad) for one, bad in looked_at]
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    weak, largest = [], 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, chances[place] * (len(order) - rank)))
        one, bad = looked_at[place]
        inside, outside = bad[one.inside], bad[~one.inside]
        if largest > 1 - CONFIDENCE:
            break
        if inside.mean() >= MUCH_WORSE * outside.mean():
            weak.append(_segment(one, inside, outside, largest))
    return weak


def _segment(found: Slice, inside: "Array", outside: "Array", p_value: float) -> Segment:
    import numpy as np

    what, rows = found[:-1], len(inside)
    if inside.dtype == np.bool_:
        right = rows - int(inside.sum())
        figures = right / rows, *of_share(right, rows), 1 - float(outside.mean())
    else:
        low, high = of_mean(inside)
        figures = float(inside.mean()), max(0.0, low), high, float(outside.mean())
    return Segment(*what, rows, *figures, p_value)


def _chance(inside: "Array", bad: "Array") -> float:
    """Return how often chance makes the rows inside as bad, against the others: one-sided.

    Fisher's exact test of wrong answers; the rank sum of Wilcoxon of errors.
    """
    import numpy as np

    rows, own = len(bad), int(inside.sum())
    if bad.dtype == np.bool_:
        return _as_many(int(bad[inside].sum()), rows, int(bad.sum()), own)
    from scipy import special

    _, places, ties = np.unique(bad, return_inverse=True, return_counts=True)
    # Rows that are alike have the mean of their ranks
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[places]
    lost = (ties**3.0 - ties).sum() / (rows * (rows - 1))
    spread = np.sqrt(own * (rows - own) / 12 * (rows + 1 - lost))
    above = ranks[inside].sum() - own * (rows + 1) / 2
    return float(special.ndtr(-above / spread)) if spread > 0 else 1.0


def _as_many(found: int, rows: int, bad: int, own: int) -> float:
    """Return the chance that of `own` rows drawn among all, so many at least are bad ones.

    The tail of the hypergeometric distribution, written out: scipy.stats takes half a second to
    import, more than all the rest of a diagnosis.
    """
    import numpy as np

    logarithms = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, rows + 1)))])

    def ways(all_of_them: "Array | int", some: "Array | int") -> "Array":
        left = logarithms[np.asarray(all_of_them) - some]
        return np.asarray(logarithms[all_of_them] - logarithms[some] - left)

    hits = np.arange(max(found, own + bad - rows), min(bad, own) + 1)
    chances = np.exp(ways(bad, hits) + ways(rows - bad, own - hits) - ways(rows, own))
    return min(1.0, float(chances.sum()))
