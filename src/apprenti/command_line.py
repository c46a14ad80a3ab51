"""A command as it is typed: what a shell would read otherwise stands in quotes."""

import os
import re
from collections import deque
from collections.abc import Mapping
from contextvars import ContextVar

from apprenti.printable import printable

SAFE = re.compile(r"[\w@%+:,./-][\w@%+=:,./-]*")
SAFE_ON_WINDOWS = re.compile(r"[\w+:./-][\w+=:./-]*")
"""PowerShell makes a list of what commas separate."""

ACTIVE = set('"$`\\!')
"""What means something between double quotes, which every system knows."""

OF_A_PROJECT = (
    *("data", "set", "train", "compare", "agree", "diagnose", "improve"),
    *("evaluate", "runs", "checklist", "report", "reproduce", "predict", "eject"),
)
"""The commands that are about a project, and take --project."""

elsewhere: ContextVar[str] = ContextVar("elsewhere", default="")
"""The project as it was named, where a command would not find it by itself."""

_kept: deque[str] = deque(maxlen=1000)


def written(*words: str) -> str:
    """Return a command that can be pasted into a shell of this system."""
    return keep(" ".join(map(_quoted, words)))


def of_apprenti(*words: str) -> str:
    """Return a command of Apprenti that can be pasted where the user is."""
    return _with_project(written("apprenti", *words))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a command of the texts with its places filled; what fills a place is one word.

    "apprenti data --as \"{name}=category\"" is filled with a name of several words, or with quotes.
    """
    return _with_project(keep(WORD.sub(lambda word: _filled(word[0], values), template)))


def kept() -> tuple[str, ...]:
    """Return the commands that were written lately, so that they are not broken at a margin."""
    return tuple(sorted(set(_kept), key=len, reverse=True))


WORD = re.compile(r'"[^"]*"|\S+')


def _filled(word: str, values: Mapping[str, object]) -> str:
    if "{" not in word:
        return word
    return _quoted(printable(word.strip('"').format(**values)))


def _with_project(command: str) -> str:
    first, _, rest = command.partition(" ")
    named = rest.partition(" ")[0] in OF_A_PROJECT and "--project" not in command
    if first != "apprenti" or not named or not elsewhere.get():
        return command
    return keep(f"{command} --project {_quoted(elsewhere.get())}")


def keep(command: str) -> str:
    """Remember a command, so that it is not broken where it is printed."""
    if " " in command:
        _kept.append(command)
    return command


def _quoted(word: str) -> str:
    if (SAFE_ON_WINDOWS if os.name == "nt" else SAFE).fullmatch(word):
        return word
    if not set(word) & ACTIVE:
        return f'"{word}"'
    if os.name == "nt":
        return '"' + word.replace('"', '\\"') + '"'
    return "'" + word.replace("'", "'\"'\"'") + "'"
