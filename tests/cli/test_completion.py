"""Tab in bash and in zsh, through the scripts that `apprenti --show-completion` prints."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pandas as pd
import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX shells")

HEAVY = ("torch", "tensorflow", "keras", "numpy", "pandas", "sklearn", "scipy", "rich", "pyarrow")

BASH = """
source {script}
COMP_WORDS=({words}); COMP_CWORD={place}
_apprenti_completion apprenti
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
compdef() {{ : }}
compadd() {{ while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@" }}
_describe() {{ print -rl -- "${{(@P)2}}" }}
_files() {{ print FILES }}
words=({words}); CURRENT={place}
source {script}
_apprenti_completion
"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory, apprenti):
    """tab("bash", ["set", "kind=m"], folder): what the shell offers for the last word."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "apprenti").write_text(f'#!/bin/sh\nexec {sys.executable} -m apprenti "$@"\n')
    (folder / "apprenti").chmod(0o755)
    for shell in ("bash", "zsh"):
        quiet = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
        (folder / shell).write_text(apprenti("--show-completion", shell, **quiet).out)

    def press(shell, words, where):
        if not shutil.which(shell):
            if os.environ.get("APPRENTI_SHELLS"):
                pytest.fail(f"{shell} is not there, and .ci/run installs it")
            pytest.skip(f"{shell} is not installed")
        given = ["apprenti", *words]
        if shell == "bash":
            # As readline takes a line apart: at spaces, and around each =
            given = [part for word in given for part in word.replace("=", "\n=\n").split("\n")]
            given = [part for part in given[:-1] if part] + given[-1:]
            if given[-1] == "" and given[-2] == "=":
                given.pop()
        text = (BASH if shell == "bash" else ZSH).format(
            script=folder / shell,
            words=shlex.join(map(typed, given)),
            place=len(given) - (shell == "bash"),
        )
        command = {"bash": ["bash", "--norc", "-c", text], "zsh": ["zsh", "-f", "-c", text]}[shell]
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command, cwd=where, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert not done.stderr, done.stderr
        return done.stdout.split("\n")[:-1]

    return press


def typed(word):
    """Return a word as it stands on the line, which is what shells tell of it."""
    return re.sub(r"([^\w=+./-])", r"\\\1", word)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, apprenti):
    """A project with a run, and files of all kinds beside it."""
    folder = tmp_path_factory.mktemp("tab") / "mon été"
    folder.mkdir()
    table = {"l'âge": range(60), "$ x": range(60), "sait tout": ["a", "b"] * 30}
    pd.DataFrame(table | {"même": 1, "oui": ["o", "n", "o"] * 20}).to_csv(
        folder / "ma table.csv", index=False
    )
    (folder / "ma photo.png").touch()
    (folder / "mémoire.docx").touch()
    (folder / "dossier").mkdir()
    words = ("new", ".", "--data", "ma table.csv", "--target", "oui")
    assert apprenti(*words, folder=folder).status == 0
    assert apprenti("data", "--no-picture", folder=folder).status == 0
    words = ("train", "--framework", "sklearn", "--set", "kind=linear")
    assert apprenti(*words, folder=folder).status == 0
    return folder


OFFERED = {
    ("tr",): {"train"},
    ("train", "--framework", ""): {"pytorch", "tensorflow", "sklearn"},
    ("train", "--set", "kind=m"): {"mlp"},
    ("train", "--set", "model.kind=tr"): {"trivial", "tree"},
    ("train", "--set", "framework="): {"pytorch", "tensorflow", "sklearn"},
    ("set", "kernel="): {"linear", "rbf"},
    ("set", "target=sai"): {"sait tout"},
    ("set", "ignore+=l"): {"l'âge"},
    ("data", "--ignore", "$"): {"$ x"},
    ("data", "--mute", "D0"): {"D010"},
    ("new", "là", "--data", "ma table.csv", "--target", "sai"): {"sait tout"},
    ("new", "là", "--data", "dig"): {"digits"},
    ("new", "là", "--data", "ma "): {"ma table.csv", "ma photo.png"},
    ("predict", "last", "ma "): {"ma table.csv", "ma photo.png"},
    ("runs", "show", "be"): {"best"},
    ("eject", "la"): {"last"},
    ("report", "--run", "be"): {"best"},
    ("explain", "overf"): {"overfitting"},
}
BEHIND = {"kind=m", "model.kind=tr", "framework=", "kernel=", "target=sai", "ignore+=l"}


@pytest.mark.few(18)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("words", OFFERED, ids=" ".join)
def test_each_word_is_completed_with_what_there_is(tab, folder, shell, words):
    said = tab(shell, words, folder)
    expected, last = OFFERED[words], words[-1]
    if shell == "zsh" and last in BEHIND:
        # zsh replaces the whole word, bash what stands after the =
        expected = {f"{last.partition('=')[0]}={one}" for one in expected}
    if shell == "bash":
        said = [one for line in said for one in shlex.split(line)]
    if words in [("tr",)]:
        said = [line.partition(":")[0] for line in said]
    missing = expected - set(said)
    assert not missing, said
    assert all(one.startswith(last.rpartition("=")[2]) or last in one for one in said)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_nothing_else_is_offered(tab, folder, shell):
    assert not {"mémoire.docx"} & set(tab(shell, ("predict", "last", "m"), folder))
    found = tab(shell, ("predict", "last", "dos"), folder)
    assert found[0] == "dossier/"


COUNT = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))
from apprenti.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("words", OFFERED, ids=" ".join)
def test_a_completion_loads_no_heavy_package_and_does_not_keep_waiting(process, folder, words):
    variables = {"_APPRENTI_COMPLETE": "complete_zsh"}
    variables["_TYPER_COMPLETE_ARGS"] = shlex.join(["apprenti", *words]).removesuffix("''")
    before = os.times().children_user + os.times().children_system
    said = process(code=COUNT, folder=folder, **variables)
    taken = os.times().children_user + os.times().children_system - before
    assert not {name.partition(".")[0] for name in json.loads(said.err)} & set(HEAVY)
    assert taken < 1.0, "seconds of processor time; 0.2 are usual"
