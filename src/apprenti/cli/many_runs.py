"""Several runs one after the other, each with its own live bar; a stop keeps what is done."""

from collections.abc import Sequence

from apprenti.cli import show
from apprenti.language import say
from apprenti.project import Project
from apprenti.runs import Run
from apprenti.train import curves
from apprenti.train.one_run import Plan, plan, train


def train_all(projects: Sequence[Project], overridden: set[str]) -> list[Run]:
    """Plan every run before the first starts, so that what is wrong is said at once; then train.

    A setting given on the command line must have an effect in one of them at least.
    """
    from apprenti.errors import ApprentiError

    plans = [plan(project) for project in projects]
    for key in overridden:
        _check_effect(key, plans, ApprentiError)
    return [train_one(planned, project) for planned, project in zip(plans, projects, strict=True)]


def _check_effect(key: str, plans: Sequence[Plan], error: type[Exception]) -> None:
    from apprenti.train.one_run import flat_name, flat_settings

    name = flat_name(key)
    known = name in flat_settings(plans[0].choices, plans[0].source)
    if known and not any(name in planned.script.used_settings for planned in plans):
        kinds = {planned.choices.model.kind for planned in plans}
        frameworks = {planned.choices.train.framework for planned in plans}
        values = {"model": ", ".join(sorted(kinds)), "framework": ", ".join(sorted(frameworks))}
        raise error("no_effect", key=key, **values)


def train_one(planned: Plan, project: Project, time_limit: float | None = None) -> Run:
    """Train with a live bar and draw the curves beside the run."""
    choices = planned.choices
    with show.Live(run_label(choices.model.kind, choices.train.framework), choices.train.epochs) as live:
        run = train(planned, project.runs_folder, live, time_limit)
    curves.draw([run], run.curves)
    return run


def run_label(model: str, framework: str) -> str:
    """Return "multilayer perceptron, PyTorch" in the user's language."""
    return f"{show.model_name(model)}, {say(f'words.framework_{framework}')}"
