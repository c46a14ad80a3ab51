"""apprenti diagnose --labels: from the suspects to what their correction was worth."""

import shutil

import numpy as np
import pytest

LINEAR = {"framework": "sklearn", "kind": "linear", "iterations": 50}


@pytest.fixture(scope="module")
def looked(make_project, apprenti, tmp_path_factory):
    """A project of digits with wrong labels, of which the suspects were looked for."""
    from sklearn.datasets import load_digits

    digits, random = load_digits(), np.random.default_rng(0)
    wrong = random.choice(900, 60, replace=False)
    labels = digits.target[:900].copy()
    labels[wrong] = (labels[wrong] + random.integers(1, 10, 60)) % 10
    path = tmp_path_factory.mktemp("noisy") / "noisy.npz"
    np.savez(path, x=digits.images[:900], y=labels)
    folder = make_project(path, **LINEAR).folder
    apprenti("train", folder=folder)
    return folder, apprenti("diagnose", "--labels", "--json", folder=folder)


@pytest.fixture
def mine(looked, tmp_path):
    return shutil.copytree(looked[0], tmp_path / "mine")


@pytest.mark.slow
def test_suspects_are_told_with_a_sheet_and_what_such_suspects_are_worth(looked):
    folder, said = looked
    found = said.json["found"]
    assert said.status == 0 and said.json["decided"]["undecided"] == len(found["suspects"]) > 20
    assert (folder / said.json["picture"]).is_file() and 0.5 < found["measured"]["precision"] < 1


def test_from_decision_to_effect(mine, apprenti):
    for language, words in (("en", "undecided"), ("fr", "indécise")):
        told = apprenti("diagnose", "--labels", "--keep", "nowhere", folder=mine, language=language)
        assert told.status == 1 and "nowhere" in told.err
        told = apprenti("diagnose", "--labels", "--undo", folder=mine, language=language)
        assert told.status == 1
        told = apprenti("diagnose", "--labels", "--accept-all", folder=mine, language=language)
        assert told.status == 0 and words in told.out
        assert "apprenti diagnose --labels --compare" in told.out
        assert apprenti("diagnose", "--labels", "--undo", folder=mine).status == 0
    done = apprenti("diagnose", "--labels", "--accept-all", "--by", "A", "--json", folder=mine)
    corrected = done.json["decided"]["corrected"]
    assert corrected == len(done.json["changed"]) > 20
    told = apprenti("diagnose", "--labels", "--compare", folder=mine)
    assert told.status == 1 and "as the data has them" in told.err
    apprenti("train", folder=mine)
    said = apprenti("diagnose", "--labels", "--compare", "--json", folder=mine).json["effect"]
    assert said["corrected"] == corrected and said["left_out"] > 0
    rows = 0.15 * 900
    assert said["verdict"]["rows"] == rows - said["left_out"]
    for language in ("en", "fr"):
        told = apprenti("diagnose", "--labels", "--compare", folder=mine, language=language)
        assert told.status == 0 and "95" in told.out


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (["--accept", "1"], "labels_only"),
        (["--compare"], "labels_only"),
        (["--labels", "--undo", "--compare"], "labels_usage"),
        (["--labels", "--by", "Ana"], "labels_usage"),
    ],
)
def test_what_makes_no_sense_together_is_refused(mine, apprenti, options, key):
    said = apprenti("diagnose", *options, "--json", folder=mine)
    assert said.status == 1 and said.json["error"]["key"] == key


def test_rows_that_wait_for_a_decision_are_completed(looked, monkeypatch):
    from types import SimpleNamespace

    from apprenti.cli.options import complete_doubted

    context = SimpleNamespace(params={"project": str(looked[0])})
    rows = complete_doubted(context, "")
    assert len(rows) > 20
    assert complete_doubted(context, f"{rows[0]},{rows[1]}") == [f"{rows[0]},{rows[1]}"]
