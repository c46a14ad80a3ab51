"""One change that is worth trying after a run: of a setting that its script uses."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from apprenti import project as projects
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import MODELS
from apprenti.run_settings import settings_of, short_name
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

EPOCHS = (5, 10, 20, 50, 100, 200, 500, 1000)

WORTH_IT = 0.97
"""Where the last fifth of the epochs brought the loss below this share, others will too."""


def next_change(run: Run) -> str:
    """Return the change as it is given to --set: learning_rate=0.01."""
    if run.model not in SETTINGS and run.framework == "sklearn" and run.model != "mlp":
        # Nothing can be set in the simple models: another one is the change
        return "kind=forest"
    if run.model not in SETTINGS and (more := _more_epochs(run)):
        return f"epochs={more}"
    name, value, other = SETTINGS.get(run.model, OF_NETWORKS)
    chosen: dict[str, Any] = {**run.choices.get("model", {}), **run.choices.get("train", {})}
    return f"{name}={other if chosen.get(name) == value else value:g}"


def words_to_try(run: Run) -> list[str]:
    """Return the command that trains with that change, and else as the run was made."""
    return words_with(run, next_change(run))


def words_with(run: Run, change: str) -> list[str]:
    """Return the command that trains with a change (epochs=20), and else as the run was made."""
    words = ["train"]
    with contextlib.suppress(ApprentiError):
        # The run may have had another model than the settings of its project ask for
        project = projects.load(run.folder.parents[1]).choices
        if run.framework != project.train.framework:
            words += ["--framework", run.framework]
        another = run.model in MODELS and run.model != project.model.kind
        if another and not change.startswith("kind="):
            words += ["--set", f"kind={run.model}"]
    return [*words, "--set", change]


def words_again(run: Run) -> list[str]:
    """Return the command that trains again as a run was trained, with the data as they are now."""
    project = projects.load(run.folder.parents[1]).choices
    asked = {s.key: projects.value_of(project, s.key) for s in projects.settings()}
    words = ["train"]
    if run.framework != asked["train.framework"]:
        words += ["--framework", run.framework]
    for key, value in settings_of(run).items():
        told = key.startswith(("model.", "train.")) or key == "data.split.seed"
        there = asked.get(key, value)
        there = list(there) if isinstance(there, tuple) else there
        if told and key != "train.framework" and value != there:
            words += [
                "--set",
                f"{short_name(key)}={value if isinstance(value, str) else json.dumps(value)}",
            ]
    return words


def _more_epochs(run: Run) -> int | None:
    """Return how many epochs to try where the validation loss was still falling at the end."""
    losses = [row["valid_loss"] for row in run.history if "valid_loss" in row]
    if len(losses) < 2 or losses[-1] > min(losses):
        return None
    before = losses[min(len(losses) * 4 // 5, len(losses) - 1) - 1]
    if not losses[-1] < WORTH_IT * before:
        return None
    return next((number for number in EPOCHS if number >= 2 * len(losses)), None)
