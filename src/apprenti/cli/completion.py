"""What bash and zsh are answered when somebody presses Tab: as each of them wants it.

Typer finds what can stand there; here the words are read as the shell has them, where bash takes
`kind=mlp` for three, and the answers are quoted, where Typer leaves spaces and quotes as they are.
"""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Sequence

VARIABLE = "_APPRENTI_COMPLETE"


def answer(run: Callable[[], object]) -> str | None:
    """Return what the shell is to read; nothing if nobody asks, or another shell.

    `run` runs the command line, as it does for any shell.
    """
    shell = os.environ.get(VARIABLE, "").removeprefix("complete_")
    if shell == "bash":
        words = _words_of_bash()
        return _for_bash(_found(words, run), words[-1])
    if shell == "zsh":
        return _for_zsh(_found(_words_of_zsh(os.environ.get("_TYPER_COMPLETE_ARGS", "")), run))
    return None


def _found(words: Sequence[str], run: Callable[[], object]) -> list[str]:
    """Ask Typer as bash does, for it answers that in the plainest way."""
    os.environ[VARIABLE] = "complete_bash"
    os.environ["COMP_WORDS"] = shlex.join(words)
    os.environ["COMP_CWORD"] = str(len(words) - 1)
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        run()
    return [line for line in said.getvalue().splitlines() if line]


def _words_of_bash() -> list[str]:
    """Return the words up to the cursor; what bash has taken apart at an = is one word again."""
    given, place = os.environ.get("COMP_WORDS", ""), int(os.environ.get("COMP_CWORD", "0"))
    words = given.split("\n" if "\n" in given else " ")[: place + 1]
    words += [""] * (place + 1 - len(words))
    joined: list[str] = []
    for number, word in enumerate(words):
        if joined and (word == "=" or (number > 1 and words[number - 1] == "=")):
            joined[-1] += word
        else:
            joined.append(word)
    return [" ".join(_split(word)) for word in joined]


def _words_of_zsh(line: str) -> list[str]:
    return [*_split(line), *([""] if line.endswith(" ") and not line.endswith("\\ ") else [])]


def _split(text: str) -> list[str]:
    """Return the words of a line that may end within quotes."""
    for end in ("", '"', "'"):
        with contextlib.suppress(ValueError):
            return shlex.split(text.removesuffix("\\") + end)
    return text.split()


def _for_bash(found: Sequence[str], last: str) -> str:
    """Return lines; of an assignment what stands after the =, which is all that bash replaces."""
    behind = last.rpartition("=")[0] + "=" if "=" in last else ""
    values = [value.removeprefix(behind) for value in found]
    if len(values) == 1 and values[0].endswith(("=", "/")):
        # Bash writes a space behind the only answer; of two, what they have in common
        values.append(f"{values[0]}…")
    return "\n".join(re.sub(r"([^\w@%+=:,./…-])", r"\\\1", value) for value in values)


def _for_zsh(found: Sequence[str]) -> str:
    """Return a command of its completion, on one line."""
    from apprenti.cli.commands import COMMANDS
    from apprenti.language import say

    if not found:
        return "_files"
    if set(found) <= set(COMMANDS):
        lines = [f"{name}:{say(f'cli.{name}.short')}" for name in found]
        told = shlex.join(["_describe", "command", "found"])
        return f"local -a found; found=({shlex.join(lines)}); {told}"
    # What ends with = or / goes on, and gets no space
    parts: dict[str, list[str]] = {"": [], "-S '' ": []}
    for value in found:
        parts["-S '' " if value.endswith(("=", "/")) else ""].append(value)
    return "; ".join(f"compadd {how}-- {shlex.join(some)}" for how, some in parts.items() if some)
