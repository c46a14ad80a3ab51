"""How an error goes on to fall with more rows: the power law a + b n^-c through what was measured.

Its interval is a bootstrap over the repetitions, each of which also leaves one size out: the law
itself is a guess, and what hangs on a single point is not certain.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

DRAWS = 300
"""Of the bootstrap."""

FEWEST_SIZES = 4
"""The law has three numbers: fewer points would be gone through exactly, and say nothing."""

SLOWEST, STEEPEST = 0.05, 2.0
"""Between what c lies: errors hardly ever fall faster than with 1/n."""


class Law(NamedTuple):
    """a + b (n / unit)^-c."""

    a: float
    b: float
    c: float
    unit: float

    def at(self, rows: "float | Array") -> Any:
        return self.a + self.b * (rows / self.unit) ** -self.c


class Ahead(NamedTuple):
    """What is expected at a number of rows, and by how much that is better than now."""

    rows: int
    error: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


class Continuation(NamedTuple):
    law: Law
    ahead: tuple[Ahead, ...]
    band: "tuple[Array, Array, Array]"
    """Numbers of rows, and between what the law lies there, to be drawn."""


def fit(rows: "Array", errors: "Array") -> Law | None:
    """Return the law through the mean errors at some numbers of rows; None where none is found.

    For each c, a and b are the least squares that are not negative; c is searched for (scipy).
    """
    import numpy as np
    from scipy import optimize

    unit = float(rows[-1])
    if not np.ptp(errors):
        return Law(float(errors[-1]), 0.0, 1.0, unit)
    x = rows / unit
    tried = np.geomspace(SLOWEST, STEEPEST, 30)
    place = int(np.argmin([_cost(c, x, errors) for c in tried]))
    bounds = (tried[max(0, place - 1)], tried[min(len(tried) - 1, place + 1)])
    found = optimize.minimize_scalar(
        _cost, bounds=bounds, args=(x, errors), method="bounded", options={"xatol": 1e-3}
    )
    a, b = _line(x**-found.x, errors)
    return Law(a, b, float(found.x), unit) if np.isfinite(found.fun) else None


def _cost(c: float, x: "Array", errors: "Array") -> float:
    a, b = _line(x**-c, errors)
    return float(((a + b * x**-c - errors) ** 2).sum())


def _line(x: "Array", errors: "Array") -> tuple[float, float]:
    """Return a and b of the line a + b x that is nearest to the errors, neither below 0."""
    centred = x - x.mean()
    b = float(centred @ errors / (centred @ centred))
    a = float(errors.mean() - b * x.mean())
    if b < 0:
        return float(errors.mean()), 0.0
    return (a, b) if a >= 0 else (0.0, float(x @ errors / (x @ x)))


def go_on(rows: "Array", errors: "Array", ahead: tuple[int, ...]) -> Continuation | None:
    """Return how errors (one row a repetition, one column a number of rows) go on.

    None where there are too few numbers of rows or repetitions, or no law goes through them.
    """
    import numpy as np

    law = fit(rows, errors.mean(axis=0)) if _is_enough(errors) else None
    if law is None:
        return None
    random, laws = np.random.default_rng(0), []
    for _ in range(DRAWS):
        drawn = errors[random.integers(len(errors), size=len(errors))].mean(axis=0)
        kept = np.ones(len(rows), bool)
        if len(rows) > FEWEST_SIZES:
            kept[random.integers(len(rows))] = False
        if found := fit(rows[kept], drawn[kept]):
            laws.append(found)
    if len(laws) < DRAWS / 2:
        return None
    found_ahead = tuple(_ahead(law, laws, int(rows[-1]), number) for number in ahead)
    places = np.geomspace(rows[0], max(ahead), 60)
    low, high = np.percentile([one.at(places) for one in laws], [2.5, 97.5], axis=0)
    return Continuation(law, found_ahead, (places, low, high))


def _is_enough(errors: "Array") -> bool:
    import numpy as np

    repeats, sizes = errors.shape
    return repeats > 1 and sizes >= FEWEST_SIZES and bool(np.isfinite(errors).all())


def _ahead(law: Law, laws: list[Law], now: int, rows: int) -> Ahead:
    import numpy as np

    there = [one.at(rows) for one in laws]
    gains = [one.at(now) - one.at(rows) for one in laws]
    low, high = np.percentile(there, [2.5, 97.5])
    gain_low, gain_high = np.percentile(gains, [2.5, 97.5])
    error, gain = law.at(rows), law.at(now) - law.at(rows)
    return Ahead(rows, error, float(low), float(high), gain, float(gain_low), float(gain_high))
