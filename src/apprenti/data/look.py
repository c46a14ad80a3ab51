"""What `apprenti data` finds out: data described, drawn, and what is wrong with them, in two files.

Nothing is printed here: whoever asks, a command, a page or a notebook, shows it in its own way.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data import findings, kept, last_look
from apprenti.data.describe import examples, samples
from apprenti.data.describe import picture as pictures
from apprenti.data.describe.description import describe
from apprenti.data.findings import Evidence, words
from apprenti.data.source import Source, Table, open_source
from apprenti.data.split.parts import parts_of
from apprenti.data.split.sharing import sharing
from apprenti.errors import ApprentiError, nearest
from apprenti.findings import Finding
from apprenti.project import Choices, DataSettings
from apprenti.writing import plain

PICTURE = "data.png"


class Looked(NamedTuple):
    """What was found out."""

    facts: dict[str, Any]
    """What data.json says."""
    findings: list[Finding]
    files: tuple[Path, ...]
    """Those that were written: data.json, and the picture where one was drawn."""


class Seen(NamedTuple):
    """What is known of the rows, by the way they were looked at."""

    facts: Mapping[str, Any]
    findings: list[Finding]
    is_drawn: bool


def look(
    folder: Path, choices: Choices, picture: bool = True, read_as: Iterable[str] = ()
) -> Looked:
    """Describe the data of a project, and write data.json and a picture into its folder.

    `read_as` says how columns are read from now on ("day=date %d/%m/%Y", see
    `apprenti.data.kept.parse`). Raises ApprentiError for data that no run could be made from.
    """
    source = open_source(choices.data, folder, accept=True)
    if read_as:
        source = _read_otherwise(source, choices.data, folder, read_as)
    drawn = folder / PICTURE if picture else None
    if source.table and not source.table.columns.image:
        seen = _look_at_table(source.table, choices.data, drawn)
    else:
        seen = _look_at_rows(source, choices.data, drawn)
    facts: dict[str, Any] = plain(
        {
            "source": choices.data.source,
            "kind": source.kind,
            "task": source.task,
            "picture": PICTURE if seen.is_drawn else None,
            **seen.facts,
        }
    )
    facts[last_look.LOOKED_AT] = last_look.looked_at(source, choices.data, folder)
    last_look.write(facts, folder)
    names = (last_look.FILE, PICTURE) if seen.is_drawn else (last_look.FILE,)
    return Looked(facts, seen.findings, tuple(folder / name for name in names))


def glance(source: Source, data: DataSettings, folder: Path, keep: bool = True) -> list[Finding]:
    """Return what is grave in the data of a project, and `keep` it beside what `look` has seen.

    Of data that are no table, that is what of their files is not read.
    """
    table = source.table
    if table and not table.columns.image:
        parts = parts_of(table, data.split, data)
        evidence = Evidence(table.frame, table.columns, table.task, parts, data.time)
        found = findings.look(evidence, findings.GRAVE)
    else:
        found = findings.look_at_files(source)
    if keep:
        known = last_look.looked_at(source, data, folder)
        facts = plain({"findings": _in_words(found), last_look.LOOKED_AT: known})
        last_look.write(facts, folder, last_look.GLANCE)
    return found


def _read_otherwise(
    source: Source, data: DataSettings, folder: Path, read_as: Iterable[str]
) -> Source:
    """Keep that columns are read otherwise, and return the data so; what cannot be is not kept."""
    if source.table is None:
        raise ApprentiError("not_for_this_source", settings="--as", source=data.source)
    before = kept.read(folder) or {}
    after = dict(before)
    for name, written in map(kept.parse, read_as):
        if name not in source.table.columns.written:
            near = nearest(name, source.table.columns.written)
            raise ApprentiError("no_column", name=name, nearest=near)
        after.pop(name, None)
        if written is not None:
            after[name] = written
    kept.write(folder, after, data.source)
    try:
        return open_source(data, folder, accept=True)
    except ApprentiError:
        kept.write(folder, before, data.source)
        raise


def _look_at_table(table: Table, data: DataSettings, drawn: Path | None) -> Seen:
    parts = parts_of(table, data.split, data)
    description = describe(table, parts)
    shared = sharing(table, parts, data)
    evidence = Evidence(table.frame, table.columns, table.task, parts, data.time, sharing=shared)
    told = evidence._replace(remarks=table.remarks, task_chosen=data.task is not None)
    found = findings.look(told)
    if drawn:
        pictures.draw(table, description, drawn, parts)
    facts = {**description.as_json(), "findings": _in_words(found), "rows_in_all": table.rows}
    facts["split"] = shared.as_json()
    return Seen(facts, found, drawn is not None)


def _look_at_rows(source: Source, data: DataSettings, drawn: Path | None) -> Seen:
    every = samples.read(source, data)
    rows, test_rows = samples.without_test(every)
    table = source.table
    shared = sharing(table, parts_of(table, data.split, data), data) if table else None
    found = findings.look_at_rows(every, source.task, table, source.passed_over, shared)
    are_images = examples.are_images(source.shape)
    if drawn and are_images:
        examples.draw(rows, drawn, source.task)
    facts = {
        "rows": len(rows.labels),
        "test_rows": test_rows,
        "shape": source.shape,
        **samples.answers(rows, source.task),
        "findings": _in_words(found),
    }
    return Seen(facts, found, drawn is not None and are_images)


def _in_words(found: list[Finding]) -> list[dict[str, Any]]:
    return [words.as_json(finding) for finding in found]
