"""A description of a machine is read as it was written, and refused where it means nothing."""

import pytest

from apprenti.machine.machine import Machine, Package


def test_a_machine_is_read_back_as_it_was_written():
    machine = Machine.from_json(
        {
            "system": "Windows",
            "nvidia": [{"name": "RTX 4070", "driver": "581.29", "compute": "8.9"}],
            "packages": {"torch": "2.13.0+cpu", "numpy": {"version": "2.4.6"}},
            "amd": ["Radeon"],
        }
    )
    assert machine.packages["torch"] == Package("2.13.0", "cpu")
    assert Machine.from_json(machine.to_json()) == machine


@pytest.mark.parametrize(
    "wrong",
    [
        {"sytem": "Linux"},
        {"python": {"versoin": "3.12"}},
        {"nvidia": [{"nom": "RTX"}]},
        {"packages": {"torch": {"versoin": "1"}}},
    ],
)
def test_a_key_that_means_nothing_is_refused_by_its_name(wrong):
    with pytest.raises(ValueError, match=r"sytem|versoin|nom"):
        Machine.from_json(wrong)


def test_what_is_not_said_is_that_of_a_healthy_machine_of_the_system():
    assert Machine.from_json({}).libc == "glibc"
    assert Machine.from_json({"system": "Windows"}).vc_runtime
    assert Machine.from_json({"system": "Darwin"}).architecture == "arm64"
