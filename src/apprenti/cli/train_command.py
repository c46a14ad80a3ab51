"""apprenti train: one run, from the settings or a script, or the rest of a stopped one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from apprenti.cli.options import (
    Assignments,
    Framework,
    Json,
    Lang,
    ProjectFolder,
    TimeLimit,
    check_framework,
    complete_run,
    read_assignments,
)
from apprenti.language import say


def run(
    script: Annotated[
        Path | None,
        typer.Argument(help=say("cli.train.script"), metavar="SCRIPT", show_default=False),
    ] = None,
    framework: Framework = "",
    assignments: Assignments = None,
    resume: Annotated[
        str, typer.Option(help=say("cli.train.resume"), metavar="RUN", autocompletion=complete_run)
    ] = "",
    time_limit: TimeLimit = 0,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.model.catalogue import FRAMEWORKS
    from apprenti.project import load

    check_framework(framework, FRAMEWORKS)
    overrides = read_assignments(assignments)
    if framework:
        overrides["train.framework"] = framework
    if overrides and (resume or script):
        raise ApprentiError("settings_fixed", key=", ".join(overrides))
    loaded = load(project, overrides)
    with runs.lock(loaded.runs_folder):
        made = _train(loaded, script, resume, set(overrides), time_limit or None)
    if as_json:
        show.print_json({"runs": [runs.summary(made)]})
        return
    out = show.console()
    out.print(show.runs_table([runs.summary(made)], made.name))
    if made.status == runs.INTERRUPTED:
        show.tell(out, say("runs.resume", name=made.name))
    show.tell(out, say("train.done", folder=made.folder, name=made.name))


def _train(
    project: Any, script: Path | None, resume: str, overridden: set[str], limit: float | None
) -> Any:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.cli.many_runs import run_label, tell_changes, train_one
    from apprenti.train import one_run
    from apprenti.train.plan import plan

    if script:
        with show.Live(script.name, 1) as live:
            return one_run.train_script(script, project, live, limit)
    if resume:
        stopped = runs.find(project.runs_folder, resume)
        epochs = stopped.choices["train"].get("epochs", 1)
        with show.Live(run_label(stopped.model, stopped.framework), epochs) as live:
            return one_run.resume(stopped, project, live, limit)
    planned = plan(project, overridden)
    tell_changes(planned, project)
    return train_one(planned, project, limit)
