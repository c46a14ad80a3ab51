"""How well one column foretells the target, and how well several do, by cross-validation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.describe.relation import WORDS, as_codes, as_values, holds
from apprenti.data.findings.evidence import Evidence

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

MOST_ROWS, SEED = 5000, 0
"""Rows drawn at most; of classes the same number each, so that a rare one is there."""

FOLDS = 3

FEWEST_ROWS = 30

FEWEST_IN_CLASS = 10
"""Smaller classes are left out: a few rows can be told apart by chance."""

DEPTH = 10
"""Splits one after another in a tree: up to 1024 steps, enough to follow any smooth relation."""

TREES = 50
"""Trees of the forest that scores several columns together."""


class Sample(NamedTuple):
    """Rows with an answer: the number of the class, or the rank of the target from 0 to 1."""

    frame: "pd.DataFrame"
    answers: "Array"
    is_classes: bool


def draw(evidence: Evidence) -> Sample | None:
    """Draw rows, or return None where there are too few to say anything."""
    import numpy as np

    frame = evidence.labelled()
    answers = frame[evidence.columns.target]
    if evidence.is_classes:
        counts = answers.value_counts()
        large = counts[counts >= FEWEST_IN_CLASS]
        quota = max(FEWEST_IN_CLASS, MOST_ROWS // max(1, len(large)))
        frame = frame[answers.isin(large.index)] if len(large) < len(counts) else frame
        # Shuffled, then the first rows of each class
        order = np.random.default_rng(SEED).permutation(len(frame))
        codes = as_codes(frame[evidence.columns.target])
        number = _number_within(codes[order])
        frame = frame.iloc[np.sort(order[number < quota])]
        drawn = as_codes(frame[evidence.columns.target])
    else:
        frame = frame.sample(min(len(frame), MOST_ROWS), random_state=SEED)
        drawn = _ranks(frame[evidence.columns.target])
    enough = len(frame) >= FEWEST_ROWS and len(np.unique(drawn)) > 1
    return Sample(frame, drawn, evidence.is_classes) if enough else None


def _number_within(codes: "Array") -> "Array":
    """Return, for each row, how many rows before it have the same code."""
    import pandas as pd

    found: Array = pd.Series(codes).groupby(codes).cumcount().to_numpy()
    return found


def _ranks(column: "pd.Series[Any]") -> "Array":
    import pandas as pd

    ranks: Array = pd.Series(as_values(column)).rank(pct=True).to_numpy()
    return ranks


def _tamed(column: "pd.Series[Any]") -> "Array":
    """Return numbers about the size of 1, in the same order and with their gaps, however large.

    Trees compute with 32 bits and take two numbers closer than 1e-7 for one.
    """
    import numpy as np

    values = as_values(column)
    if np.isnan(values).all():
        return values
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75])
    spread = high - low if high > low else np.nanmax(np.abs(values - middle))
    tamed: Array = np.arcsinh((values - middle) / (spread or 1))
    return tamed


def score(sample: Sample, name: str) -> float:
    """Return how well one column foretells: 1 is perfect, see `_measure`."""
    column = sample.frame[name]
    if holds(column) == WORDS:
        codes = as_codes(column)
        foretold = [_by_category(sample, codes, *fold) for fold in _folds(sample)]
    else:
        values = _tamed(column).reshape(-1, 1)
        foretold = [_by_model(_tree(sample), sample, values, *fold) for fold in _folds(sample)]
    return _measure(sample, foretold)


def score_together(sample: Sample, names: list[str]) -> float:
    """Return how well a random forest of these columns foretells; without any, chance's score."""
    import numpy as np

    if not names:
        return 1 / len(np.unique(sample.answers)) if sample.is_classes else 0.0
    columns = (sample.frame[name] for name in names)
    values = np.column_stack(
        [as_codes(one).astype(float) if holds(one) == WORDS else _tamed(one) for one in columns]
    )
    foretold = [_by_model(_forest(sample), sample, values, *fold) for fold in _folds(sample)]
    return _measure(sample, foretold)


def _folds(sample: Sample) -> Iterator[tuple["Array", "Array"]]:
    from sklearn.model_selection import KFold, StratifiedKFold

    kind = StratifiedKFold if sample.is_classes else KFold
    folds = kind(FOLDS, shuffle=True, random_state=SEED)
    yield from folds.split(sample.answers, sample.answers)


def _tree(sample: Sample) -> Any:
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    if sample.is_classes:
        return DecisionTreeClassifier(
            max_depth=DEPTH, min_samples_leaf=3, class_weight="balanced", random_state=SEED
        )
    return DecisionTreeRegressor(max_depth=DEPTH, random_state=SEED)


def _forest(sample: Sample) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    if sample.is_classes:
        return RandomForestClassifier(TREES, class_weight="balanced", random_state=SEED)
    return RandomForestRegressor(TREES, max_features=0.5, random_state=SEED)


def _by_model(
    model: Any, sample: Sample, values: "Array", learned: "Array", held_out: "Array"
) -> tuple["Array", "Array"]:
    model.fit(values[learned], sample.answers[learned])
    return held_out, model.predict(values[held_out])


def _by_category(
    sample: Sample, codes: "Array", learned: "Array", held_out: "Array"
) -> tuple["Array", "Array"]:
    """Give each category its likely class or its mean rank; an unknown one, none or the mean."""
    import numpy as np

    codes, answers = codes + 1, sample.answers
    kinds = int(codes.max()) + 1
    if not sample.is_classes:
        counts = np.bincount(codes[learned], minlength=kinds)
        sums = np.bincount(codes[learned], answers[learned], kinds)
        means = np.where(counts > 0, sums / np.maximum(1, counts), answers[learned].mean())
        return held_out, means[codes[held_out]]
    classes = int(answers.max()) + 1
    pairs = np.bincount(codes[learned] * classes + answers[learned], minlength=kinds * classes)
    # As if all classes had the same number of rows
    odds = pairs.reshape(kinds, classes) / np.bincount(answers[learned], minlength=classes)
    likely = np.where(pairs.reshape(kinds, classes).any(axis=1), odds.argmax(axis=1), -1)
    return held_out, likely[codes[held_out]]


def _measure(sample: Sample, foretold: list[tuple["Array", "Array"]]) -> float:
    """Return the balanced accuracy (mean over classes of the share found), or R²."""
    import numpy as np

    rows = np.concatenate([held_out for held_out, _ in foretold])
    given = np.concatenate([answers for _, answers in foretold])
    answers = sample.answers[rows]
    if sample.is_classes:
        right = np.bincount(answers, given == answers)
        return float((right / np.bincount(answers)).mean())
    return float(1 - ((answers - given) ** 2).sum() / ((answers - answers.mean()) ** 2).sum())
