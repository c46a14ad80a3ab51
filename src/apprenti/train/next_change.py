"""One change that is worth trying after a run: of a setting that its script uses."""

import contextlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from apprenti import project as projects
from apprenti.errors import ApprentiError
from apprenti.language import current, subject
from apprenti.run_settings import is_own_script, settings_of, short_name
from apprenti.runs import RECIPE, Run
from apprenti.train import recipe
from apprenti.train.flat_settings import flat_name

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

KEPT = 100
"""Runs of which it is remembered what their scripts use."""

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
    name = change.partition("=")[0]
    words = ["train"]
    with contextlib.suppress(ApprentiError):
        words = _without(words_again(run), name)
    return [*words, "--set", change]


def _without(words: list[str], name: str) -> list[str]:
    """Return a command without the settings that a change leaves no room for.

    Another kind of model has other settings, and the one that is changed is given once.
    """
    kept = words[: words.index("--set")] if "--set" in words else words
    if name == "kind":
        return kept
    given = words[len(kept) + 1 :: 2]
    others = [one for one in given if one.partition("=")[0] != name]
    return [*kept, *(word for one in others for word in ("--set", one))]


def words_again(run: Run) -> list[str]:
    """Return the command that trains again as a run was trained, with the data as they are now.

    Raises ApprentiError where its project cannot be read.
    """
    project = projects.load(run.folder.parents[1]).choices
    words = ["train"]
    if run.framework != project.train.framework:
        words += ["--framework", run.framework]
    for key, value in _otherwise(run, project).items():
        written = value if isinstance(value, str) else json.dumps(value)
        words += ["--set", f"{short_name(key)}={written}"]
    return words


def _otherwise(run: Run, project: projects.Choices) -> dict[str, Any]:
    """Return the settings of a run, of those that its script uses, that its project has not."""
    if is_own_script(run):
        return {}
    asked = {one.key: projects.value_of(project, one.key) for one in projects.settings()}
    found = {}
    for key, value in settings_of(run).items():
        told = key.startswith(("model.", "train.")) or key == "data.split.seed"
        there = asked.get(key, value)
        there = list(there) if isinstance(there, tuple) else there
        if told and key != "train.framework" and value != there:
            found[key] = value
    used = _used(run, _stamp(run)) if found.keys() - {"model.kind"} else None
    return {
        key: value
        for key, value in found.items()
        if key == "model.kind" or used is None or flat_name(key) in used
    }


def _stamp(run: Run) -> int:
    """Return when what the scripts of a run were made from was written."""
    path = run.folder / RECIPE
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(KEPT)
def _used(run: Run, stamp: int) -> frozenset[str] | None:
    """Return what the script of a run uses, under flat names; None where nobody knows.

    Where a run does not say it, its script is assembled again.
    """
    from apprenti.script.assemble import assemble
    from apprenti.train.plan import BLOCKS

    try:
        if (known := recipe.used(run)) is not None:
            return known
        material, settings = recipe.read(run)
        blocks = BLOCKS["train"](run.framework, run.model, material)
        script = assemble(blocks, settings, "", words=subject("script", current())["words"])
    except ApprentiError:
        return None
    return frozenset(script.used_settings)


def _more_epochs(run: Run) -> int | None:
    """Return how many epochs to try where the validation loss was still falling at the end."""
    losses = [row["valid_loss"] for row in run.history if "valid_loss" in row]
    if len(losses) < 2 or losses[-1] > min(losses):
        return None
    before = losses[min(len(losses) * 4 // 5, len(losses) - 1) - 1]
    if not losses[-1] < WORTH_IT * before:
        return None
    return next((number for number in EPOCHS if number >= 2 * len(losses)), None)
