"""apprenti data: describes the data of a project, and says what is wrong with them."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder
from apprenti.language import say

PICTURE, FACTS = "data.png", "data.json"


def run(
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.data.picture"))
    ] = True,
    download: Annotated[bool, typer.Option("--download", help=say("cli.data.download"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs
    from apprenti.cli import show, show_data
    from apprenti.data import addresses
    from apprenti.data.sources import open_source
    from apprenti.project import load

    loaded = load(project)
    if download:
        with show.downloading() as tell:
            addresses.download(loaded.choices.data.source, loaded.folder, tell)
        show_data.origin(show.console(stderr=True), loaded.choices.data.source, loaded.folder)
    source = open_source(loaded.choices.data, loaded.folder)
    of_columns = source.table and not source.table.columns.image
    look = _look_at_table if of_columns else _look_at_rows
    facts, findings = look(source, loaded, picture)
    text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
    runs.save(loaded.folder / FACTS, text + "\n")
    if as_json:
        show.print_json(facts)
        return
    out = show.console()
    show_data.facts(out, facts)
    show_data.findings(out, findings)
    for name in (FACTS, *([PICTURE] if facts["picture"] else [])):
        out.print(f"  {loaded.folder / name}", markup=False)


def _look_at_table(source: Any, project: Any, picture: bool) -> tuple[dict[str, Any], list[Any]]:
    from apprenti.cli import show
    from apprenti.data import picture as pictures
    from apprenti.data.description import describe
    from apprenti.data.findings import Evidence, look
    from apprenti.data.split import parts_of

    table, choices = source.table, project.choices.data
    parts = parts_of(table, choices.split, choices)
    description = describe(table, parts)
    found = look(Evidence(table.frame, table.columns, table.task, parts, choices.time))
    if picture:
        pictures.draw(table, description, project.folder / PICTURE, parts)
    facts = {**_about(source, choices, picture), **description.as_json(), **_findings(found)}
    facts["rows_in_all"] = table.rows
    return show.plain(facts), found


def _look_at_rows(source: Any, project: Any, picture: bool) -> tuple[dict[str, Any], list[Any]]:
    from apprenti.cli import show
    from apprenti.data import samples
    from apprenti.data.findings import look_at_rows

    every = samples.read(source, project.choices.data)
    rows, test_rows = samples.without_test(every)
    found = look_at_rows(every, source.task, source.table)
    drawn = picture and samples.are_images(source.shape)
    if drawn:
        samples.draw(rows, project.folder / PICTURE, source.task)
    facts = {
        **_about(source, project.choices.data, drawn),
        "rows": len(rows.labels),
        "test_rows": test_rows,
        "shape": source.shape,
        **samples.answers(rows, source.task),
        **_findings(found),
    }
    return show.plain(facts), found


def _about(source: Any, choices: Any, drawn: bool) -> dict[str, Any]:
    facts = {"source": choices.source, "kind": source.kind, "task": source.task}
    return {**facts, "picture": PICTURE if drawn else None}


def _findings(found: list[Any]) -> dict[str, Any]:
    from apprenti.data.findings import words

    return {
        "findings": [
            {**finding._asdict(), "what": words.what(finding), "todo": words.todo(finding)}
            for finding in found
        ]
    }
