"""Several runs one after the other, each with its own live bar; a stop keeps what is done."""

from collections.abc import Sequence

from apprenti.cli import show
from apprenti.data.sources import open_source
from apprenti.language import say
from apprenti.project import Project
from apprenti.runs import Run, all_runs
from apprenti.train.one_run import train
from apprenti.train.plan import Plan, check_effects, plan


def train_all(projects: Sequence[Project], overridden: set[str]) -> list[Run]:
    """Plan every run before the first starts, so that what is wrong is said at once; then train.

    A setting given on the command line must have an effect in one of them at least.
    """
    # All learn from the same data: they are read once
    source = open_source(projects[0].choices.data, projects[0].folder)
    first = plan(projects[0], source=source)
    others = [plan(project, source=source, shares=first.shares) for project in projects[1:]]
    plans = [first, *others]
    check_effects(overridden, plans)
    tell_changes(plans[0], projects[0])
    return [train_one(planned, project) for planned, project in zip(plans, projects, strict=True)]


def tell_changes(planned: Plan, project: Project) -> None:
    """Say if the data are no longer those that the latest run learned from."""
    before = all_runs(project.runs_folder)[-1:]
    known = before[0].environment.get("hashes", {}).get("data", {}) if before else {}
    for name, now in planned.source.hashes.items():
        if known.get(name, now) != now:
            words = say("train.data_changed", name=name, run=before[0].name)
            show.tell(show.console(stderr=True), words, style="yellow")


def train_one(planned: Plan, project: Project, time_limit: float | None = None) -> Run:
    """Train with a live bar."""
    choices = planned.choices
    label = run_label(choices.model.kind, choices.train.framework, planned.source.task)
    with show.Live(label, choices.train.epochs) as live:
        return train(planned, project.runs_folder, live, time_limit)


def run_label(model: str, framework: str, task: str | None = None) -> str:
    """Return "logistic regression, scikit-learn" in the user's language."""
    return f"{show.model_name(model, task)}, {say(f'words.framework_{framework}')}"
