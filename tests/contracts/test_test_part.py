"""Data that bring a test part of their own: its files have no say in a training run."""

import json
import shutil
import subprocess
import sys

import pytest

from apprenti import runs
from apprenti.train.plan import plan

TEST_FILES = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def with_test_files(training, folder, content):
    """Return a folder of the same name with the same training files and these test files."""
    folder.mkdir(parents=True)
    for path in training.glob("train-*"):
        shutil.copyfile(path, folder / path.name)
    for name in TEST_FILES:
        (folder / name).write_bytes(content)
    return folder


def test_files_of_a_test_part_are_not_opened(tiny_project, train, results, idx_folder, tmp_path):
    found = []
    for number, content in enumerate((b"junk", b"other junk that is no IDX file either")):
        folder = with_test_files(idx_folder, tmp_path / str(number) / "small", content)
        settings = {"data.split.test": None}
        project = tiny_project("sklearn", "linear", str(folder), **settings)
        planned = plan(project)
        assert planned.source.has_test_part
        # No other row is put aside: the test has files of its own
        assert planned.choices.data.split.test == 0
        found.append(results(train(project).folder))
    assert found[0] == found[1]


# The real MNIST, as the guide's first model learns it


def apprenti(*words):
    done = subprocess.run(
        [sys.executable, "-m", "apprenti", *map(str, words)], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def first_model(tmp_path_factory):
    """One epoch of the guide's network on MNIST, by the commands that a reader types."""
    folder = tmp_path_factory.mktemp("mnist") / "first-model"
    apprenti("new", folder, "--data", "mnist")
    out = apprenti("train", "--project", folder, "--set", "epochs=1", "--json")
    (said,) = json.loads(out)["runs"]
    return said, runs.all_runs(folder / "runs")[-1]


@pytest.mark.slow
@pytest.mark.mnist
def test_one_epoch_on_mnist_recognises_more_than_93_digits_of_100(first_model):
    said, run = first_model
    assert said["framework"] == "pytorch"
    assert said["valid_accuracy"] == run.history[-1]["valid_accuracy"]
    assert said["valid_accuracy"] > 0.93
    assert said["parameters"] == 785 * 128 + 129 * 10


@pytest.mark.slow
@pytest.mark.mnist
def test_mnist_is_split_into_50000_and_10000(first_model, mnist_folder):
    from apprenti.backends.common.idx import read
    from apprenti.backends.common.settings import Config
    from apprenti.backends.common.split_random import split as split_rows

    _, run = first_model
    split = run.choices["data"]["split"]
    settings = {name: split[name] for name in ("train", "valid", "test")}
    config = Config(split_seed=split["seed"], **settings)
    _, labels, _ = read(mnist_folder, config)
    train, valid, _ = split_rows(labels, config)
    assert (len(train), len(valid)) == (50_000, 10_000)
    lines = (run.folder / "predictions.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [int(line.split(",")[0]) for line in lines] == valid.tolist()


@pytest.mark.slow
@pytest.mark.mnist
def test_mnist_learns_the_same_when_its_test_files_are_junk(
    first_model, mnist_folder, make_project, train, results, tmp_path
):
    _, run = first_model
    folder = with_test_files(mnist_folder, tmp_path / "renamed", b"junk")
    split = {"data.split.valid": 10_000}
    again = train(make_project(folder, epochs=1, **split))
    assert again.choices["train"] == run.choices["train"]
    assert results(again.folder) == results(run.folder)
