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

STEEPEST = 2.0
"""The largest c: errors hardly ever fall faster than with 1/n."""


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
    """Return the law through the mean errors at some numbers of rows; None where none is found."""
    import numpy as np
    from scipy import optimize

    unit = float(rows[-1])
    x, spread = rows / unit, float(np.ptp(errors))
    if not spread:
        return Law(float(errors[-1]), 0.0, 1.0, unit)
    best: tuple[float, Any] | None = None
    for c in (0.3, 0.7, 1.2):
        start = [max(0.0, float(errors.min()) - spread / 2), spread / 2, c]
        try:
            found = optimize.least_squares(
                lambda p: p[0] + p[1] * x ** -p[2] - errors,
                start,
                bounds=([0.0, 0.0, 0.05], [np.inf, np.inf, STEEPEST]),
                x_scale=[spread, spread, 1.0],
            )
        except (ValueError, np.linalg.LinAlgError):
            continue
        if np.isfinite(found.cost) and (best is None or found.cost < best[0]):
            best = float(found.cost), found.x
    if best is None:
        return None
    a, b, c = map(float, best[1])
    return Law(a, b, c, unit)


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
