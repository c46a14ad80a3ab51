"""The pages of docs/ that come with Apprenti, so that they can be read where there is no network.

A package that was built has them beside the texts; elsewhere they are in docs/.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from apprenti.language import TEXTS, current

DOCS = Path(__file__).parents[2] / "docs"
FINDINGS = {
    "en": {"findings.md": DOCS / "findings.md", "diagnosis.md": DOCS / "diagnosis.md"},
    "fr": {
        "findings.md": DOCS / "fr" / "constats.md",
        "diagnosis.md": DOCS / "fr" / "diagnostic.md",
    },
}
"""The pages with a section for each finding, under their names in the package."""

GLOSSARY = DOCS / "glossary.md"

HEADING = re.compile(r"^## +(\w+)\s*:\s*(.+)$")


class Term(NamedTuple):
    """A row of the glossary: the names of an idea, and what it means, in the user's language."""

    english: str
    french: str
    meaning: str

    @property
    def name(self) -> str:
        return self.french if current() == "fr" else self.english

    @property
    def names(self) -> list[str]:
        """What it may be asked for by: without what stands in brackets, and by that."""
        return [name for written in (self.english, self.french) for name in _names(written)]


def section(code: str) -> str:
    """Return what the pages of findings say of one of them, in Markdown; empty if nothing."""
    return _sections(current()).get(code, "")


def terms() -> list[Term]:
    """Return the glossary, with the meanings in the user's language."""
    place = {"en": 0, "fr": 1}[current()]
    rows = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in _read("glossary.md", GLOSSARY).partition("\n## ")[0].splitlines()
        if line.startswith("|")
    ]
    return [
        Term(english, french, meaning.split(" · ")[place])
        for english, french, meaning in (row for row in rows if len(row) == 3)
        if " · " in meaning and english != "English"
    ]


@cache
def _sections(language: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    pages = (_read(f"{language}/{name}", here) for name, here in FINDINGS[language].items())
    for line in "\n".join(pages).splitlines():
        if line.startswith("## "):
            heading = HEADING.match(line)
            lines = found.setdefault(heading[1] if heading else line, [])
        elif line.startswith("# "):
            lines = []
        else:
            lines.append(line)
    return {code: "\n".join(lines).strip() for code, lines in found.items()}


def _read(packaged: str, here: Path) -> str:
    there = TEXTS / packaged
    return (there if there.is_file() else here).read_text(encoding="utf-8")


def _names(written: str) -> Iterator[str]:
    for name in written.split(", "):
        bare, _, aside = name.partition(" (")
        yield bare
        # An abbreviation, or where the word is meant so: MLP, but not (training)
        if aside and aside.rstrip(")").isupper():
            yield aside.rstrip(")")
