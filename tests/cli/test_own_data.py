"""A table of one's own, by the commands that a user types: new, compare, predict."""

import csv
import shutil

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def on_a_table(apprenti, table_csv, tmp_path):
    """The folder of a new project on a table that may be changed."""
    (tmp_path / "mine.csv").write_bytes(table_csv.read_bytes())
    said = apprenti("new", "p", "--data", "mine.csv", "--target", "réponse", folder=tmp_path)
    assert said.status == 0
    assert "6 input columns; réponse is one of 3 classes" in said.out
    return tmp_path / "p"


def test_a_new_project_on_a_table_names_its_target_and_its_task(on_a_table):
    text = (on_a_table / "apprenti.toml").read_text(encoding="utf-8")
    assert 'target = "réponse"' in text
    assert 'task = "classification"' in text
    # Few rows make few corrections an epoch: more epochs than the usual five
    assert "epochs = 100" in text


def test_a_target_that_is_missing_is_asked_for_and_nothing_is_left(apprenti, table_csv, tmp_path):
    said = apprenti("new", "p", "--data", table_csv, folder=tmp_path)
    assert said.status == 1
    assert "réponse" in said.err
    assert not (tmp_path / "p").exists()


@pytest.mark.slow
def test_compare_says_in_words_whether_a_model_of_scikit_learn_beats_the_simple_ones(
    apprenti, on_a_table
):
    said = apprenti("compare", "--set", "kind=forest", "--json", folder=on_a_table)
    assert said.status == 0, said.err
    models = [run["model"] for run in said.json["runs"]]
    assert models == ["trivial", "linear", "forest"]
    told = said.json["verdicts"]
    assert [one["other"].split("-")[4] for one in told] == ["trivial", "linear"]
    assert {one["outcome"] for one in told} <= {"better", "same", "worse", "unknown"}
    assert all(one["low"] <= one["difference"] <= one["high"] for one in told)
    assert "against" in said.err


@pytest.mark.slow
def test_data_that_changed_between_two_runs_are_told(apprenti, on_a_table):
    train = ("train", "--framework", "sklearn", "--set", "kind=tree")
    assert "has changed" not in apprenti(*train, folder=on_a_table).err
    assert "has changed" not in apprenti(*train, folder=on_a_table).err
    path = on_a_table.parent / "mine.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "mine.csv has changed" in apprenti(*train, folder=on_a_table).err


def test_predict_says_the_same_as_json_on_the_screen_and_in_a_file(apprenti, on_a_table):
    train = ("train", "--framework", "sklearn", "--set", "kind=tree")
    assert apprenti(*train, folder=on_a_table).status == 0
    said = apprenti("predict", "last", "../mine.csv", "--json", folder=on_a_table)
    lines = said.json["predictions"]
    assert [line["row"] for line in lines] == [*range(1, 301)]
    classes = {"oui", 'non, "jamais"', "peut-être 🎈"}
    for line in lines:
        assert {*line["probabilities"]} == classes
        assert sum(line["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert max(line["probabilities"].values()) == line["confidence"]
        assert line["probabilities"][line["predicted"]] == line["confidence"]
    assert said.json["known"] == {"compared": True, "train": 210, "valid": 45, "test": 45}
    shown = apprenti("predict", "last", "../mine.csv", "--out", "o.csv", folder=on_a_table)
    # All of them are in the file: nobody need be told how to get them
    assert "280 more" not in shown.out
    with open(on_a_table / "o.csv", newline="", encoding="utf-8") as file:
        written = [*csv.DictReader(file)]
    with open(on_a_table.parent / "mine.csv", newline="", encoding="utf-8") as file:
        given = [*csv.DictReader(file)]
    assert [{name: row[name] for name in given[0]} for row in written] == given
    assert [row["réponse_predicted"] for row in written] == [line["predicted"] for line in lines]
    assert [float(row["confidence"]) for row in written] == [line["confidence"] for line in lines]
    right = sum(row["réponse_predicted"] == row["réponse"] for row in written)
    assert said.json["score"]["accuracy"] == right / 300


def test_predict_in_french_says_what_is_missing(apprenti, on_a_table):
    train = ("train", "--framework", "sklearn", "--set", "kind=tree")
    assert apprenti(*train, folder=on_a_table).status == 0
    (on_a_table / "new.csv").write_text("poid,code\n1,2\n", encoding="utf-8")
    said = apprenti("predict", "last", "new.csv", folder=on_a_table, language="fr")
    assert said.status == 1
    assert "n'a pas de colonne" in said.err


def test_what_is_seriously_wrong_with_the_data_is_told_with_the_steps_until_it_is_muted(
    apprenti, make_project, tmp_path
):
    random = np.random.default_rng(0)
    table = pd.DataFrame({"size": random.normal(size=300), "age": random.normal(size=300)})
    table["sold"] = np.where(table["size"] + random.normal(size=300) > 0, "yes", "no")
    table["outcome"] = table["sold"].map({"yes": 1, "no": 0})
    table.to_csv(tmp_path / "sales.csv", index=False)
    make_project("sales.csv", folder=tmp_path, target="sold")
    assert "D020" not in apprenti(folder=tmp_path).out
    assert apprenti("data", "--no-picture", folder=tmp_path).status == 0
    said = apprenti(folder=tmp_path).out
    assert "✗ D020" in said and "outcome" in said
    (told,) = apprenti("--json", folder=tmp_path).json["serious"]
    assert (told["code"], told["name"]) == ("D020", "outcome")
    make_project("sales.csv", folder=tmp_path, target="sold", muted=["D020 outcome"])
    assert "D020" not in apprenti(folder=tmp_path).out


def test_what_of_a_folder_of_images_is_not_read_is_told_by_new_and_by_every_later_step(
    apprenti, photos, tmp_path
):
    shutil.copytree(photos, tmp_path / "photos")
    assert "✗" not in apprenti("new", "sound", "--data", "photos", folder=tmp_path).out
    (tmp_path / "photos" / "fox").mkdir()
    (tmp_path / "photos" / "fox" / "IMG_1.HEIC").write_bytes(b"ftypheic")
    said = apprenti("new", "p", "--data", "photos", folder=tmp_path)
    assert said.status == 0
    assert "✗" in said.out and "fox/IMG_1.HEIC" in said.out and "D041" in said.out
    told = apprenti("new", "q", "--data", "photos", "--json", folder=tmp_path).json["findings"]
    assert [one["code"] for one in told] == ["D041", "D042"]
    assert apprenti("data", "--no-picture", folder=tmp_path / "p").status == 0
    assert "D041" in apprenti(folder=tmp_path / "p").out


def test_broken_images_are_left_out_on_request(apprenti, photos, tmp_path):
    shutil.copytree(photos, tmp_path / "photos")
    (tmp_path / "photos" / "été 🌞" / "x.jpg").write_bytes(b"no image")
    said = apprenti("new", "p", "--data", "photos", folder=tmp_path)
    assert said.status == 1 and "--skip-broken" in said.err
    assert not (tmp_path / "p").exists()
    assert apprenti("new", "p", "--data", "photos", "--skip-broken", folder=tmp_path).status == 0
    text = (tmp_path / "p" / "apprenti.toml").read_text(encoding="utf-8")
    assert 'skip_images = ["été 🌞/x.jpg"]' in text
