"""Several runs one after the other, each with its own live bar; a stop keeps what is done."""

from collections.abc import Sequence

from apprenti.cli import show
from apprenti.language import say
from apprenti.project import Project
from apprenti.runs import Run
from apprenti.train.one_run import train
from apprenti.train.plan import Plan, check_effects, plan


def train_all(projects: Sequence[Project], overridden: set[str]) -> list[Run]:
    """Plan every run before the first starts, so that what is wrong is said at once; then train.

    A setting given on the command line must have an effect in one of them at least.
    """
    plans = [plan(project) for project in projects]
    check_effects(overridden, plans)
    return [train_one(planned, project) for planned, project in zip(plans, projects, strict=True)]


def train_one(planned: Plan, project: Project, time_limit: float | None = None) -> Run:
    """Train with a live bar."""
    choices = planned.choices
    label = run_label(choices.model.kind, choices.train.framework, planned.source.task)
    with show.Live(label, choices.train.epochs) as live:
        return train(planned, project.runs_folder, live, time_limit)


def run_label(model: str, framework: str, task: str | None = None) -> str:
    """Return "logistic regression, scikit-learn" in the user's language."""
    return f"{show.model_name(model, task)}, {say(f'words.framework_{framework}')}"
