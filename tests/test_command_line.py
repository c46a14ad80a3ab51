"""Commands as they are typed: what a shell would take apart stands in quotes."""

import shlex
import shutil
import subprocess

import pytest

from apprenti.command_line import OF_A_PROJECT, elsewhere, filled, of_apprenti, written

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


def test_what_fills_a_place_in_a_command_of_the_texts_is_one_word():
    command = filled('apprenti data --as "{name}=number , ." --project p', {"name": "l'âge $"})
    assert shlex.split(command)[3] == "l'âge $=number , ."
    literal = 'apprenti data --mute D020 --because "known before"'
    assert filled(literal, {}) == literal
    assert filled("apprenti train --set learning_rate={rate}", {"rate": 0.001}).endswith("=0.001")


def test_a_project_that_is_elsewhere_is_named_by_the_commands_about_it():
    elsewhere.set("my été")
    assert of_apprenti("agree") == 'apprenti agree --project "my été"'
    assert filled("apprenti runs show {run}", {"run": "1"}).endswith('show 1 --project "my été"')
    assert filled("cd {folder} && apprenti train", {"folder": "a"}) == "cd a && apprenti train"
    assert of_apprenti("doctor") == "apprenti doctor"
    elsewhere.set("")
    assert of_apprenti("agree") == "apprenti agree"


@pytest.mark.parametrize("shell", [["bash", "--norc", "-i"], ["zsh", "-f", "-i"]], ids=" ".join)
def test_a_word_that_is_typed_comes_back_as_it_was(shell, tmp_path):
    if not shutil.which(shell[0]):
        pytest.skip(f"{shell[0]} is not installed")
    words = [*WORDS, "a!b", "l'été!", '"!!"', "!$ 'x'", "^a^b", "a{1,2}b", "50%", "~x", "n=*"]
    # What is typed is also searched for the history of commands, which !! recalls
    (tmp_path / "typed").write_text(
        "".join(written("printf", r"%s\n", one) + "\n" for one in words)
    )
    with (tmp_path / "typed").open() as typed:
        done = subprocess.run(shell, stdin=typed, capture_output=True, text=True, timeout=60)
    for word in words:
        assert f"{word}\n" in done.stdout, (word, done.stderr)


def test_every_command_about_a_project_is_known_as_one():
    from apprenti.cli.commands import COMMANDS, Commands

    group = Commands(name="apprenti")
    made = {name: group.get_command(None, name) for name in COMMANDS}
    taking = {
        name
        for name, command in made.items()
        for one in (command, *getattr(command, "commands", {}).values())
        if any("--project" in option.opts for option in one.params)
    }
    # A word means the same everywhere
    assert set(OF_A_PROJECT) == taking - {"explain"}
