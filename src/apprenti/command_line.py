"""A command as it is typed: what a shell would read otherwise stands in quotes."""

import os
import re

SAFE = re.compile(r"[\w@%+:,./-][\w@%+=:,./-]*")


ACTIVE = set('"$`\\!')
"""What means something between double quotes, which every system knows."""


def written(*words: str) -> str:
    """Return a command that can be pasted into a shell of this system."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if SAFE.fullmatch(word):
        return word
    if not set(word) & ACTIVE:
        return f'"{word}"'
    if os.name == "nt":
        return '"' + word.replace('"', '\\"') + '"'
    return "'" + word.replace("'", "'\"'\"'") + "'"
