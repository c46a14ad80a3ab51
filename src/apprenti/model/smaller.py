"""A smaller model of the same kind: about a quarter of its parameters, or as much simpler."""

import math
from collections.abc import Mapping, Sequence

from apprenti.project import Choices, ModelSettings
from apprenti.tasks import CLASSIFICATION

LESS = 4
"""So many times fewer parameters."""

USUAL_LEAF: Mapping[str, int] = {
    "tree": 1,
    "forest": 1,
    "extra_trees": 2,
    "stochastic_boosting": 3,
    "boosting": 20,
}
"""The smallest leaf of each model of trees where `min_samples_leaf` is 0."""

LEAST_C = 1e-6


def smaller(choices: Choices, task: str, inputs: int | None = None) -> dict[str, object] | None:
    """Return the settings (full names) that make a model about four times smaller or simpler.

    None where there is nothing smaller. `inputs` is how many numbers a prepared row is, where that
    is known: it decides how much narrower the layers of a network become.
    """
    model, rows = choices.model, _training_rows(choices)
    found: dict[str, object] = {}
    if model.kind == "mlp":
        found = {"hidden_units": _narrower(model.hidden_units, inputs)}
    elif model.kind == "cnn":
        # Between two layers there are as many weights as the product of their sizes
        found = {"filters": _halved(model.filters), "hidden_units": _halved(model.hidden_units)}
    elif model.kind == "resnet":
        found = {"filters": _halved(model.filters)}
    elif model.kind in ("gru", "conv1d"):
        # Most of the weights are those of the words
        size = max(1, model.embedding_size // LESS)
        found = {"hidden_units": _halved(model.hidden_units), "embedding_size": size}
    elif model.kind in USUAL_LEAF:
        found = _fewer_leaves(model, rows)
    elif model.kind == "knn":
        found = {"n_neighbors": 3 * model.n_neighbors} if 3 * model.n_neighbors <= rows else {}
    elif _has_cost(choices, task) and model.C > LEAST_C:
        found = {"C": model.C / 10}
    now = model.model_dump()
    changed = {f"model.{name}": value for name, value in found.items() if value != now[name]}
    return changed or None


def _training_rows(choices: Choices) -> float:
    """Return how many rows a run learned from; infinite where only their share is known."""
    train = choices.data.split.train
    return train if isinstance(train, int) else math.inf


def _has_cost(choices: Choices, task: str) -> bool:
    """Say whether a model weighs its errors by C: a linear regression finds its own penalty."""
    of_classes = choices.train.framework == "sklearn" and task == CLASSIFICATION
    return choices.model.kind == "svm" or (choices.model.kind == "linear" and of_classes)


def _halved(sizes: Sequence[int]) -> tuple[int, ...]:
    return tuple(max(1, size // 2) for size in sizes)


def _narrower(units: Sequence[int], inputs: int | None) -> tuple[int, ...]:
    """Return layers all narrower by one factor, which leaves about a quarter of the weights."""
    if not units:
        return ()
    width = inputs or units[0]
    wanted = _weights(units, width) / LESS
    shares = (step / 100 for step in range(100 // LESS, 76))
    tried = [tuple(max(1, round(share * size)) for size in units) for share in shares]
    return min(tried, key=lambda sizes: abs(math.log(_weights(sizes, width) / wanted)))


def _weights(units: Sequence[int], inputs: int) -> int:
    """Return how many weights lead to the layers of a network, without their biases."""
    return sum(one * other for one, other in zip((inputs, *units), units, strict=False))


def _fewer_leaves(model: ModelSettings, rows: float) -> dict[str, object]:
    if model.kind == "tree":
        # Each level doubles the leaves; a limit that no tree reaches is none
        depth = min(model.max_depth, round(math.log2(rows)) if rows < math.inf else math.inf)
        return {"max_depth": int(depth) - 2} if depth > 2 else {}
    if model.kind in ("boosting", "stochastic_boosting"):
        return {"n_estimators": max(1, model.n_estimators // LESS)}
    leaf = LESS * (model.min_samples_leaf or USUAL_LEAF[model.kind])
    return {"min_samples_leaf": leaf} if 2 * leaf <= rows else {}
