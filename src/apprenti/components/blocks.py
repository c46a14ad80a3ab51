"""What a page is made of: plain data, which page.py writes as HTML and markdown.py as Markdown.

Everything here is text as it is meant to be read; whatever stands in it is escaped where it is
written, so that names with HTML, scripts or Markdown in them are names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

Tone = Literal["missing", "problem", "warning", "hint", "good", "info"]
"""What a notice is: said in a word too, never by its colour alone."""


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: ClassVar = "heading"


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    is_quiet: bool = False
    """Something to be known that need not be read first."""
    kind: ClassVar = "text"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    texts: Sequence[str]
    kind: ClassVar = "points"


@dataclass(frozen=True)
class Facts:
    """Names, each with what it is."""

    pairs: Sequence[tuple[str, str]]
    kind: ClassVar = "facts"


class Column(NamedTuple):
    """The head of a column of a table."""

    name: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names it."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    marked: Sequence[int] = ()
    """The places of the rows that stand out."""
    kind: ClassVar = "table"


@dataclass(frozen=True)
class Chart:
    """A drawing (SVG, as a chart of this package writes it) and the table of what it shows."""

    svg: str
    caption: str
    table: Table
    behind: str
    """What opens the table."""
    kind: ClassVar = "chart"


@dataclass(frozen=True)
class Notice:
    """Something that must be seen: what it is in a word, what is said, what can be done."""

    tone: Tone
    label: str
    text: str
    todo: str = ""
    commands: Sequence[str] = ()
    kind: ClassVar = "notice"


@dataclass(frozen=True)
class Code:
    """A program, or a command, as it stands."""

    text: str
    label: str
    kind: ClassVar = "code"


class Picture(NamedTuple):
    """A small picture inside the page."""

    png: bytes
    alternative: str
    caption: str


@dataclass(frozen=True)
class Pictures:
    """Small pictures side by side."""

    pictures: Sequence[Picture]
    kind: ClassVar = "pictures"


@dataclass(frozen=True)
class Folded:
    """What is only shown when somebody asks for it."""

    summary: str
    blocks: Sequence["Block"]
    kind: ClassVar = "folded"


Block = Heading | Text | Points | Facts | Table | Chart | Notice | Code | Pictures | Folded


class Section(NamedTuple):
    """A part of a page, to which the list of contents leads."""

    name: str
    """Its address inside the page: letters, digits and dashes."""
    title: str
    blocks: Sequence[Block]


class Page(NamedTuple):
    """A whole page."""

    title: str
    language: str
    contents: str
    """What the list of contents is called."""
    opening: Sequence[Block]
    sections: Sequence[Section]
    closing: str = ""
