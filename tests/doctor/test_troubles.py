"""Each described machine has exactly the troubles that its file says, each with what mends it."""

import json
import re
from pathlib import Path

import pytest

from apprenti import language
from apprenti.doctor.as_json import as_json
from apprenti.doctor.cures import CURES, PAIR, UNDO, commands_for, undo_for
from apprenti.doctor.examination import TOPICS, examine
from apprenti.doctor.failures import failures
from apprenti.doctor.lines import lines
from apprenti.doctor.troubles import RULES, answers, find
from apprenti.doctor.words import explain, tell
from apprenti.findings import NOT_APPLICABLE, OUTCOMES, SEVERITIES, codes_of, found
from apprenti.machine.machine import Machine

MACHINES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[1] / "machine" / "machines").glob("*.json"))
}


def machine(name, **more):
    return Machine.from_json({**MACHINES[name]["machine"], **more})


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_has_exactly_the_troubles_of_its_file(name):
    assert {trouble.code for trouble in find(machine(name))} == set(MACHINES[name]["troubles"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.rpartition(".")[2])
def test_a_rule_fires_on_some_machine_for_each_of_its_ids_and_is_silent_on_another(rule):
    fired = {name: {one.code for one in found(rule.find(machine(name)))} for name in MACHINES}
    extra = {one.code for each in NOT_IN_A_FILE for one in found(rule.find(each))}
    assert set().union(extra, *fired.values()) == set(rule.CODES)
    for failure in rule.CODES:
        assert any(failure not in codes for codes in fired.values())


ORDINARY = {"numpy": "2.4.6"}
NOT_IN_A_FILE = [
    Machine.from_json({"packages": {"torchtext": "0.18.0", **ORDINARY}}),
    Machine.from_json({"packages": {"tensorflow": "2.21.0", "h5py": "3.10.0", "keras": "2.15.0"}}),
    Machine.from_json({"nvidia_trouble": "No devices were found"}),
    Machine.from_json(
        {
            "nvidia": [{"name": "RTX 4070", "driver": "580.95.05", "compute": "8.9"}],
            "packages": {"torch": "2.13.0+cu130", "nvidia-cudnn-cu12": "9.3.0", **ORDINARY},
        }
    ),
]


def test_every_question_has_an_answer_on_every_machine_and_never_two_that_differ():
    asked = {code for rule in RULES for code in codes_of(rule)}
    for name in MACHINES:
        given = answers(machine(name))
        assert {one.code for one in given} == asked, name
        assert {one.outcome for one in given} <= set(OUTCOMES)
        troubled = {one.code for one in found(given)}
        silent = [one.code for one in given if not one.is_found]
        assert troubled.isdisjoint(silent) and len(silent) == len(set(silent)), name


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_where_a_question_makes_no_sense_the_reason_is_told(tongue):
    language.choose(tongue)
    reasons = {}
    for each in map(machine, MACHINES):
        for one in answers(each):
            if one.outcome == NOT_APPLICABLE:
                reasons[one.sentence] = tell(one, each).what
    assert set(reasons) == set(language.subject("doctor", tongue)["not_applicable"])
    assert all(reasons.values())


def test_a_trouble_that_the_user_knows_of_is_muted_and_no_longer_found():
    quiet = answers(machine("linux-shadow"), muted=["F06"])
    assert found(quiet) == []
    assert [one.outcome for one in quiet if one.code == "F06"] == ["muted"]


@pytest.mark.few(1)
@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_every_trouble_and_every_failure_is_told_on_every_machine(tongue):
    language.choose(tongue)
    count = 0
    for each in (*map(machine, MACHINES), *NOT_IN_A_FILE):
        found = examine(each)
        assert set(lines(found)) <= set(TOPICS)
        json.dumps(as_json(found))
        for trouble in found.troubles:
            told = tell(trouble, each)
            assert all((told.name, told.what, told.why, told.todo))
            assert trouble.severity in SEVERITIES
            assert trouble.subject in TOPICS
            count += 1
        for failure in failures():
            told = explain(failure.id, each)
            assert all((told.name, told.why, told.todo))
            assert "{" not in told.why + told.todo
    assert count > 60


def test_what_cannot_work_is_a_failure_and_what_is_merely_so_is_a_note():
    severities = {
        "linux-shadow": "error",
        "linux-tensorflow-2.16-numpy-2": "error",
        "linux-torch-too-new-for-card": "error",
        "linux-cpu-torch-with-nvidia": "warning",
        "linux-externally-managed": "warning",
        "linux-cuda-torch-without-card": "note",
        "linux-newer-than-the-facts": "note",
        "linux-no-avx2": "note",
        "windows-tensorflow-with-nvidia": "note",
    }
    for name, severity in severities.items():
        assert [trouble.severity for trouble in find(machine(name))] == [severity], name


def test_no_gpu_on_a_machine_without_one_is_fine():
    found = examine(machine("linux-all-installed"))
    assert found.troubles == ()
    assert found.state("gpu") == "ok"


def test_a_machine_without_frameworks_is_no_failure_but_says_so():
    found = examine(machine("linux-python-3.12"))
    assert (found.state("pytorch"), found.state("tensorflow")) == ("absent", "absent")
    assert not found.failed


def test_a_probe_without_an_answer_is_shown_as_unknown():
    found = examine(machine("linux-all-installed", unknown=["graphics"]))
    assert found.state("gpu") == "unknown"


# ---- What mends it

COMMANDS = {
    "linux-cpu-torch-with-nvidia": (
        "F14",
        ["python -m pip uninstall --yes torch", "python -m pip install torch==2.13.0"],
    ),
    "windows-cpu-torch-with-nvidia": (
        "F14",
        [
            "python -m pip install torch==2.13.0+cu130 --index-url "
            "https://download.pytorch.org/whl/cu130"
        ],
    ),
    "linux-torch-too-new-for-card": (
        "F16",
        [
            "python -m pip install torch==2.13.0+cu126 --index-url "
            "https://download.pytorch.org/whl/cu126"
        ],
    ),
    "linux-protobuf-too-old": (
        "F28",
        ['python -m pip install tensorflow==2.21.0 "protobuf>=6.31.1,<8"'],
    ),
    "linux-torchvision-of-another": (
        "F30",
        [
            'python -m pip install torch==2.13.0 "torchvision>=0.28,<0.29" --index-url '
            "https://download.pytorch.org/whl/cpu"
        ],
    ),
    "linux-tensorboard-setuptools": ("F31", ['python -m pip install "setuptools<82"']),
    "linux-shadow": ("F06", ["mv torch.py my_torch.py"]),
    "linux-library-path": ("F22", ["unset LD_LIBRARY_PATH"]),
    "linux-nvml-mismatch": ("F23", ["sudo reboot"]),
    "wsl2-without-libcuda": ("F24", ["wsl --update", "wsl --shutdown"]),
    "linux-disk-full": ("F34", ["python -m pip cache purge"]),
    "linux-kernel-of-another": ("F05", ["python -m ipykernel install --sys-prefix"]),
    "mac-metal-too-new-tensorflow": (
        "F38",
        ["python -m pip uninstall --yes tensorflow-metal"],
    ),
    "windows-old-vc-runtime": (
        "F10",
        ["winget install --exact --id Microsoft.VCRedist.2015+.x64"],
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_commands_are_those_that_mend_this_very_machine(name):
    failure, expected = COMMANDS[name]
    (found,) = (trouble for trouble in find(machine(name)) if trouble.code == failure)
    assert list(found.commands) == expected


def test_another_python_comes_with_its_environment_and_what_goes_into_it():
    (found,) = find(machine("linux-python-3.15"))
    assert found.commands == (
        "sudo apt install python3.12 python3.12-venv",
        "python3.12 -m venv .venv",
        "source .venv/bin/activate",
        "python -m pip install tensorflow-cpu==2.21.0",
    )


def test_no_command_ever_breaks_a_protected_python_or_needs_a_stranger():
    for each in map(machine, MACHINES):
        for failure in failures():
            for line in (*commands_for(failure.id, each), *undo_for(failure.id, each)):
                assert "--break-system-packages" not in line
                assert not re.search(r"\bpip3? install\b(?<!-m pip install)", line), line
                assert "KMP_DUPLICATE_LIB_OK" not in line


def test_every_cure_has_its_commands_and_is_that_of_a_failure():
    named = {failure.cure for failure in failures() if failure.cure}
    assert named == {*CURES, PAIR}
    assert set(UNDO) <= set(CURES)
    assert all(bool(each.requirement) == (each.cure == PAIR) for each in failures())


def test_what_was_changed_in_windows_can_be_undone():
    windows = machine("windows-long-paths")
    (done,), (undone,) = commands_for("F33", windows), undo_for("F33", windows)
    assert done.replace("-Value 1", "-Value 0") == undone


def test_a_card_that_tensorflow_has_is_not_missed_by_pytorch():
    packages = {**MACHINES["linux-no-nvcc"]["machine"]["packages"], "torch": "2.13.0+cpu"}
    packages["nvidia-cuda-nvcc-cu12"] = "12.9.86"
    assert find(machine("linux-no-nvcc", packages=packages)) == []
