"""One change that is worth trying after a run: of a setting that its script uses."""

from collections.abc import Mapping
from typing import Any

from apprenti.runs import Run

SETTINGS: Mapping[str, tuple[str, float, float]] = {
    "tree": ("max_depth", 3, 12),
    "forest": ("n_estimators", 300, 100),
    "extra_trees": ("n_estimators", 300, 100),
    "boosting": ("shrinkage", 0.03, 0.1),
    "stochastic_boosting": ("shrinkage", 0.03, 0.1),
    "svm": ("C", 10, 1),
    "knn": ("n_neighbors", 15, 5),
}
"""For each model of scikit-learn that is trained in one call: a setting, the value to try, and the
one to try where the run had that."""

OF_NETWORKS = ("learning_rate", 0.01, 0.001)


def next_change(run: Run) -> str:
    """Return the change as it is given to --set: learning_rate=0.01."""
    if run.model not in SETTINGS and run.framework == "sklearn" and run.model != "mlp":
        # Nothing can be set in the simple models: another one is the change
        return "kind=forest"
    name, value, other = SETTINGS.get(run.model, OF_NETWORKS)
    chosen: dict[str, Any] = {**run.choices.get("model", {}), **run.choices.get("train", {})}
    return f"{name}={other if chosen.get(name) == value else value:g}"
