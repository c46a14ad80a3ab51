"""A page written whole: one file that asks nobody for anything, and in which nothing runs.

The templates escape whatever they are filled with; the style is inside the page, known to its own
security policy by its hash, which forbids scripts, requests, frames and forms.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.components.blocks import Page
from apprenti.printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment, Template

TEMPLATES = Path(__file__).parent / "templates"

LONGEST = 2000
"""Letters of a text that is no code: a name from outside could fill a page of its own."""


def render(page: Page) -> str:
    """Return a page as HTML."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return template("page.html").render(page=page, style=style, policy=policy)


def template(name: str) -> "Template":
    """Return one of the templates, ready to be filled."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["as_picture"] = _as_picture
    made.filters["whole"] = lambda value: _Whole(printable(str(value)))
    return made


def _shown(value: Any) -> Any:
    """Return what fills a place: a text from outside turns no line round and fills no page."""
    if type(value) is not str:
        return value
    return printable(value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…")


class _Whole(str):
    """A text that is of use as a whole alone: code, a picture, the points of a drawing."""

    __slots__ = ()


def _as_picture(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
