"""apprenti new: a project, with a commented apprenti.toml."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, complete_column, complete_source, from_here
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.data.source import Source
    from apprenti.project import Project


def complete_task(incomplete: str) -> list[str]:
    from apprenti.tasks import CLASSIFICATION, REGRESSION

    return [name for name in (CLASSIFICATION, REGRESSION) if name.startswith(incomplete)]


def _option(name: str, metavar: str, complete: Any) -> Any:
    return typer.Option(help=say(f"cli.new.{name}"), metavar=metavar, autocompletion=complete)


Target = Annotated[str, _option("target", "COLUMN", complete_column)]
Task = Annotated[str, _option("task", "TASK", complete_task)]


def run(
    directory: Annotated[Path, typer.Argument(help=say("cli.new.dir"), metavar="DIR")],
    data: Annotated[
        str,
        typer.Option(help=say("cli.new.data"), metavar="SOURCE", autocompletion=complete_source),
    ],
    target: Target = "",
    task: Task = "",
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help=say("cli.new.skip_broken"))
    ] = False,
    download: Annotated[bool, typer.Option("--download", help=say("cli.new.download"))] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show, show_data
    from apprenti.data.fetch import addresses
    from apprenti.data.findings import look_at_files, words
    from apprenti.findings import by_gravity
    from apprenti.new import starting_values
    from apprenti.new.template import create, next_step, refuse_project
    from apprenti.standing import serious

    if download:
        refuse_project(directory)
        with show.downloading() as tell:
            addresses.download(data, directory, tell)
        show_data.origin(show.console(stderr=True), data, directory)
    project, source = create(directory, data, target or None, task or None, skip_broken)
    from_here(directory)
    wrong = serious(directory)
    found = by_gravity([*wrong, *(one for one in look_at_files(source) if not one.is_serious)])
    facts = {"rows": source.rows, "shape": list(source.shape), "classes": source.classes}
    if as_json:
        told: dict[str, Any] = {"model": starting_values.model(source)._asdict()}
        told["findings"] = [words.as_json(finding) for finding in found]
        where = {"project": str(directory), "source": project.choices.data.source}
        sizes = {"rows": source.rows, "shape": source.shape, "class_count": source.classes or None}
        show.print_json({**where, **sizes, **told})
        return
    _tell(show.console(), directory, data, project, source, facts)
    if found:
        show_data.findings(show.console(), found, project=directory)
    show.tell(show.console(), next_step(directory))


def _tell(
    out: "Console",
    directory: Path,
    data: str,
    project: "Project",
    source: "Source",
    facts: dict[str, Any],
) -> None:
    """Print what the project is made of, and how its rows are split."""
    from apprenti.cli import show
    from apprenti.data.split.parts import counts
    from apprenti.new import starting_values

    facts["shape"] = " × ".join(str(size) for size in source.shape)
    of_columns = source.table and not source.contents
    key = f"made_{source.task}" if of_columns else "made" if source.classes else "made_numbers"
    facts |= {"columns": source.shape[0], "target": project.choices.data.target}
    show.tell(out, say(f"new.{key}", folder=directory, source=data, **facts))
    for remark in source.table.remarks if source.table else ():
        show.tell(out, f"· {remark.told()}")
    if source.table and (texts := source.table.columns.texts):
        show.tell(out, f"· {say('new.texts_beside', names=', '.join(texts))}")
    if not source.has_test_part:
        parts = counts(project.choices.data.split, source.rows)
        show.tell(out, say("data.parts_random", **parts))
    model = starting_values.model(source)
    values = {"model": show.model_name(model.kind, source.task), "few": starting_values.FEW_TEXTS}
    show.tell(out, say(f"new.model_{model.reason}", **values))
