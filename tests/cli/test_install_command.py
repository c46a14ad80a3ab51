"""apprenti install on described machines: what it shows, asks, refuses. Nothing is installed."""

import json
import os
import sys
import sysconfig
from pathlib import Path

import pytest

MACHINES = Path(__file__).parents[1] / "machine" / "machines"

PRETEND = """
import json, os, sys
from apprenti.install import carry_out
from apprenti.machine import look
from apprenti.machine.machine import Machine
look.this_machine = lambda: Machine.from_json(json.loads(os.environ["MACHINE"]))
if "HAPPENS" in os.environ:
    carry_out.for_this_network = lambda machine, plan: carry_out.Reached(plan)
    exec(os.environ["HAPPENS"])
from apprenti.cli import main
main(sys.argv[1:])
"""

NEVER = "carry_out.run = lambda *_: 1/0"


@pytest.fixture
def install(apprenti):
    """install("linux-rtx-4070", "--dry-run"): run the command on a described machine."""

    def run(name, *words, **variables):
        content = json.loads((MACHINES / f"{name}.json").read_text(encoding="utf-8"))
        machine = json.dumps(content["machine"])
        return apprenti("install", *words, code=PRETEND, MACHINE=machine, **variables)

    return run


def test_a_dry_run_shows_the_command_the_place_and_the_size(install):
    said = install("linux-rtx-4070", "pytorch", "--dry-run", PIP_INDEX_URL="http://127.0.0.1:9")
    assert said.status == 0
    assert f"{sys.executable} -m pip install torch==2.13.0\n" in said.out
    assert "2.9 GB" in said.out and sys.prefix in said.out and "NVIDIA GPU" in said.out


def test_the_index_and_the_notes_are_shown(install):
    said = install("windows-rtx-4070", "--dry-run")
    assert "https://download.pytorch.org/whl/cu130" in said.out
    assert "WSL2" in said.out


def test_a_dry_run_on_this_machine_touches_nothing(apprenti, tmp_path):
    packages = Path(sysconfig.get_path("purelib"))
    before = sorted(packages.iterdir()), sorted(Path(sys.prefix).iterdir())
    said = apprenti("install", "pytorch", "--cpu", "--dry-run", "--json", folder=tmp_path)
    assert said.status == 0, said.err
    assert (sorted(packages.iterdir()), sorted(Path(sys.prefix).iterdir())) == before
    assert list(tmp_path.iterdir()) == []
    (part,) = said.json["parts"]
    assert part["requirement"].startswith("torch==2.") and said.json["installed"] is False


def test_a_plan_is_one_object_of_json(install):
    said = install("linux-temporary-small", "all", "--dry-run", "--json")
    assert [part["device"] for part in said.json["parts"]] == ["cuda", "cpu"]
    assert said.json["commands"][0][-2:] == ["torch==2.13.0", "tensorflow-cpu==2.21.0"]
    assert said.json["download_mb"] == 3250
    assert {note["key"] for note in said.json["notes"]} == {
        "pytorch_has_the_card",
        "temporary_small",
    }


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("linux-python-3.14", [], ["2.22.0rc0", "python3.12 -m venv .venv"]),
        ("windows-rtx-4070", ["tensorflow", "--gpu"], ["since version 2.11", "wsl --install"]),
        ("mac-intel-python-3.13", [], ["Intel Mac", "Python 3.12"]),
        ("mac-intel-python-3.12", [], ["NumPy 1", "torch==2.2.2"]),
        ("windows-32-bit-python", [], ["32-bit"]),
        ("alpine", [], ["musl", "docker run"]),
        ("linux-k80", ["pytorch", "--gpu"], ["too old", "--cpu"]),
        ("linux-externally-managed", [], ["PEP 668", "-m venv .venv"]),
        ("linux-disk-full", [], ["500 MB", "pip cache purge"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_work_is_said_with_the_nearest_thing_that_can(
    install, name, words, expected, language
):
    said = install(name, *words, APPRENTI_LANG=language, HAPPENS=NEVER)
    assert said.status == 1 and not said.out
    assert said.err.startswith("✗ ")
    if language == "en":
        assert [word for word in expected if word not in said.err] == []
    assert "{" not in said.err


def test_nobody_is_asked_where_nobody_can_answer(install):
    said = install("linux-python-3.12", "pytorch", HAPPENS=NEVER)
    assert said.status == 1
    assert "apprenti install pytorch --yes" in said.err


NOT_A_PROOF = "import subprocess; subprocess.call = lambda *_, **__: 0\n"


def test_a_yes_installs(install):
    happens = NOT_A_PROOF + "carry_out.run = lambda plan, by, tell: tell('Prepared 7 packages')"
    said = install("linux-python-3.12", "pytorch", "--yes", HAPPENS=happens)
    assert said.status == 0, said.err
    assert "writing the packages (7)" in said.out and "Installed in 0 s" in said.out


def test_the_doctor_has_the_last_word(install):
    happens = "import subprocess; subprocess.call = lambda *_, **__: 1\n"
    happens += "carry_out.run = lambda plan, by, tell: None"
    assert install("linux-python-3.12", "pytorch", "--yes", HAPPENS=happens).status == 1


def test_a_failure_is_explained(install):
    happens = "from pathlib import Path\n"
    happens += "failure = carry_out.Failure('no_network', 'Connection refused', Path('the.log'))\n"
    happens += "carry_out.run = lambda plan, by, tell: failure"
    said = install("linux-python-3.12", "pytorch", "--cpu", "--yes", HAPPENS=happens)
    assert said.status == 1
    assert "Connection refused" in said.err and "apprenti install pytorch --cpu" in said.err


def test_ctrl_c_says_what_stays(install):
    happens = "def run(*_):\n    raise KeyboardInterrupt\ncarry_out.run = run"
    said = install("linux-python-3.12", "all", "--yes", HAPPENS=happens)
    assert said.status == 130
    assert "apprenti install all" in said.err


def test_with_all_installed_there_is_nothing_to_do(install):
    said = install("linux-all-installed", "--dry-run")
    assert "nothing to install" in said.out


def test_what_is_unknown_is_answered_with_the_nearest(apprenti):
    said = apprenti("install", "tensroflow")
    assert said.status == 1 and "Did you mean “tensorflow”?" in said.err


@pytest.mark.parametrize("system", ["windows", "macos", "linux"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_has_the_steps_of_each_system(apprenti, system, language):
    said = apprenti("install", "--guide", "--os", system, language=language)
    assert said.status == 0 and not said.err
    for words in ("-m venv .venv", "torch==2.13.0", "apprenti doctor"):
        assert words in said.out
    assert ("Set-ExecutionPolicy" in said.out) == (system == "windows")
    assert "{" not in said.out and "--break-system-packages" not in said.out


def test_the_guide_is_one_object_of_json(apprenti):
    found = apprenti("install", "--guide", "--os", "linux", "--json").json
    assert found["system"] == "linux" and len(found["steps"]) == 6


def test_a_terminal_is_asked_and_a_no_is_a_no(install):
    happens = "import sys; sys.stdin.isatty = lambda: True; carry_out.run = lambda *_: 1/0\n"
    happens += "import builtins; builtins.input = lambda: 'n'"
    said = install("linux-python-3.12", "pytorch", HAPPENS=happens)
    assert said.status == 0 and "Go on? [Y/n] Nothing was installed." in said.out
    assert os.path.exists(sys.executable)
