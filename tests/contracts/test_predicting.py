"""A model opened again gives the validation rows the predictions that the run gave them."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fork_server
from apprenti.errors import ApprentiError
from apprenti.new.template import write_project
from apprenti.predict import new_rows
from apprenti.project import changed
from apprenti.runs import Run
from apprenti.train import one_run
from apprenti.train.plan import plan

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


PROCESSES = [
    ("pytorch", "mlp", "idx"),
    ("tensorflow", "mlp", "arrays-columns"),
    ("sklearn", "mlp", "arrays-columns"),
]
"""Whose scripts are processes of their own here; the others are copies of one."""


@pytest.mark.few(8)
@pytest.mark.parametrize("combination", SEVERAL, ids="-".join)
def test_new_rows_get_the_answers_of_the_run(combination, run_of, new, predicted, silent):
    run, source = run_of(*combination), new(combination[2])
    if combination in PROCESSES:
        found = new_rows.predict(run, [str(source)], silent())
    else:
        found = predicted(run, source)
    # Words that no model knows, and cells that are none of their column, are told
    assert found.notes == [] or combination[2] in ("texts", "table-regression")
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
            assert answer.keys() == row.keys() - {"truth"}
            for name in answer.keys() - {"row", "predicted"}:
                assert float(answer[name]) == pytest.approx(float(row[name]), abs=2e-5), name
        else:
            close = pytest.approx(float(row["predicted"]), rel=1e-4)
            assert float(answer["predicted"]) == close
    assert not (run.folder / "answers.csv").exists()


@pytest.fixture
def of_a_table(run_of):
    return run_of("sklearn", "boosting", "table")


def rewritten(path, tmp_path, change):
    import pandas as pd

    table = change(pd.read_csv(path))
    table.to_csv(tmp_path / "new.csv", index=False)
    return tmp_path / "new.csv"


def test_the_answer_need_not_be_there_nor_the_order_the_same(
    of_a_table, table_csv, tmp_path, predicted
):
    usual = predicted(of_a_table, table_csv).rows
    path = rewritten(table_csv, tmp_path, lambda t: t.drop(columns="réponse").iloc[:, ::-1])
    assert predicted(of_a_table, path).rows == usual


def test_a_missing_column_is_told_with_the_nearest_name(of_a_table, table_csv, tmp_path, predicted):
    path = rewritten(table_csv, tmp_path, lambda t: t.rename(columns={"poids": "poid"}))
    with pytest.raises(ApprentiError) as caught:
        predicted(of_a_table, path)
    assert caught.value.key == "column_missing"
    assert (caught.value.values["name"], caught.value.values["nearest"]) == ("poids", "poid")


def test_a_category_never_seen_is_answered_and_told(of_a_table, table_csv, tmp_path, predicted):
    name = 'ville, "x" 🎈'

    def elsewhere(table):
        table.loc[:4, name] = "Ys"
        return table

    found = predicted(of_a_table, rewritten(table_csv, tmp_path, elsewhere))
    assert len(found.rows) == 300
    (note,) = found.notes
    assert (note.key, note.values["name"], note.values["count"]) == ("unknown_category", name, 5)
    assert [(cell.row, cell.value) for cell in note.cells] == [(n, "Ys") for n in range(1, 6)]


def test_one_line_of_text_gets_an_answer(run_of, predicted):
    run = run_of("sklearn", "linear", "texts")
    assert len(predicted(run, 'une ligne, "avec" des guillemets').rows) == 1
    assert not (run.folder / "line.csv").exists()


def test_a_text_in_another_alphabet_is_told(run_of, predicted):
    found = predicted(run_of("pytorch", "gru", "texts"), "これは知らない言葉です")
    assert [note.key for note in found.notes] == ["unknown_words"]


def test_one_image_gets_an_answer(run_of, photos, predicted):
    run = run_of("pytorch", "cnn", "image-folder")
    image = next(path for path in sorted(photos.rglob("*")) if path.suffix == ".png")
    (answer,) = predicted(run, image).rows
    assert answer["row"] == image.name


def test_a_table_of_images_and_a_folder_of_them_get_the_same_answers(run_of, album, predicted):
    run = run_of("pytorch", "cnn", "image-table")
    by_table = {row["row"]: row["predicted"] for row in predicted(run, album).rows}
    folder = predicted(run, album.parent / "images").rows
    assert {row["row"]: row["predicted"] for row in folder} == by_table
    # A run of a folder answers for a table of images too
    run = run_of("pytorch", "cnn", "image-folder")
    assert len(predicted(run, album).rows) == 40


def test_a_table_that_names_no_images_is_told(run_of, table_csv, predicted):
    run = run_of("pytorch", "cnn", "image-table")
    with pytest.raises(ApprentiError) as caught:
        predicted(run, table_csv)
    assert (caught.value.key, caught.value.values["name"]) == ("column_missing", "file")


def test_an_image_that_does_not_open_is_told(run_of, tmp_path, predicted):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    run = run_of("pytorch", "cnn", "image-folder")
    for given in (tmp_path / "broken.png", tmp_path):
        with pytest.raises(ApprentiError) as caught:
            predicted(run, given)
        assert caught.value.key == "broken_images"


@pytest.mark.parametrize(
    ("missing", "key"),
    [
        ("model/weights.pt", "no_model"),
        ("predict.py", "run_before_predict"),
        ("evaluate.py", "run_before_predict"),
        ("recipe.json", "no_recipe"),
    ],
)
def test_a_run_without_what_is_needed_is_refused(missing, key, run_of, tmp_path, predicted):
    folder = shutil.copytree(run_of("pytorch", "mlp", "table").folder, tmp_path / "run")
    (folder / missing).unlink()
    with pytest.raises(ApprentiError) as caught:
        predicted(Run(folder), "x.csv")
    assert caught.value.key == key


def test_a_file_that_is_not_there_is_told(of_a_table, predicted):
    with pytest.raises(ApprentiError) as caught:
        predicted(of_a_table, Path("nowhere.csv"))
    assert caught.value.key == "new_rows_missing"


def test_a_model_that_was_swapped_for_something_else_runs_no_code(
    run_of, table_csv, tmp_path, predicted
):
    import pickle

    class Bomb:
        def __reduce__(self):
            return (Path(tmp_path / "exploded").touch, ())

    folder = tmp_path / "run"
    shutil.copytree(run_of("pytorch", "mlp", "table").folder, folder)
    (folder / "model" / "weights.pt").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ApprentiError):
        predicted(Run(folder), table_csv)
    assert not (tmp_path / "exploded").exists()


FORMS = ["t.json", "t.feather", "t.csv.gz", "t.dat", "above and below"]


@pytest.mark.parametrize("form", FORMS)
def test_new_rows_come_in_any_kind_of_file(form, run_of, predicted, sources, tmp_path):
    run = run_of("sklearn", "boosting", "table")
    frame = pd.read_csv(sources["table"])
    path = tmp_path / (form if "." in form else "t.csv")
    if form == "t.json":
        frame.to_json(path, orient="records")
    elif form == "t.feather":
        frame.to_feather(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if form == "t.dat" else ",")
    if form == "above and below":
        lines = path.read_text(encoding="utf-8")
        path.write_text(f"A title\n{lines}\nSource: us\n", encoding="utf-8")
    found, expected = predicted(run, path), predicted(run, sources["table"])
    assert found.rows == expected.rows
    told = [note.values["told"] for note in found.notes]
    assert len(told) == (2 if form == "above and below" else 0)


def test_a_model_of_a_workbook_predicts_a_workbook_and_any_other_file(tmp_path, predicted, silent):
    sales = Path(__file__).parents[1] / "cases" / "ventes.xlsx"
    project = write_project(tmp_path / "project", str(sales), "retour")
    project = changed(project, {"train.framework": "sklearn", "model.kind": "forest"})
    with fork_server.copies():
        run = one_run.train(plan(project), project.runs_folder, silent())
    assert "skiprows" in (run.folder / "predict.py").read_text(encoding="utf-8")
    # The total may be a row to predict: it is kept
    *rows, total = predicted(run, sales).rows
    assert (len(rows), total["row"]) == (60, "60")
    read = pd.read_excel(sales, sheet_name="Ventes", skiprows=3, nrows=60, engine="calamine")
    read = read.drop(columns="Unnamed: 0").rename(columns=str.strip)
    read.to_parquet(tmp_path / "t.parquet")
    assert predicted(run, tmp_path / "t.parquet").rows == rows
    read.to_csv(tmp_path / "t.csv", index=False)
    assert predicted(run, tmp_path / "t.csv").rows == rows
