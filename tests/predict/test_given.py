"""What is given to predict: a file, a folder, a text, standard input; else it is asked back."""

import io
import sys

import pandas as pd
import pytest

from apprenti.errors import ApprentiError
from shops import shops


@pytest.fixture(scope="module")
def of_texts(make_project, train, texts_csv):
    return train(make_project(texts_csv, target="opinion", framework="sklearn", kind="linear"))


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "avis.csv").write_text("comment\nle service superbe\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("given", ["avi.csv", "avis", "avis.xlsx", "./x", "no/where", "photo.jpg"])
def test_what_looks_like_a_file_that_is_not_there_is_asked_back(given, here, of_texts, predict):
    with pytest.raises(ApprentiError) as caught:
        predict(of_texts, given)
    assert caught.value.key == "file_or_text"
    assert ("avis.csv" in caught.value.values["nearest"]) == given.startswith("av")
    assert caught.value.values["command"].endswith(f"--text {given}")
    assert len(predict(of_texts, given, as_text=True).answers) == 1


@pytest.mark.parametrize("given", ["superbe", "sale, very dirty.", "le prix/la qualité : bien"])
def test_a_text_is_a_text(given, here, of_texts, predict):
    assert len(predict(of_texts, given).answers) == 1


def test_texts_and_files_are_predicted_together(here, of_texts, predict):
    (here / "lignes.txt").write_text("superbe\ntrès sale\n", encoding="utf-8")
    found = predict(of_texts, "le service superbe", "avis.csv", "lignes.txt")
    assert list(found.answers["file"]) == ["avis.csv", "lignes.txt", "lignes.txt", ""]
    (alone,) = predict(of_texts, "le service superbe").rows
    same = {name: alone[name] for name in alone if name != "row"}
    assert same.items() <= found.rows[0].items() and same.items() <= found.rows[3].items()


def test_only_a_model_of_texts_reads_texts(of_shops, predict):
    with pytest.raises(ApprentiError) as caught:
        predict(of_shops, "a", as_text=True)
    assert caught.value.key == "no_text_model"


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_standard_input_is_known_by_what_comes(kind, of_shops, predict, tmp_path, monkeypatch):
    path = tmp_path / f"n.{kind}"
    path.write_bytes(shops([7]).encode("cp1252"))
    frame = pd.read_csv(path, sep=";", decimal=",", encoding="cp1252", dtype={0: str})
    if kind == "parquet":
        frame.to_parquet(path)
    if kind == "xlsx":
        from apprenti.predict import workbook

        workbook.write(path, "a", [*frame.columns], frame.to_numpy().tolist())
    expected = predict(of_shops, path).rows
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert predict(of_shops, "-").rows == expected


def test_where_nothing_comes_there_is_nothing_to_predict(of_shops, predict, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
    (tmp_path / "header.csv").write_text("code;surface;ville\n")
    (tmp_path / "blank.csv").write_text("code;surface;ville\n;;\n;;\n")
    (tmp_path / "empty.csv").write_text("")
    for given in ("-", *tmp_path.iterdir(), pd.DataFrame({"code": []})):
        with pytest.raises(ApprentiError) as caught:
            predict(of_shops, given)
        assert caught.value.key == "nothing_to_predict"


def test_an_array_has_no_columns_for_a_model_of_a_table(of_shops, predict):
    with pytest.raises(ApprentiError) as caught:
        predict(of_shops, pd.DataFrame({"a": [1]}).to_numpy())
    assert caught.value.key == "rows_without_names"
