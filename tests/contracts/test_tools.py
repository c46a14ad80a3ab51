"""The project's own tools find nothing: formatting, lint, types, which way imports point."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# lint-imports, but on the sources in this folder and not on those that are installed
LINT_THE_COPY = """
import sys
sys.path.insert(0, "src")
from importlinter.cli import lint_imports_command
lint_imports_command(["--no-cache"])
"""

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def tool(name):
    return shutil.which(name, path=str(SCRIPTS)) or name


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("lint-imports", "--no-cache"),
    ],
    ids=" ".join,
)
def test_the_tool_finds_nothing(command):
    status, said = run(tool(command[0]), *command[1:])
    assert status == 0, said


@pytest.mark.slow
def test_the_workbench_is_typed_strictly(tmp_path):
    status, said = run(sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path))
    assert status == 0, said


@pytest.mark.parametrize(
    ("place", "imported"),
    [
        ("data/fetch/known.py", "apprenti.train.curves"),
        ("data/fetch/known.py", "apprenti.data.source"),
        ("data/kinds/values.py", "apprenti.data.kinds.columns"),
    ],
    ids=["a later step", "a later room of data", "in a circle"],
)
def test_an_import_that_points_the_wrong_way_would_be_found(tmp_path, place, imported):
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", copy / "pyproject.toml")
    with open(copy / "src" / "apprenti" / place, "a", encoding="utf-8") as file:
        file.write(f"\nimport {imported}\n")
    done = subprocess.run(
        [sys.executable, "-c", LINT_THE_COPY], cwd=copy, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "BROKEN" in done.stdout
