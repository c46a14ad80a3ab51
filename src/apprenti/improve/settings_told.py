"""Settings as they are typed: in a command, and in a table."""

from collections.abc import Mapping

from apprenti.command_line import of_apprenti
from apprenti.project import full_name
from apprenti.script.literals import toml_literal


def command_for(settings: Mapping[str, object]) -> str:
    """Return the command that changes these settings (full names) for good."""
    return of_apprenti("set", *(f"{short(key)}={text(one)}" for key, one in settings.items()))


def short(key: str) -> str:
    """Return the last part of a full name, where that is enough to set it."""
    last = key.rpartition(".")[2]
    return last if full_name(last) == key else key


def text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ",".join(map(toml_literal, value))
    return toml_literal(value)


def in_words(settings: Mapping[str, object]) -> str:
    """Return settings as they are given: dropout=0.3, epochs=20."""
    return " ".join(f"{short(key)}={text(one)}" for key, one in settings.items())
