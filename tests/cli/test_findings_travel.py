"""What is seriously wrong with data is told by every command, until it is mended or muted."""

import numpy as np
import pandas as pd
import pytest

LINE = "✗ D020 (target leakage): outcome\n      apprenti data --ignore outcome"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A table in which `outcome` is the answer under another name."""
    random, path = np.random.default_rng(0), tmp_path_factory.mktemp("sales") / "sales.csv"
    size = random.normal(size=700)
    frame = pd.DataFrame({"size": size, "colour": random.choice(["red", "blue"], 700)})
    frame["sold"] = np.where(size + random.normal(size=700) > 0, "yes", "no")
    frame["outcome"] = frame["sold"].map({"yes": 1, "no": 0})
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def made(apprenti, table, tmp_path_factory):
    """What `new` said of it, and the folder of the project."""
    folder = tmp_path_factory.mktemp("here")
    said = apprenti("new", "mine", "--data", str(table), "--target", "sold", folder=folder)
    assert said.status == 0
    return said, folder / "mine"


LINEAR = ("--framework", "sklearn", "--set", "kind=linear", "--set", "iterations=20")


def test_new_names_it_with_the_command_seen_from_there(made):
    assert "✗ “outcome” is “sold” under another name" in made[0].out
    assert "      apprenti data --ignore outcome --project mine\n" in made[0].out


def test_a_training_names_it_before_and_after_and_calls_a_perfect_score_too_good(apprenti, made):
    said = apprenti("train", *LINEAR, folder=made[1])
    assert said.status == 0
    assert "✗ “outcome” is “sold” under another name" in said.err
    before, line, after = said.out.partition(LINE)
    assert "100.00%" in before and line
    assert "too good to be true: the model reads the target off outcome (D020)" in " ".join(
        after.split()
    )
    told = apprenti("train", *LINEAR, "--json", folder=made[1]).json["findings"]
    assert [one["code"] for one in told] == ["D020", "R01"]


def test_runs_and_apprenti_alone_tell_it_and_nothing_is_ticked(apprenti, made):
    assert LINE in apprenti("runs", folder=made[1]).out
    said = apprenti(folder=made[1])
    assert (
        LINE in said.out and "✓" not in said.out and "best on the validation set is" not in said.out
    )
    assert '      apprenti data --mute "D020 outcome" --because' in said.out
    assert apprenti("--json", folder=made[1]).json["steps"][0]["state"] == "wrong"


def test_a_column_left_out_for_one_run_is_no_trouble_of_it(apprenti, table, tmp_path):
    apprenti("new", "mine", "--data", str(table), "--target", "sold", folder=tmp_path)
    made = (None, tmp_path / "mine")
    said = apprenti("train", *LINEAR, "--set", "ignore=outcome", folder=made[1])
    assert said.status == 0 and "D020" not in said.out + said.err
    told = apprenti("runs", folder=made[1]).out
    assert LINE in told and "! Trained with other data settings" in told


def test_once_it_is_mended_or_muted_nobody_tells_it(apprenti, made):
    for change in (("--ignore", "outcome"), ("--mute", "D020", "--because", "known before")):
        assert apprenti("data", *change, "--no-picture", folder=made[1]).status == 0
        assert "D020" not in apprenti("runs", folder=made[1]).out
        here = apprenti(folder=made[1]).out
        assert "✓ 1  data" in here
        # The best of before would be that of the leak
        assert ("none since the settings of the data changed" in here) is (change[0] == "--ignore")
        apprenti("set", "--undo", folder=made[1])
    assert LINE in apprenti("runs", folder=made[1]).out


def test_data_that_were_never_looked_at_are_before_the_training(apprenti, made, table):
    for path in (made[1] / ".look.json", made[1] / "data.json"):
        path.unlink(missing_ok=True)
    assert "○ 1  data" in apprenti(folder=made[1]).out
    said = apprenti("train", *LINEAR, folder=made[1])
    assert "✗ “outcome” is “sold” under another name" in said.err and LINE in said.out
