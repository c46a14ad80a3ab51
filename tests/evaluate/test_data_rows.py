"""The rows that a run was wrong about, as they stand in the data of its project."""

import shutil

import numpy as np
import pytest
from PIL import Image

from apprenti.data.checksum import digest
from apprenti.evaluate.data_rows import look_up

WORDS = [{"row": 0, "truth": "a", "predicted": "b", "confidence": 1}]


def written(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def flowers(left, tmp_path):
    """A run on a table in its project."""
    lines = [f"{n},{n / 2},{'red' if n % 2 else ''},{'ab'[n % 2]}" for n in range(40)]
    text = "\n".join(["id,size,colour,kind", *lines]) + "\n"
    path = written(tmp_path / "project", "flowers.csv", text)
    data = {"source": "flowers.csv", "target": "kind", "task": "classification", "ignore": ["id"]}
    return left(WORDS, data=data, environment={"hashes": {"data": {path.name: digest(path)}}})


def test_a_row_of_a_table_has_the_columns_that_the_model_saw(flowers):
    found = look_up(flowers, ["3", "4", "999"])
    assert found.why_not == ""
    assert found.rows["3"].columns == {"size": 1.5, "colour": "red"}
    assert found.rows["4"].columns == {"size": 2.0, "colour": None}
    assert "999" not in found.rows


def test_of_data_that_have_changed_no_row_is_shown(flowers):
    with open(flowers.folder.parent.parent / "flowers.csv", "a", encoding="utf-8") as file:
        file.write("40,20,red,a\n")
    found = look_up(flowers, ["3"])
    assert not found.rows
    assert found.why_not == "flowers.csv has changed since this run."


def test_where_the_data_are_gone_that_is_said(flowers):
    (flowers.folder.parent.parent / "flowers.csv").unlink()
    found = look_up(flowers, ["3"])
    assert not found.rows
    assert "flowers.csv" in found.why_not


def test_nothing_is_written_into_the_project(flowers):
    project = flowers.folder.parent.parent
    before = sorted(path.name for path in project.rglob("*"))
    look_up(flowers, ["3"])
    assert sorted(path.name for path in project.rglob("*")) == before


def test_a_row_of_a_column_of_texts_is_its_text(left, tmp_path):
    lines = [f'"it was, all in all, {"good" if n % 2 else "bad"} {n}",{n % 2}' for n in range(40)]
    written(tmp_path / "project", "said.csv", "\n".join(["said,liked", *lines]) + "\n")
    data = {"source": "said.csv", "target": "liked", "text": "said", "task": "classification"}
    found = look_up(left(WORDS, data=data), ["3"])
    assert found.rows["3"].text == "it was, all in all, good 3"


def test_a_row_of_the_digits_is_its_points(left):
    (row,) = look_up(left(WORDS), ["7"]).rows.values()
    assert row.image.shape == (8, 8)


def test_a_row_of_a_folder_of_images_is_its_file_and_never_one_outside(left, tmp_path):
    folder = tmp_path / "project" / "pictures" / "cat"
    folder.mkdir(parents=True)
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(folder / "one.png")
    shutil.copy(folder / "one.png", tmp_path / "project" / "outside.png")
    run = left(WORDS, data={"source": "pictures"})
    found = look_up(run, ["cat/one.png", "../outside.png", "cat/none.png"])
    assert list(found.rows) == ["cat/one.png"]
    assert found.rows["cat/one.png"].image == tmp_path / "project" / "pictures" / "cat/one.png"
