"""Each command that is printed can be pasted into bash and zsh where it was printed, and works.

Scenes are told at three widths in a project whose names are hard to quote. Every command in what is
printed stands there whole, is read by both shells as the same words, and does what it says.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import fork_server
from apprenti.cli.commands import COMMANDS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX shells")

TOLD = ((62, "fr"), (80, "en"), (200, "fr"))
"""Columns, and the language; a fast run has the first, where most has to be broken into lines."""

SHELLS = {"bash": ("bash", "-c"), "zsh": ("zsh", "-f", "-c")}

TELLING = """
import atexit, json, os, sys
from apprenti import command_line
from apprenti.cli import main
def tell():
    with open(os.environ["KEPT"], "w") as file:
        json.dump(command_line.kept(), file)
atexit.register(tell)
main(sys.argv[1:])
"""
RECORDING = '#!/bin/sh\npwd > "$SAID"\nprintf "%s\\0" "$@" >> "$SAID"\n'

PROGRAMS = ("apprenti ", "cd ", "source ", "python", "pip ", "uv ", "docker ", "wsl ")
DEAR = ("compare", "agree", "start")
"""Several trainings each."""

FORM = re.compile(r"(?<![\w/])(?!HOME)[A-ZÀ-Ü]{3,}(_[A-Z]+)*(?![\w.])")
"""A word in capitals is to be replaced: such a command is a form, and can only be read."""

PROJECT = "l'été à $HOME; 50% *!"
DATA = 'mes "données" $1; (2)!.csv'
MINE = "ma photo; $1 à l'été!.csv"
FILE = "$ ailleurs; (1).csv"


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """shell("bash", command, folder): the words that Apprenti is given, and in which folder."""
    folder = tmp_path_factory.mktemp("shell")
    (folder / "apprenti").write_text(RECORDING)
    (folder / "apprenti").chmod(0o755)

    def read(name, command, where):
        if not shutil.which(name):
            if os.environ.get("APPRENTI_SHELLS"):
                pytest.fail(f"{name} is not there, and .ci/run installs it")
            pytest.skip(f"{name} is not installed")
        said = folder / "said"
        said.unlink(missing_ok=True)
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*SHELLS[name], command],
            cwd=where,
            env={**os.environ, "PATH": path, "SAID": str(said)},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, (name, command, done.stderr)
        place, _, words = said.read_bytes().decode().partition("\n")
        return place, words.split("\0")[:-1]

    return read


def run(folder, *words, width=80, language="en"):
    """Run a command; return its status, what it said, and the commands in it."""
    kept = folder / ".kept"
    variables = {"APPRENTI_LANG": language, "COLUMNS": str(width), "KEPT": str(kept)}
    variables["APPRENTI_DATA"] = ""  # MNIST is not there: a start on it takes a minute
    done = fork_server.run(
        [sys.executable, "-c", TELLING, *map(str, words)],
        cwd=folder,
        env={**os.environ, **variables},
        timeout=300,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    found = json.loads(kept.read_text()) if kept.exists() else []
    kept.unlink(missing_ok=True)
    return done.returncode, said, [one for one in found if one.startswith(PROGRAMS)]


def printed(folder, *words, width, language="en"):
    """Run a command; return the commands that it printed, each of them whole."""
    _, said, kept = run(folder, *words, width=width, language=language)
    shown, rest = {}, said
    for command in kept:
        if command in rest:
            shown[command] = rest.index(command)
            rest = rest.replace(command, " " * len(command))
    broken = re.findall(rf"[:(]\s+apprenti (?:{'|'.join(COMMANDS)})\b.*", rest)
    assert not broken, (words, broken)
    return after_cd(sorted(shown, key=shown.__getitem__))


def after_cd(commands):
    """Return commands in their order; those that follow a `cd` are given after it."""
    before, found = "", []
    for command in commands:
        if command.startswith("cd ") and "&&" not in command:
            before = f"{command} && "
        else:
            found.append(before + command)
    return found


def table(rows=80):
    random = np.random.default_rng(0)
    size = random.normal(size=rows).round(3)
    answer = np.where(size + random.normal(size=rows) / 3 > 0, "oui, là", "non; $x")
    price = pd.Series(random.integers(1000, 9000, rows)).map(lambda n: f"{n // 1000} {n % 1000:03}")
    return pd.DataFrame(
        {
            "l'âge": size,
            "coût $ (€)": random.normal(10, 3, rows).round(2),
            "a*b": "same",
            "n° `x`": [f"K{n:05}" for n in range(rows)],
            "prix;": price,
            'vil"le': random.choice(["Paris", "paris", "Nîmes", "Orléans !"], rows),
            "note!": np.where(
                random.random(rows) < 0.2, "?", random.integers(20, size=rows).astype(str)
            ),
            "sait tout": np.where(answer == "oui, là", "A", "B"),
            "jour ~": pd.date_range("2024-01-01", periods=rows).strftime("%d/%m/%Y"),
            "réponse!": answer,
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a table, files to predict, and a project of three runs, one interrupted."""
    folder = tmp_path_factory.mktemp("made")
    table().to_csv(folder / DATA, index=False)
    assert run(folder, "new", PROJECT, "--data", DATA, "--target", "réponse!")[0] == 0
    project = folder / PROJECT
    table(20).to_csv(project / MINE, index=False)
    table(60)[["l'âge", 'vil"le']].to_csv(project / FILE, index=False)
    for kind in ("linear", "tree"):
        words = ("train", "--framework", "sklearn", "--set", f"kind={kind}", "--quiet")
        assert run(project, *words)[0] == 0
    assert run(project, "runs", "note", "1", 'l\'été: 5 $; "ok" `!`')[0] == 0
    assert run(project, "runs", "rename", "1", "base.1_x")[0] == 0
    interrupt(project)
    return folder


def interrupt(project):
    """Begin a training and stop it by hand; return what it said."""
    words = ("train", "--framework", "sklearn", "--set", "epochs=400", "--set", "hidden_units=4")
    command = [sys.executable, "-m", "apprenti", *words]
    with tempfile.TemporaryFile() as said:
        with fork_server.popen(command, cwd=project, stdout=said, stderr=said) as training:
            limit = time.monotonic() + 60
            while not any(map(has_an_epoch, project.glob("runs/*/history.csv"))):
                assert training.poll() is None and time.monotonic() < limit
                time.sleep(0.02)
            training.send_signal(signal.SIGINT)
        said.seek(0)
        assert training.returncode == 130, said.read().decode()


def has_an_epoch(history):
    return "mlp" in history.parent.name and history.read_text().count("\n") > 5


IN_PROJECT = [
    ("apprenti",),
    ("data",),
    ("data", "--ignore", "a*b"),
    ("train", "--framework", "sklearn", "--set", "kind=linear"),
    ("runs",),
    ("runs", "show", "last", "--no-picture"),
    ("runs", "compare", "1", "2", "--no-picture"),
    ("runs", "compare", "1", "2", "3", "--no-picture"),
    ("diagnose", "1"),
    ("diagnose", "--no-picture"),
    ("improve", "--only", "nope"),
    ("improve", "--one", "epochs"),
    ("improve", "1", "--only", "higher_cost", "--pairs", "3", "--quiet"),
    ("report",),
    ("report", "--run", "1", "--out", "le $ rapport;.html"),
    ("runs", "delete", "base.1_x"),
    ("predict", "1", MINE),
    ("predict", "1", MINE, "--out", "mes $ sorties;.csv"),
    ("eject", "1", "mon $ script; 'ici'"),
    ("eject", "1", "à part!", "--essential"),
    ("eject", "1", "carnet *", "--notebook"),
    ("set",),
    ("set", "epochs"),
    ("set", "epochs=3"),
    ("set", "ignore+=a*b"),
    ("explain", "D020"),
    ("explain", "loss"),
    ("doctor", "--quick"),
    ("install", "--guide"),
    # What is refused
    ("runs", "show", "nope"),
    ("runs", "restore", "nope"),
    ("runs", "--sort", "nope"),
    ("runs", "--delete"),
    ("runs", "stop", "1"),
    ("train", "--resume", "1"),
    ("train", "--resume", "nope"),
    ("reproduce", "1", "--quiet"),
    ("evaluate", "--ledger"),
    ("evaluate", "1"),
    ("evaluate", "--ledger"),
    ("evaluate", "nope"),
    ("evaluate", "1", "--ledger"),
    ("evaluate", "1", "--cost", "missed=1"),
    ("reproduce", "nope"),
    ("report", "--run", "nope"),
    ("report", "--out", "rapport.docx"),
    ("train", "--set", "epochs=many"),
    ("train", "--set", "kind=forst"),
    ("train", "--framework", "sklearn", "--set", "kind=linear", "--resume", "1"),
    ("train", "nope.py"),
    ("set", "epochs"),
    ("set", "--undo"),
    ("set", "epochs", "seed=1"),
    ("data", "--ignore", "nope"),
    ("data", "--mute", "D020 sait tout"),
    ("data", "--mute", "D099", "--because", "x"),
    ("data", "--as", "l'âge=what"),
    ("predict", "1", "nope.csv"),
    ("predict", "1", "--text", "bonjour"),
    ("predict", "3", MINE, "--as-is"),
    ("eject", "2", "x", "--essential"),
    ("explain", "nope"),
    ("compare", "--no-parity", "--set", "kind=nope"),
    ("doctor", "--explain", ""),
]
ABOVE = [
    ("runs", "show", "nope", "--project", PROJECT),
    ("train", "--resume", "1", "--project", PROJECT),
    ("train",),
    ("new", "un autre; $HOME", "--data", DATA, "--target", "réponse!"),
    ("new", PROJECT, "--data", DATA),
    ("new", "p1", "--data", DATA),
    ("new", "p2", "--data", "nope.csv"),
    ("new", "p3", "--data", "mnist"),
]
AS_IN_THE_PROJECT = [
    ("--project", PROJECT),
    ("train", "--project", PROJECT, "--framework", "sklearn", "--set", "kind=linear"),
    ("data", "--project", PROJECT),
    ("start", "--dir", "à moi; $1", "--data", "digits", "--set", "epochs=1", "--quiet"),
]
SEVERAL_TRAININGS = [
    ("compare", "--set", "epochs=1", "--quiet"),
    ("compare", "--all", "--set", "epochs=1", "--quiet"),
    ("agree",),
]
SCENES = [
    *((PROJECT, *words) for words in IN_PROJECT),
    *((".", *words) for words in ABOVE),
    *(pytest.param((PROJECT, *words), marks=pytest.mark.slow) for words in SEVERAL_TRAININGS),
    *(pytest.param((".", *words), marks=pytest.mark.slow) for words in AS_IN_THE_PROJECT),
]


WRONG = {
    ("train", "--epochs", "3"): "apprenti train --set epochs=3",
    ("train", "epochs=3"): "apprenti train --set epochs=3",
    ("train", "model=tree"): "apprenti train --set kind=tree",
    ("train", "forest"): "apprenti train --set kind=forest",
    ("train", "--set", "epochs", "3"): "apprenti train --set epochs=3",
    ("entraîner", "--lr", "0.01"): "apprenti train --set learning_rate=0.01",
    ("train", "--set", "model.name=tree"): "apprenti train --set kind=tree",
    ("train", "--set", "époques=3", "--graine", "4"): "apprenti train --set epochs=3 --set seed=4",
    ("new", "p3", "--data", "mnist"): "apprenti new p3 --data mnist --download",
    ("predict", MINE): "apprenti predict last " + '"ma photo; $1 à l\'été!.csv"',
    ("compare", "1", "2"): "apprenti runs compare 1 2",
    ("set", "epochs", "3"): "apprenti set epochs=3",
    ("set", "ignore", "a*b"): 'apprenti set "ignore=a*b"',
    ("data", "--target", "sait tout"): 'apprenti set "target=sait tout"',
    ("data", FILE): "",
    ("new", FILE): "",
    ("new", "mon été", "--data", FILE): "",
    ("delete", "base.1_x"): "apprenti runs delete base.1_x",
    ("show", "last"): "apprenti runs show last",
    ("ls",): "apprenti runs",
    ("help", "train"): "apprenti train --help",
    ("version",): "apprenti --version",
    ("eject", "last"): "apprenti eject last my-script",
    ("doctor", "No module named 'torch'"): "apprenti doctor --explain",
}
"""What people type who have not read the help, and the command that they are answered with."""


@pytest.mark.few(6)
@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_who_types_it_wrong_is_told_the_command_that_works(words, made, shell, tmp_path):
    shutil.copytree(made, tmp_path / "made")
    folder = tmp_path / "made" / PROJECT
    for language in ("fr", "en"):
        status, said, _ = run(folder, *words, width=62, language=language)
        assert status in (1, 2)
        label = {"fr": "  Que faire\N{NARROW NO-BREAK SPACE}: ", "en": "  What to do: "}[language]
        (told,) = (line for line in said.splitlines() if line.startswith(label))
        command = told.removeprefix(label)
    assert command.startswith("apprenti ")
    expected = WRONG[words]
    if " " in expected and '"' not in expected:
        assert command.startswith(expected)
    check(command, folder, shell)


def test_what_nothing_like_is_known_of_is_not_guessed(made):
    for words in (
        ("frobnicate",),
        ("train", "nope.py"),
        ("runs", "show", "nope"),
        ("explain", "x"),
    ):
        said = run(made / PROJECT, *words)[1]
        assert "What to do: apprenti" not in said


DONE = set()
"""The commands that were given in a scene before."""


@pytest.mark.few(9)
@pytest.mark.parametrize("scene", SCENES, ids=" ".join)
def test_what_is_printed_can_be_pasted(scene, made, shell, tmp_path, request):
    where, *words = scene
    words = [word for word in words if word != "apprenti"]
    found = {}
    full = request.config.getoption("full")
    told = TOLD if full and tuple(words) not in SEVERAL_TRAININGS else TOLD[:1]
    for width, language in told:
        copy = tmp_path / str(width) / "made"
        shutil.copytree(made, copy)
        for command in printed(copy / where, *words, width=width, language=language):
            found[command] = copy / where
    for number, (command, folder) in enumerate(found.items()):
        if (where, command) in DONE:
            continue
        DONE.add((where, command))
        copy = tmp_path / f"{number}"
        shutil.copytree(folder.parent if where != "." else folder, copy)
        check(command, copy / where, shell, full)


def check(command, folder, shell, full=True):
    """Read a command with both shells, and do what it says; what is dear only in a full run."""
    if FORM.search(command) or not command.startswith(("apprenti ", "cd ")):
        for name in SHELLS:
            subprocess.run([name, "-n", "-c", command], check=True)
        return
    (place, words), other = (shell(name, command, folder) for name in SHELLS)
    assert other == (place, words)
    if "--download" in words or (words[0] in DEAR and not full):
        return
    for word in words:
        if word.endswith(("mon-chiffre.png", "my-digit.png")):
            Image.fromarray(np.eye(28, dtype=np.uint8) * 200).save(Path(place) / word)
    status, said, _ = run(Path(place), *words)
    assert status == 0, (command, said)
