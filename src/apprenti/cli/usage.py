"""Typer's own words (usage, options, what was mistyped) in the user's language."""

import contextlib
import re
import sys
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from apprenti.language import current, say, subject
from apprenti.printable import printable

NOTHING: Mapping[str, Any] = MappingProxyType({})


def in_language(text: str) -> str:
    """Return what Typer wrote with its fixed phrases translated; the English ones are right."""
    for pattern, replacement in _phrases(current()):
        text = pattern.sub(replacement, text)
    return text


@cache
def _phrases(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    phrases = subject("typer", language)["phrases"]
    return tuple((re.compile(pattern, re.MULTILINE), words) for pattern, words in phrases)


def print_error(
    key: str, what: str, why: str = "", todo: str = "", reached: Mapping[str, Any] = NOTHING
) -> None:
    """Print on stdout what went wrong as an object, for who asked for JSON and got nothing else.

    Beside it stands what was `reached` all the same.
    """
    import json

    from apprenti.writing import plain

    error = {"key": key, "what": what, "why": why, "todo": todo}
    with contextlib.suppress(OSError):
        print(json.dumps(plain({"error": error, **reached}), ensure_ascii=False), flush=True)


def tell_usage(error: Any, as_json: bool = False, meant: str = "") -> None:
    """Say on stderr how the command is used, what was wrong, and which command was `meant`."""
    context = getattr(error, "ctx", None)
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
    said = error.format_message()
    if meant and f"'{meant.split()[1]}'" not in said:
        # Two answers would be one too many
        said = re.sub(r" Did you mean .*| \(Possible options.*", "", said)
    wrong = printable(in_language(f"Error: {said}"))
    print(wrong, file=sys.stderr)
    if as_json:
        print_error("usage", wrong, todo=meant)
    if meant:
        print(f"  {say('cli.todo')} {meant}", file=sys.stderr)
    if context is not None:
        print(in_language(f"Try '{context.command_path} --help' for help."), file=sys.stderr)
