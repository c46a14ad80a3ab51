"""The published case of overfitting, on the real MNIST: what is claimed of it holds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "published_case.py"

pytestmark = [
    pytest.mark.mnist,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="benchmarks: Linux and macOS"),
]


def said(*options):
    done = subprocess.run(
        [sys.executable, SCRIPT, "--json", "--rounds", "1", *options],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_four_hundred_epochs_on_a_thousand_images_overfit_as_was_published():
    found = said("--parts", "case")
    assert {one["text"]: one["verdict"] for one in found["claims"]} == {
        one["text"]: "ok" for one in found["claims"]
    }
    (seed,) = found["measured"]["case"]
    # The weights of the framework, which are small, do better on the test images
    assert seed["test, small weights"] > seed["test"] + 2


def test_every_remedy_is_judged_and_every_size_of_the_curve_is_measured():
    found = said("--parts", "remedies,curve", "--pairs", "3", "--epochs", "8", "--updates", "300")
    judged = {row[0]: row[-1] for row in found["measured"]["remedies"]["remedies"]}
    assert judged.keys() >= {"weight_decay", "augmentation", "more_data", "initial_weights"}
    scores = [score for (score,) in found["measured"]["curve"].values()]
    assert len(scores) == 7
    assert scores[-1] > scores[0]
