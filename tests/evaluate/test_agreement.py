"""The parity report: one experiment on the digits, and what it must find."""

import contextlib
import json

import pytest

from apprenti.evaluate import agreement as parity


@pytest.fixture(scope="module")
def project(make_project):
    return make_project("digits", epochs=3, hidden_units=[32])


@pytest.fixture(scope="module")
def report(project, silent):
    return parity.measure(project, lambda framework: contextlib.nullcontext(silent()))


def test_both_frameworks_begin_with_the_same_weights(report):
    for name in ("chosen", "sgd", "float64"):
        first = report[name][0]
        assert (first.step, first.weights) == (0, 0)
        assert first.agreement == 1


def test_the_report_looks_after_1_step_100_steps_and_at_the_end(report):
    # 1797 digits, of which 15 % are checked with and 15 % put aside: 40 batches an epoch
    assert [gap.step for gap in report["chosen"]] == [0, 1, 100, 120]


def test_with_sgd_nothing_but_rounding_separates_the_frameworks(report):
    assert report["sgd"][-1].weights < 1e-6
    assert report["sgd"][-1].probabilities < 1e-5


def test_with_adam_some_weights_part_and_the_predictions_hardly(report):
    last = report["chosen"][-1]
    assert last.weights > 1e-4
    assert last.agreement > 0.98
    assert abs(last.accuracy) < 2


def test_the_place_of_epsilon_is_the_cause_and_rounding_the_rest(report):
    # In 64 bits, where rounding counts for nothing, moving epsilon removes the whole difference
    assert report["float64"][-1].weights > 1e-4
    assert report["moved_float64"][-1].weights < 1e-12
    assert report["moved"][-1].weights < report["float64"][-1].weights / 100


def test_only_what_was_measured_is_told(report):
    assert [name for name, _ in parity.reasons(report)] == [
        "sgd",
        "float64",
        "moved",
        "moved_float64",
    ]
    fewer = {name: report[name] for name in ("chosen", "sgd")}
    assert [name for name, _ in parity.reasons(fewer)] == ["sgd"]


def test_the_report_and_both_scripts_stay_in_the_project(project, report):
    folder = project.folder / parity.FOLDER
    written = json.loads((folder / "parity.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(parity.as_json(report)))
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert left == ["parity.json", "pytorch/parity.py", "tensorflow/parity.py"]
