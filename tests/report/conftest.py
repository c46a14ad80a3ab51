"""Projects to report on: an ordinary one with images, and one whose names are all scripts."""

import csv
import os
import shutil
from pathlib import Path

import pytest
from left_by_improve import improved

from apprenti import project as projects
from apprenti.data.look import look
from apprenti.evaluate import test_set
from apprenti.runs import set_note
from apprenti.train.one_run import train as train_once
from apprenti.train.plan import plan

HOSTILE = (
    '</title><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    '" onmouseover="window.hacked=1'
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def digits(make_project, train):
    """The digits, three models of them, the last evaluated on the test set."""
    made = make_project("digits", kind="trivial", framework="sklearn", epochs=3)
    for kind in ("trivial", "linear", "mlp"):
        run = train(projects.load(made.folder, {"model.kind": kind}))
    look(made.folder, made.choices, picture=False)
    test_set.open_test_set(run)
    return made


@pytest.fixture
def fresh(digits, tmp_path):
    """A copy of the digits, to be changed."""
    shutil.copytree(digits.folder, tmp_path / "digits")
    return projects.load(tmp_path / "digits")


@pytest.fixture(scope="session")
def numbers(make_project, train, french_csv):
    """A table whose target is a number, with one tree."""
    made = make_project(french_csv, target="prix", kind="tree", framework="sklearn")
    train(made)
    look(made.folder, made.choices, picture=False)
    return made


@pytest.fixture(scope="session")
def hostile(make_project, tmp_path_factory):
    """A project in which the folder, columns, classes, notes and settings are HTML and scripts."""
    folder = tmp_path_factory.mktemp("x") / "<img src=x onerror=window.hacked=1>"
    names = [f"a{HOSTILE}", "[b](javascript:window.hacked=1)", "=c|`d`"]
    classes = [f"x{HOSTILE}", "<svg onload=window.hacked=1>"]
    folder.mkdir()
    with open(folder / "data.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*names, "truth"])
        for n in range(120):
            word = ("<script>window.hacked=1</script>", "javascript:window.hacked=1")[n % 2]
            rows.writerow([n * 7 % 11, word, n % 3, classes[n * 5 % 7 % 2]])
    settings = {"target": "truth", "framework": "sklearn", "sensitive": [names[1]]}
    settings["muted"] = {"D015": HOSTILE}
    made = make_project("data.csv", folder=folder, **settings)
    for kind in ("trivial", "tree"):
        chosen = projects.load(made.folder, {"model.kind": kind})
        run = train_once(plan(chosen), chosen.runs_folder, _silent())
    set_note(run, HOSTILE)
    look(made.folder, made.choices, picture=False)
    improved(made.folder, run.name, HOSTILE)
    test_set.open_test_set(run, by=HOSTILE)
    return made


def _silent():
    from apprenti.train.audience import Nobody, Watched

    return Nobody().watch(Watched("test"))


@pytest.fixture(scope="session")
def browser():
    """Chromium; where APPRENTI_BROWSER is set it must be there."""
    if not CHROMIUM and not os.environ.get("APPRENTI_BROWSER"):
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def written(tmp_path):
    """written(project, language): the report, as a file and as text."""
    from apprenti import language, report

    def write(project, lang="en", **more):
        path = Path(tmp_path) / f"{lang}.html"
        with language.speaking(lang):
            report.write(project, path, **more)
        return path

    return write
