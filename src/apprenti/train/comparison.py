"""The same run in both frameworks, beside a trivial model and a simple one."""

from collections.abc import Iterator

from apprenti import optional
from apprenti.model.catalogue import NETWORKS, RECIPES
from apprenti.project import Project, default

BASELINES = (("sklearn", "trivial"), ("sklearn", "linear"))


def contestants(project: Project, frameworks: tuple[str, ...] = NETWORKS) -> Iterator[Project]:
    """Yield the project as each contestant sees it: baselines first, then the model itself.

    A framework that is not installed is left out; whoever calls says so.
    """
    kind = project.choices.model.kind
    networks = [(f, kind) for f in frameworks if (f, kind) in RECIPES and optional.version(f)]
    # A model that only scikit-learn has is trained there
    if not any((framework, kind) in RECIPES for framework in NETWORKS):
        networks = [("sklearn", kind)]
    for framework, model in dict.fromkeys([*BASELINES, *networks]):
        yield variant(project, framework, model)


def variant(project: Project, framework: str, model: str) -> Project:
    """Return the project with another framework and model, and everything else the same.

    Only the cost of an error is not: chosen for another model, it would spoil a baseline.
    """
    choices = project.choices
    kind: dict[str, object] = {"kind": model}
    if model == "linear" and choices.model.kind != "linear":
        kind["C"] = default("model.C")
    changed = choices.model_copy(
        update={
            "train": choices.train.model_copy(update={"framework": framework}),
            "model": choices.model.model_copy(update=kind),
        }
    )
    return project._replace(choices=changed)
