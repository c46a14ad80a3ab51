"""What is imported when: nothing heavy before it is used, in the workbench never a framework."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import apprenti
from apprenti.cli.commands import COMMANDS

ROOT = Path(__file__).parents[2]
SOURCES = Path(apprenti.__file__).parent
FRAMEWORKS = {"torch", "tensorflow", "keras"}
HEAVY = FRAMEWORKS | {"numpy", "pandas", "sklearn", "scipy", "skops", "matplotlib", "plotext"}
HEAVY |= {"pydantic", "rich", "nbformat", "psutil", "filelock", "tomlkit"}
BY_TYPER = {"pydantic"}
"""Typer itself reads the values of options with it, from version 0.29 on."""

LIGHT_COMMANDS = [(name, "--help") for name in COMMANDS]

COUNT = """
import atexit, json, sys
def tell():
    print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
atexit.register(tell)
"""


def loaded(code, *words, folder=None):
    """Return the top-level packages in memory when a program ends."""
    command = [sys.executable, "-c", COUNT + code, *words]
    variables = {**os.environ, "APPRENTI_LANG": "en"}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


RUN = "from apprenti.cli import main\nmain()\n"


def test_the_help_loads_nothing_heavy():
    assert loaded(RUN, "--help") & HEAVY == set()


@pytest.mark.parametrize("words", [("--version",), *LIGHT_COMMANDS], ids=" ".join)
def test_the_help_of_a_command_and_the_version_load_nothing_heavy(words):
    assert loaded(RUN, *words) & HEAVY <= BY_TYPER


@pytest.mark.parametrize("line", ["apprenti tr", "apprenti train --framework ten"])
def test_completion_loads_nothing_heavy(line, monkeypatch):
    monkeypatch.setenv("_APPRENTI_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
    assert loaded(RUN) & HEAVY <= BY_TYPER


def test_importing_apprenti_loads_nothing_but_itself():
    found = loaded("import apprenti") - loaded("") - sys.stdlib_module_names
    assert found == {"apprenti"}


def test_every_public_name_can_be_had():
    for name in apprenti.__all__:
        assert getattr(apprenti, name) is not None
    assert set(dir(apprenti)) == set(apprenti.__all__)
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = apprenti.nothing_of_that_name


def test_the_public_names_are_enough_for_a_program(tmp_path, monkeypatch):
    """What README shows to those who write programs: load, list, eject."""
    (tmp_path / "apprenti.toml").write_text('[data]\nsource = "digits"\n')
    project = apprenti.load(tmp_path)
    assert isinstance(project, apprenti.Project)
    assert apprenti.all_runs(project.runs_folder) == []
    assert issubclass(apprenti.ApprentiError, Exception)
    assert re.fullmatch(r"\d+\.\d+\.\d+", apprenti.__version__)


def test_listing_runs_loads_neither_arrays_nor_frameworks(make_project):
    project = make_project("digits")
    found = loaded(RUN, "runs", folder=project.folder)
    assert not found & (FRAMEWORKS | {"numpy", "sklearn", "scipy", "matplotlib", "pandas"})


def test_the_rules_of_a_diagnosis_are_loaded_without_arrays_pictures_or_what_trains():
    found = loaded("import apprenti.diagnose\n")
    assert not found & (HEAVY - {"pydantic"})


def test_a_diagnosis_is_told_without_a_framework_and_before_anything_is_drawn(make_project, train):
    project = make_project("digits", framework="sklearn", kind="linear")
    train(project)
    found = loaded(RUN, "diagnose", "--no-picture", folder=project.folder)
    assert not found & (FRAMEWORKS | {"sklearn", "scipy", "pandas", "matplotlib"})


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_planning_a_run_loads_no_framework(make_project, framework):
    project = make_project("digits", framework=framework)
    code = "import sys\nfrom pathlib import Path\nfrom apprenti.project import load\n"
    code += "from apprenti.train.plan import plan\nassert plan(load(Path(sys.argv[1]))).script\n"
    assert not loaded(code, str(project.folder)) & (FRAMEWORKS | {"sklearn", "scipy"})


def test_training_and_drawing_load_no_framework_into_the_workbench(make_project):
    project = make_project("digits", framework="sklearn", kind="trivial")
    found = loaded(RUN, "train", folder=project.folder)
    assert "matplotlib" in found
    assert not found & (FRAMEWORKS | {"sklearn", "scipy"})


# ---- What is written in the sources


def imports(path):
    """Yield each package that a file imports, and whether that happens when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            yield name.partition(".")[0], node in tree.body


WORKBENCH = sorted(p for p in SOURCES.rglob("*.py") if "backends" not in p.parts)


def test_nothing_is_imported_that_is_not_declared():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*declared["dependencies"], *declared["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w-]+", line)[0].replace("-", "_") for line in lines}
    names |= {"sklearn", "PIL", "apprenti", "importlib"}
    for path in WORKBENCH:
        used = {name for name, _ in imports(path)} - sys.stdlib_module_names
        assert used <= names, (path.name, used - names)


def test_every_dependency_is_imported_in_the_file_that_is_named_for_it():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, place in re.findall(r'^    "([\w-]+)>=[\d.]+",\s+# ([\w/]+(?:\.py)?)', text, re.M):
        module = {"scikit-learn": "sklearn", "pillow": "PIL"}.get(name, name.replace("-", "_"))
        files = [SOURCES / place] if place.endswith(".py") else [*(SOURCES / place).rglob("*.py")]
        words = "\n".join(path.read_text(encoding="utf-8") for path in files)
        assert re.search(rf'(import|from) {module}\b|import_module\("{module}"\)', words), name


EARLY = {
    "project.py": {"pydantic"},
    **{name: {"rich"} for name in ("show.py", "whole_words.py", "show_drawings.py")},
}


def test_the_workbench_loads_heavy_packages_only_inside_functions():
    for path in WORKBENCH:
        early = {name for name, when_loaded in imports(path) if when_loaded}
        allowed = EARLY.get(path.name, set())
        assert not early & HEAVY - allowed, path.name
