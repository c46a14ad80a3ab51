"""Commands as they are typed: what a shell would take apart stands in quotes."""

import shlex
import subprocess

import pytest

from apprenti.command_line import written

WORDS = [
    "plain",
    "two words",
    "l'âge",
    'a "quote"',
    "$HOME",
    "a;b",
    "[64]",
    "!",
    "*",
    "",
    "=x",
    "#",
    "~",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_comes_back_from_the_shell_as_it_was(word):
    command = written("printf", "%s", word)
    assert shlex.split(command) == ["printf", "%s", word]
    assert subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout == word


def test_what_needs_no_quotes_has_none():
    line = written("apprenti", "data", "--ignore", "alive,deck")
    assert line == "apprenti data --ignore alive,deck"
    assert written("apprenti", "set", "epochs=3") == "apprenti set epochs=3"
