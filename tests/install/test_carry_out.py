"""From a plan to an installation: with real pip, in a fresh environment, from an index of toys."""

import subprocess
import sys

import pytest

from apprenti.install import carry_out, pip_or_uv
from apprenti.install.decisions import decide
from apprenti.install.plan import Part, Plan
from apprenti.machine.machine import Machine

NOWHERE = "http://127.0.0.1:9"  # a port on which nobody answers


@pytest.fixture
def environment(tmp_path):
    """A fresh virtual environment; its folder and what installs in it."""
    folder = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    places = {"Scripts": "python.exe"} if sys.platform == "win32" else {"bin": "python"}
    ((scripts, python),) = places.items()
    return folder, carry_out.Installer("pip", (str(folder / scripts / python), "-m", "pip"))


def toy(index, version="2.13.0"):
    part = Part("pytorch", "torch", version, "cpu", "cpu", index=index, download_mb=1, disk_mb=1)
    return Plan((part,), environment={"TMPDIR": "set by run"})


@pytest.mark.slow
def test_a_plan_is_carried_out_in_the_environment_and_logged(index, environment, alone):
    folder, by = environment
    heard = []
    assert carry_out.run(toy(index), by, heard.append, str(folder)) is None
    assert list(folder.rglob("torch-2.13.0+cpu.dist-info"))
    log = (folder / carry_out.LOG).read_text(encoding="utf-8")
    assert log == "".join(heard) and "Successfully installed torch" in log
    assert not (folder / "tmp").exists()


@pytest.mark.slow
@pytest.mark.parametrize("last", ["INSTALLER", "RECORD"])
def test_what_was_half_written_does_not_count_and_is_written_again(index, environment, alone, last):
    folder, by = environment
    assert carry_out.run(toy(index), by, print, str(folder)) is None
    machine = Machine.from_json({"packages": {"torch": "2.13.0+cpu", "pip": "23.2.1"}})
    assert carry_out.without_half_written(machine, str(folder)) == machine
    next(folder.rglob(f"torch-2.13.0+cpu.dist-info/{last}")).unlink()
    next(folder.rglob("torch.py")).unlink()
    assert set(carry_out.without_half_written(machine, str(folder)).packages) == {"pip"}
    assert carry_out.run(toy(index), by, print, str(folder)) is None
    assert list(folder.rglob("torch.py"))


@pytest.mark.slow
def test_a_failure_has_its_name_and_its_log(index, environment, alone):
    folder, by = environment
    missing = carry_out.run(toy(index, "9.9"), by, print, str(folder))
    assert (missing.key, missing.detail) == ("not_found", "torch==9.9+cpu")
    assert missing.log == folder / carry_out.LOG
    assert carry_out.run(toy(NOWHERE), by, print, str(folder)).key == "no_network"


@pytest.mark.parametrize("has_cpu_build", [True, False])
def test_where_the_index_does_not_answer_the_plan_changes(monkeypatch, has_cpu_build):
    machine = Machine.from_json({})
    plan = decide(machine, ["pytorch"])
    monkeypatch.setattr(pip_or_uv, "answers", lambda index: False)
    versions = "torch (2.15.0)\nAvailable versions: 2.15.0, 2.13.0" + "+cpu" * has_cpu_build
    monkeypatch.setattr(pip_or_uv, "output_of", lambda command: versions)
    reached = carry_out.for_this_network(machine, plan)
    assert reached.silent == plan.parts[0].index
    assert reached.useless_cuda is not has_cpu_build
    assert reached.plan.parts[0].requirement == "torch==2.13.0" + "+cpu" * has_cpu_build
    monkeypatch.setattr(pip_or_uv, "answers", lambda index: True)
    assert carry_out.for_this_network(machine, plan) == carry_out.Reached(plan)


def test_uv_is_taken_where_it_is_unless_pip_has_settings_of_its_own(alone, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    python = sys.executable
    assert carry_out.find_installer() == carry_out.Installer("pip", (python, "-m", "pip"))
    uv = tmp_path / ("uv.exe" if sys.platform == "win32" else "uv")
    uv.write_text("")
    uv.chmod(0o700)
    found = carry_out.find_installer()
    assert found.name == "uv" and found.target == ("--python", python)
    plan = decide(Machine.from_json({}), ["tensorflow"])
    words = ["pip", "install", "--python", python, "tensorflow-cpu==2.21.0"]
    assert found.commands(plan)[0][1:] == words
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    assert carry_out.find_installer().name == "pip"
