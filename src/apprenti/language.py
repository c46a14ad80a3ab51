"""The words the user sees, in French or in English.

Every sentence lives in texts/<language>/*.toml, one file a package. `say("runs.none")` is the entry
`none` of runs.toml. What may go wrong stands in the table `errors` of each file; no two errors have
the same name, and `message("no_runs.what")` finds one wherever it is. Both languages have the same
entries with the same places to fill: tests check it.
"""

import contextlib
import os
import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from apprenti.command_line import filled
from apprenti.printable import printable

LANGUAGES = ("fr", "en")
TEXTS = Path(__file__).parent / "texts"

_chosen: ContextVar[str | None] = ContextVar("language", default=None)
"""One for each context: of two who are served at once, each is answered in his own language."""


def choose(language: str | None) -> None:
    """Use this language from now on; None follows APPRENTI_LANG, then the system, then French.

    A thread that is begun afterwards does not know of it, unless it runs in a copy of the context.
    """
    _chosen.set(language if language in LANGUAGES else None)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while."""
    before = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(before)


def choose_from(arguments: Sequence[str]) -> None:
    """Choose the language named by `--lang` in a command line, before anything is shown."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            choose(arguments[position + 1])
        elif argument.startswith("--lang="):
            choose(argument.removeprefix("--lang="))


def current() -> str:
    """Return "fr" or "en"."""
    return _chosen.get() or _from_environment()


def _from_environment() -> str:
    wished = os.environ.get("APPRENTI_LANG", "").lower()[:2]
    if wished in LANGUAGES:
        return wished
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        # "C" and "POSIX" say that no language was chosen
        if value and not value.startswith(("c.", "posix")) and value != "c":
            # Who speaks neither reads English more often
            return value[:2] if value[:2] in LANGUAGES else "en"
    return _from_windows() if os.name == "nt" else "fr"


def _from_windows() -> str:
    import ctypes
    import locale

    identifier = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    language = locale.windows_locale.get(identifier, "fr")[:2]
    return language if language in LANGUAGES else "en"


@cache
def subject(name: str, language: str) -> Mapping[str, Any]:
    """Return one file of texts as it is."""
    return tomllib.loads((TEXTS / language / f"{name}.toml").read_text(encoding="utf-8"))


def subjects(language: str) -> Sequence[str]:
    """Return the names of all files of texts."""
    return sorted(path.stem for path in (TEXTS / language).glob("*.toml"))


@cache
def errors(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the messages of all errors: of each its parts what, why and todo."""
    found: dict[str, Mapping[str, str]] = {}
    for name in subjects(language):
        found |= subject(name, language).get("errors", {})
    return found


def text(key: str) -> str:
    """Return the entry `subject.entry...` of the current language, places unfilled."""
    name, *path = key.split(".")
    entry: Any = subject(name, current())
    for step in path:
        entry = entry[step]
    if not isinstance(entry, str):
        raise KeyError(key)
    return entry


def say(key: str, /, **values: object) -> str:
    """Return a text with its places filled; numbers follow the usage of the language.

    What stands between backquotes is a command, and comes without them, as it can be pasted.
    """
    return _fill(text(key), values)


def message(key: str, values: Mapping[str, object]) -> str:
    """Return a part of an error, such as `no_runs.what`, with its places filled."""
    name, part = key.split(".")
    return _fill(errors(current())[name][part], values)


COMMAND = re.compile(r"`((?:apprenti|cd) [^`]*)`")


def _fill(template: str, values: Mapping[str, object]) -> str:
    pieces = COMMAND.split(template)
    return "".join(
        filled(piece, values) if place % 2 else _Filler().format(piece, **values)
        for place, piece in enumerate(pieces)
    )


class _Filler(string.Formatter):
    """Fills places like str.format, but writes 1234.5 as 1,234.5 or as 1 234,5.

    {rows:row|rows} is the first of two words where there is one, the second where there are more;
    {started:local} is a moment (2026-11-26T21:31:47+00:00) in the time of this machine.
    What a place is filled with may come from anywhere: it is made printable.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "local":
            return printable(_local(str(value)))
        if isinstance(value, Path) and value == Path():
            value = Path.cwd()  # A sentence that ends with ".." would name the folder above
        if "|" in format_spec:
            return format_spec.split("|")[_is_plural(value)]
        written: str = super().format_field(value, format_spec)
        if current() == "fr" and isinstance(value, int | float) and not isinstance(value, bool):
            return written.translate(FRENCH_NUMBER)
        return printable(written)


def _local(moment: str) -> str:
    """Return a moment in the time of this machine, to the minute; what is none, as it is."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return moment


def decimal_mark() -> str:
    """Return what stands before the decimals of a number: a point, or a comma."""
    return "," if current() == "fr" else "."


def _is_plural(count: float) -> bool:
    """French counts nought and what is below two as one; English only one."""
    return abs(count) >= 2 if current() == "fr" else count != 1


FRENCH_NUMBER = str.maketrans(
    {",": "\N{NARROW NO-BREAK SPACE}", ".": ",", "%": "\N{NARROW NO-BREAK SPACE}%"}
)
