"""The report: one page by which a sceptical colleague can judge a project."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from apprenti import __version__
from apprenti.command_line import elsewhere
from apprenti.components import markdown
from apprenti.components.blocks import Block, Page, Section
from apprenti.components.page import render
from apprenti.errors import ApprentiError
from apprenti.evaluate.run_data import opened_once
from apprenti.language import current
from apprenti.project import Project
from apprenti.report import card as model_card
from apprenti.report import opening
from apprenti.report import pdf as printed
from apprenti.report.sections import (
    checklist,
    data,
    diagnosis,
    evaluation,
    explanations,
    fairness,
    goal,
    ledger,
    models,
    reproduction,
    split,
    training,
)
from apprenti.report.seen import Seen, choose
from apprenti.report.written import told
from apprenti.run_files import beginning
from apprenti.runs import Run
from apprenti.writing import save

FILE, CARD = "report.html", "model-card.md"
KINDS_OF = ("page", "pdf", "card")
KINDS = {".html": "page", ".htm": "page", ".pdf": "pdf", ".md": "card"}

MARK, CARD_MARK = '<meta name="generator" content="Apprenti">', "<!-- Apprenti -->"
"""By which a report is known again, so that nothing else is overwritten."""

MOST_BYTES = 100_000_000

SECTIONS: tuple[ModuleType, ...] = (
    goal,
    data,
    split,
    models,
    training,
    diagnosis,
    evaluation,
    explanations,
    fairness,
    ledger,
    checklist,
    reproduction,
)


class Written(NamedTuple):
    """What was written, and about which run."""

    run: Run | None
    files: Mapping[str, Path]
    """By what they are: page, pdf, card."""
    missing: Sequence[str]
    """The names of the sections that lack something."""

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run.name if self.run else None,
            "number": self.run.number if self.run else None,
            **{kind: str(self.files[kind]) if kind in self.files else None for kind in KINDS_OF},
            "missing": [*self.missing],
        }


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


@opened_once()
def write(
    project: Project,
    out: Path | None = None,
    wanted: str = "",
    *,
    pdf: bool = False,
    card: bool = False,
) -> Written:
    """Write the report of a project, and beside it its PDF and the model card, if asked for.

    `out` is the file: a page (.html), or by its ending the PDF or the card alone. Each is written
    whole or not at all; a file that is no report is not overwritten.
    """
    files = targets(project.folder, out, pdf, card)
    for path in files.values():
        _refuse_other(path)
    seen = Seen(project, choose(project, wanted))
    made = page(seen)
    html = render(made)
    lacking = [one.name for one in made.sections if opening.lacks(one.blocks)]
    written = Written(seen.run, {}, lacking)
    for kind, path in files.items():
        try:
            _write(kind, path, html, seen)
        except ApprentiError as error:
            error.reached = written.as_json()
            raise
        written = written._replace(files={**written.files, kind: path})
    return written


def targets(folder: Path, out: Path | None, pdf: bool, card: bool) -> dict[str, Path]:
    """Return which files are wanted, by what they are: page, pdf, card."""
    main = folder / FILE if out is None else out
    kind = KINDS.get(main.suffix.lower())
    if kind is None:
        raise ApprentiError("report_name", path=main)
    files = {kind: main}
    if pdf:
        files.setdefault("pdf", main.with_suffix(".pdf"))
    if card:
        files.setdefault("card", main.with_name(CARD) if out is None else main.with_suffix(".md"))
    return files


def _write(kind: str, path: Path, html: str, seen: Seen) -> None:
    if kind == "page":
        save(path, html)
    elif kind == "pdf":
        printed.write(html, path)
    else:
        with as_in_the_project():
            save(path, f"{markdown.render(model_card.page(seen))}\n{CARD_MARK}\n")


def _refuse_other(path: Path) -> None:
    """Refuse to overwrite what is no report of ours."""
    content = beginning(path, MOST_BYTES)
    is_ours = MARK.encode() in content or content.endswith(
        (f"{CARD_MARK}\n".encode(), printed.MARK)
    )
    if path.exists() and content and not is_ours:
        raise ApprentiError("file_exists", path=path)
