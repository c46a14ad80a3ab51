"""The report: one page by which a sceptical colleague can judge a project."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from apprenti import __version__
from apprenti.command_line import elsewhere
from apprenti.components.blocks import Block, Page, Section
from apprenti.components.page import render
from apprenti.errors import ApprentiError
from apprenti.language import current
from apprenti.project import Project
from apprenti.report import opening
from apprenti.report.sections import (
    data,
    diagnosis,
    evaluation,
    goal,
    models,
    reproduction,
    split,
    training,
)
from apprenti.report.seen import Seen, choose
from apprenti.report.written import told
from apprenti.runs import Run
from apprenti.writing import save

FILE, PDF, CARD = "report.html", "report.pdf", "model-card.md"

MARK = '<meta name="generator" content="Apprenti">'
"""By which a report is known again, so that nothing else is overwritten."""

SECTIONS: tuple[ModuleType, ...] = (
    goal,
    data,
    split,
    models,
    training,
    diagnosis,
    evaluation,
    reproduction,
)


class Written(NamedTuple):
    """What was written, and about which run."""

    run: Run | None
    files: tuple[Path, ...]
    missing: tuple[str, ...]
    """The names of the sections that lack something."""


def page(seen: Seen, now: datetime | None = None) -> Page:
    """Return the report as plain data, in the language of the moment."""
    with as_in_the_project():
        sections = [
            Section(name_of(one), told(f"section.{name_of(one)}"), list(_blocks(one, seen)))
            for one in SECTIONS
        ]
        return Page(
            told("title", name=seen.name),
            current(),
            told("contents"),
            [*opening.blocks(seen, sections)],
            sections,
            told("made", version=__version__, at=(now or datetime.now(UTC)).isoformat()),
        )


def name_of(section: ModuleType) -> str:
    return section.__name__.rpartition(".")[2]


def _blocks(section: ModuleType, seen: Seen) -> Iterator[Block]:
    """Yield the blocks of a section; what cannot be read is said where it would stand."""
    try:
        yield from section.blocks(seen)
    except ApprentiError as error:
        yield diagnosis.in_parts(error)


@contextlib.contextmanager
def as_in_the_project() -> Iterator[None]:
    """Write commands as they are given in the folder of the project, wherever we are."""
    before = elsewhere.set("")
    try:
        yield
    finally:
        elsewhere.reset(before)


def write(project: Project, path: Path | None = None, wanted: str = "") -> Written:
    """Write the report of a project as one HTML file, whole or not at all."""
    seen = Seen(project, choose(project, wanted))
    made = page(seen)
    where = path or project.folder / FILE
    save(where, render(made))
    lacking = tuple(one.name for one in made.sections if opening.lacks(one.blocks))
    return Written(seen.run, (where,), lacking)
