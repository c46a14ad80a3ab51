"""Described machines, each with what must be installed on it, or why it cannot be."""

import json
from pathlib import Path

import pytest

from apprenti.command_line import written
from apprenti.install.decisions import FRAMEWORKS, decide, from_the_usual_index, refused_environment
from apprenti.install.plan import Refusal, commands
from apprenti.machine.machine import Machine

FOLDER = Path(__file__).parents[1] / "machine" / "machines"
MACHINES = sorted(FOLDER.glob("*.json"))
WANTED = {"pytorch": ["pytorch"], "tensorflow": ["tensorflow"], "all": list(FRAMEWORKS)}


def described(path):
    return json.loads(path.read_text(encoding="utf-8"))


def answer(content, target):
    """What is decided for one target, in the form in which the files have it."""
    machine = Machine.from_json(content["machine"])
    gpu = content.get("gpu")
    found = refused_environment(machine) or decide(machine, WANTED[target], gpu)
    if isinstance(found, Refusal):
        python = found.nearest.values.get("python")
        return {
            "refused": found.key,
            "nearest": " ".join(filter(None, [found.nearest.key, python])),
        }
    said = {"commands": [written(*words) for words in commands(found)]}
    if found.environment:
        said["environment"] = found.environment
    if found.notes:
        said["notes"] = [note.key for note in found.notes]
    return said


def test_there_are_machines_of_every_kind():
    contents = [described(path) for path in MACHINES]
    assert len(contents) >= 60
    machines = [Machine.from_json(content["machine"]) for content in contents]
    assert {machine.system for machine in machines} == {"Linux", "Windows", "Darwin"}
    assert {machine.wsl for machine in machines} == {0, 1, 2}
    pythons = {"{}.{}".format(*machine.python.line) for machine in machines}
    assert {f"3.{minor}" for minor in range(6, 16)} <= pythons
    titles = [content["title"] for content in contents]
    assert len(set(titles)) == len(titles)


def test_each_machine_gets_what_its_file_says():
    wrong = []
    for path in MACHINES:
        content = described(path)
        assert set(content["install"]) == set(WANTED), path.name
        for target, expected in content["install"].items():
            found = answer(content, target)
            if found != expected:
                wrong.append(f"{path.name}, {target}:\n  expected {expected}\n  found    {found}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_command_ever_breaks_a_protected_python():
    for path in MACHINES:
        assert "--break-system-packages" not in path.read_text(encoding="utf-8")
        for target in WANTED:
            assert "--break-system-packages" not in str(answer(described(path), target))


def test_what_is_suggested_instead_is_not_refused_in_turn():
    """A refusal that names another Python, one framework or the processor is right about it."""
    tried = 0
    for path in MACHINES:
        content = described(path)
        for target in WANTED:
            found = answer(content, target)
            way = found.get("nearest", "")
            if way.startswith("only_"):
                assert "commands" in answer(content, way.removeprefix("only_")), path.name
                tried += 1
            elif way == "on_the_processor":
                assert "commands" in answer({**content, "gpu": False}, target), path.name
                tried += 1
    assert tried > 10


def test_a_machine_with_all_that_it_needs_has_nothing_to_do():
    content = described(FOLDER / "linux-all-installed.json")
    assert answer(content, "all") == {"commands": []}


@pytest.mark.parametrize("name", ["linux-python-3.12", "windows-rtx-4070"])
def test_without_the_index_of_pytorch_the_same_version_comes_from_where_pip_looks(name):
    content = described(FOLDER / f"{name}.json")
    machine = Machine.from_json(content["machine"])
    plan = decide(machine)
    other = from_the_usual_index(machine, plan, has_cpu_build=False)
    assert [words[:4] for words in commands(other)] == [["python", "-m", "pip", "install"]]
    assert "torch==2.13.0" in commands(other)[0]
    if machine.system == "Linux":
        assert other.download_mb > 2900 > plan.download_mb
        there = from_the_usual_index(machine, plan, has_cpu_build=True)
        assert there.download_mb == plan.download_mb
    else:
        assert other.parts[0].device == "cpu"


def test_only_tested_versions_are_installed_where_only_those_are_wanted():
    old_mac = Machine.from_json({"system": "Darwin", "macos": "13.6"})
    assert decide(old_mac, ["pytorch"]).parts[0].version == "2.11.0"
    refused = decide(old_mac, ["pytorch"], tested_only=True)
    assert (refused.key, refused.values["floor"]) == ("mac_too_old", "14.0")
    assert decide(old_mac, tested_only=True).nearest.key == "only_tensorflow"


def test_words_that_a_shell_would_read_stand_in_quotes():
    assert written("pip", "install", "numpy<2", "a[b]==1") == 'pip install "numpy<2" "a[b]==1"'


def test_uv_is_asked_in_its_own_words():
    machine = Machine.from_json({"packages": {"tensorflow": "2.21.0", "tensorflow-cpu": "2.21.0"}})
    found = commands(decide(machine, ["tensorflow"]), ("uv", "pip"))
    assert found[0] == ["uv", "pip", "uninstall", "tensorflow", "tensorflow-cpu"]
