"""A model opened again gives the validation rows the answers that the run gave them."""

import csv
from pathlib import Path

import numpy as np
import pytest

from apprenti.errors import ApprentiError
from apprenti.runs import Run
from apprenti.train import new_rows

SEVERAL = [
    ("pytorch", "mlp", "table"),
    ("tensorflow", "mlp", "table-regression"),
    ("sklearn", "boosting", "table"),
    ("sklearn", "svm", "table-regression"),
    ("sklearn", "linear", "texts"),
    ("pytorch", "gru", "texts"),
    ("tensorflow", "conv1d", "texts"),
    ("pytorch", "cnn", "image-folder"),
    ("tensorflow", "resnet", "image-folder"),
    ("pytorch", "cnn", "image-table"),
    ("sklearn", "linear", "image-table"),
    ("pytorch", "mlp", "idx"),
    ("tensorflow", "mlp", "arrays-columns"),
    ("sklearn", "mlp", "arrays-columns"),
    ("sklearn", "forest", "digits"),
    ("pytorch", "cnn", "digits"),
    ("tensorflow", "cnn", "digits"),
    ("pytorch", "linear", "arrays-images"),
]


@pytest.fixture(scope="session")
def new(sources, tmp_path_factory):
    """new("idx"): the rows of that source as new ones; those of the digits have no labels."""
    from sklearn.datasets import load_digits

    digits = tmp_path_factory.mktemp("new") / "digits.npz"
    np.savez(digits, x=load_digits().images)
    images = sources["idx"] / "train-images-idx3-ubyte.gz"
    return lambda data: {"digits": digits, "idx": images}.get(data) or sources[data]


def predicted(run, given, silent):
    return new_rows.predict(run, str(given), silent())


@pytest.mark.parametrize("combination", SEVERAL, ids="-".join)
def test_new_rows_get_the_answers_of_the_run(combination, twice, new, silent):
    run, source = twice(*combination).recorded, new(combination[2])
    found = predicted(run, source, silent)
    assert found.notes == [] or combination[2] == "texts"
    of_a_folder = combination[2] == "image-folder"
    answers = {
        row["row"].partition("/")[2] if of_a_folder else row["row"]: row for row in found.rows
    }
    with open(run.folder / "predictions.csv", newline="", encoding="utf-8") as file:
        expected = [*csv.DictReader(file)]
    assert expected
    for row in expected:
        answer = answers[row["row"]]
        if "confidence" in row:
            assert answer["predicted"] == row["predicted"]
            assert float(answer["confidence"]) == pytest.approx(float(row["confidence"]), abs=2e-5)
        else:
            close = pytest.approx(float(row["predicted"]), rel=1e-4)
            assert float(answer["predicted"]) == close
    assert not (run.folder / "answers.csv").exists()


@pytest.fixture
def of_a_table(twice):
    return twice("sklearn", "boosting", "table").recorded


def rewritten(path, tmp_path, change):
    import pandas as pd

    table = change(pd.read_csv(path))
    table.to_csv(tmp_path / "new.csv", index=False)
    return tmp_path / "new.csv"


def test_the_answer_need_not_be_there_nor_the_order_the_same(
    of_a_table, table_csv, tmp_path, silent
):
    usual = predicted(of_a_table, table_csv, silent).rows
    path = rewritten(table_csv, tmp_path, lambda t: t.drop(columns="réponse").iloc[:, ::-1])
    assert predicted(of_a_table, path, silent).rows == usual


def test_a_missing_column_is_told_with_the_nearest_name(of_a_table, table_csv, tmp_path, silent):
    path = rewritten(table_csv, tmp_path, lambda t: t.rename(columns={"poids": "poid"}))
    with pytest.raises(ApprentiError) as caught:
        predicted(of_a_table, path, silent)
    assert caught.value.key == "column_missing"
    assert (caught.value.values["name"], caught.value.values["nearest"]) == ("poids", "poid")


def test_a_category_never_seen_is_answered_and_told(of_a_table, table_csv, tmp_path, silent):
    name = 'ville, "x" 🎈'

    def elsewhere(table):
        table.loc[:4, name] = "Ys"
        return table

    found = predicted(of_a_table, rewritten(table_csv, tmp_path, elsewhere), silent)
    assert len(found.rows) == 300
    (note,) = found.notes
    assert (note.key, note.values["name"], note.values["count"]) == ("unknown_category", name, 5)
    assert note.values["examples"] == "Ys"


def test_one_line_of_text_gets_an_answer(twice, silent):
    run = twice("sklearn", "linear", "texts").recorded
    assert len(predicted(run, 'une ligne, "avec" des guillemets', silent).rows) == 1
    assert not (run.folder / "line.csv").exists()


def test_a_text_in_another_alphabet_is_told(twice, silent):
    found = predicted(twice("pytorch", "gru", "texts").recorded, "これは知らない言葉です", silent)
    assert [note.key for note in found.notes] == ["unknown_words"]


def test_one_image_gets_an_answer(twice, photos, silent):
    run = twice("pytorch", "cnn", "image-folder").recorded
    image = next(path for path in sorted(photos.rglob("*")) if path.suffix == ".png")
    (answer,) = predicted(run, image, silent).rows
    assert answer["row"] == image.name


def test_a_table_of_images_and_a_folder_of_them_get_the_same_answers(twice, album, silent):
    run = twice("pytorch", "cnn", "image-table").recorded
    by_table = {row["row"]: row["predicted"] for row in predicted(run, album, silent).rows}
    folder = predicted(run, album.parent / "images", silent).rows
    assert {row["row"]: row["predicted"] for row in folder} == by_table
    # A run of a folder answers for a table of images too
    run = twice("pytorch", "cnn", "image-folder").recorded
    assert len(predicted(run, album, silent).rows) == 40


def test_a_table_that_names_no_images_is_told(twice, table_csv, silent):
    run = twice("pytorch", "cnn", "image-table").recorded
    with pytest.raises(ApprentiError) as caught:
        predicted(run, table_csv, silent)
    assert (caught.value.key, caught.value.values["name"]) == ("column_missing", "file")


def test_an_image_that_does_not_open_is_told(twice, tmp_path, silent):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    run = twice("pytorch", "cnn", "image-folder").recorded
    for given in (tmp_path / "broken.png", tmp_path):
        with pytest.raises(ApprentiError) as caught:
            predicted(run, given, silent)
        assert caught.value.key == "broken_images"


def test_a_run_without_a_model_or_a_recipe_is_told(tmp_path, silent):
    with pytest.raises(ApprentiError) as caught:
        predicted(Run(tmp_path), "x.csv", silent)
    assert caught.value.key == "no_recipe"


def test_a_file_that_is_not_there_is_told(of_a_table, silent):
    with pytest.raises(ApprentiError) as caught:
        predicted(of_a_table, Path("nowhere.csv"), silent)
    assert caught.value.key == "new_rows_missing"


def test_a_model_that_was_swapped_for_something_else_runs_no_code(
    twice, table_csv, tmp_path, silent
):
    import pickle
    import shutil

    class Bomb:
        def __reduce__(self):
            return (Path(tmp_path / "exploded").touch, ())

    folder = tmp_path / "run"
    shutil.copytree(twice("pytorch", "mlp", "table").recorded.folder, folder)
    (folder / "model" / "weights.pt").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ApprentiError):
        predicted(Run(folder), table_csv, silent)
    assert not (tmp_path / "exploded").exists()
