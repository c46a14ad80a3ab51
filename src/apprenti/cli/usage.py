"""Typer's own words (usage, options, what was mistyped) in the user's language."""

import re
import sys
from functools import cache
from typing import Any

from apprenti.language import current, subject
from apprenti.printable import printable


def in_language(text: str) -> str:
    """Return what Typer wrote with its fixed phrases translated; the English ones are right."""
    for pattern, replacement in _phrases(current()):
        text = pattern.sub(replacement, text)
    return text


@cache
def _phrases(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    phrases = subject("typer", language)["phrases"]
    return tuple((re.compile(pattern, re.MULTILINE), words) for pattern, words in phrases)


def tell_usage(error: Any) -> None:
    """Say on stderr how the command is used and what was wrong with the way it was."""
    context = getattr(error, "ctx", None)
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
    print(printable(in_language(f"Error: {error.format_message()}")), file=sys.stderr)
    if context is not None:
        print(in_language(f"Try '{context.command_path} --help' for help."), file=sys.stderr)
