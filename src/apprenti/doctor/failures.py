"""The failures that people search for, recognised by what they print."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("failures.toml")

LONGEST = 400_000
"""Characters of a text that are read: its beginning and its end, one half each."""


@dataclass(frozen=True)
class Failure:
    """One row of failures.toml; `source` says where the failure is described."""

    id: str
    patterns: tuple[re.Pattern[str], ...]
    tight: tuple[re.Pattern[str], ...]
    """The patterns without their spaces, for texts that a terminal has broken within a word."""
    lines: tuple[re.Pattern[str], ...]
    """Patterns for a text with its lines, each to be found after the one before it."""
    source: str
    cure: str = ""
    """A function of cures.py; empty where no command mends it."""
    requirement: str = ""
    """What pip installs where packages do not go together and none is seen to be wrong."""


@cache
def failures() -> tuple[Failure, ...]:
    """Return all rows, those that say the most first."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["failure"]
    return tuple(
        Failure(
            row["id"],
            tuple(_compiled(pattern) for pattern in row.get("patterns", ())),
            tuple(_compiled(SPACES.sub("", pattern)) for pattern in row.get("patterns", ())),
            tuple(re.compile(pattern, re.I | re.M) for pattern in row.get("lines", ())),
            row["source"],
            row.get("cure", ""),
            row.get("requirement", ""),
        )
        for row in rows
    )


def failure_named(id: str) -> Failure | None:
    """Return the failure of this id, None where it is not in the file."""
    return next((failure for failure in failures() if failure.id == id), None)


SPACES = re.compile(" [?*]?")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def recognise(text: str) -> list[str]:
    """Return the ids of the failures that a text shows, the most specific first.

    An id itself ("F14") is taken at its word. The text may come with colours, frames, another kind
    of quotation marks, and lines broken anywhere.
    """
    ids = [failure.id for failure in failures()]
    if text.strip().upper() in ids:
        return [text.strip().upper()]
    lines = plain(text)
    flat = " ".join(lines.split())
    tight = "".join(lines.split())
    return [
        failure.id
        for failure in failures()
        if any(pattern.search(flat) for pattern in failure.patterns)
        or _in_order(failure.lines, lines)
        or any(pattern.search(tight) for pattern in failure.tight)
    ]


def _in_order(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    """Is each of the patterns found behind the one before it?"""
    position = 0
    for pattern in patterns:
        found = pattern.search(text, position)
        if not found:
            return False
        position = found.end()
    return bool(patterns)


COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
FRAMES = re.compile(r"[\u2500-\u257f\u200b]|^[>|]\s?", re.MULTILINE)
QUOTES = str.maketrans({**dict.fromkeys("’‘`´“”«»'", '"'), "…": "...", "\r": "\n"})


def plain(text: str) -> str:
    """Return a text without colours and frames, with one kind of quotation marks."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    text = FRAMES.sub("", COLOURS.sub("", text)).translate(QUOTES)
    return text.replace("\\\\", "\\")
