"""A table that names files of images: found out by what it is, and refused where it is unsafe."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from apprenti.cli import main
from apprenti.data.describe import samples
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

ROWS = 20


@pytest.fixture
def album(tmp_path):
    """album(names): a table of 20 images in a folder `images`; returns the table's path."""

    def make(change=None, ending="csv", **columns):
        folder = tmp_path / "album"
        (folder / "images").mkdir(parents=True, exist_ok=True)
        names = [f"images/{number:02}.png" for number in range(ROWS)]
        for number, name in enumerate(names):
            Image.new("RGB", (6, 5), (number, 9, 9)).save(folder / name)
        frame = pd.DataFrame({"file": names, "kind": ["cat", "dog"] * (ROWS // 2), **columns})
        frame = change(frame) if change else frame
        path = folder / f"labels.{ending}"
        if ending == "parquet":
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False, sep="\t" if ending == "tsv" else ",")
        return path

    return make


def opened(path, target="kind", **settings):
    return open_source(DataSettings(source=str(path), target=target, **settings), path.parent)


def refusal(path, **settings):
    with pytest.raises(ApprentiError) as caught:
        opened(path, **settings)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def rename(row, name):
    """Return a change of the table: one row names another file."""

    def change(frame):
        frame.loc[row, "file"] = name
        return frame

    return change


# ---- Found out


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_a_table_that_names_images_is_a_source_of_images(album, ending):
    source = opened(album(ending=ending))
    assert (source.rows, source.shape, source.classes) == (ROWS, (5, 6, 3), 2)
    assert source.settings["image"] == "file"
    assert (source.settings["image_size"], source.settings["image_mode"]) == ((5, 6), "RGB")
    assert len(set(source.contents)) == ROWS
    assert len(source.hashes) == 2


def test_other_columns_are_left_out(album):
    source = opened(album(place=["here", "there"] * 10, size=range(ROWS)))
    assert source.table.columns.inputs == ("file",)
    assert set(source.table.columns.left_out) == {"place", "size"}


def test_a_number_to_foretell_makes_it_a_regression(album):
    source = opened(album(weight=np.linspace(0.5, 9, ROWS)), target="weight")
    assert (source.task, source.classes, source.settings["image"]) == ("regression", 0, "file")


def test_names_of_files_that_are_nowhere_make_no_table_of_images(album):
    lost = album(lambda frame: frame.assign(file=[f"lost{n}.png" for n in range(ROWS)]), size=1.5)
    assert opened(lost).settings.get("image") is None


def test_rows_without_an_answer_need_no_image(album):
    def change(frame):
        frame.loc[3, ["file", "kind"]] = [None, None]
        return frame

    assert opened(album(change)).rows == ROWS - 1


def test_images_of_a_group_stay_together(album):
    path = album(patient=[f"p{number // 4}" for number in range(ROWS)])
    data = DataSettings(source=str(path), target="kind", group="patient")
    rows = samples.read(open_source(data, path.parent), data)
    parts = {}
    for name, part in zip(rows.names, rows.parts, strict=True):
        parts.setdefault(int(name[7:9]) // 4, set()).add(int(part))
    assert all(len(found) == 1 for found in parts.values())


# ---- Refused


@pytest.mark.parametrize("name", ["../../etc/passwd", "../elsewhere/1.png", "/etc/passwd"])
def test_a_name_that_leads_outside_is_refused(album, name):
    error = refusal(album(rename(3, name)))
    assert (error.key, error.values["name"]) == ("image_name_outside", name)


def test_all_names_leading_outside_is_refused_too(album):
    path = album()
    elsewhere = path.parent.parent / "images"
    shutil.move(path.parent / "images", elsewhere)
    table = pd.read_csv(path)
    table.assign(file="../" + table["file"]).to_csv(path, index=False)
    assert refusal(path).key == "image_name_outside"


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
def test_a_link_that_leads_outside_is_refused_by_a_table_too(album):
    path = album()
    outside = path.parent.parent / "outside.png"
    Image.new("RGB", (6, 5)).save(outside)
    (path.parent / "images" / "03.png").unlink()
    (path.parent / "images" / "03.png").symlink_to(outside)
    assert refusal(path).key == "image_name_outside"


def test_files_that_are_missing_are_counted_and_the_first_is_named(album):
    path = album()
    for number in (4, 7):
        (path.parent / "images" / f"{number:02}.png").unlink()
    error = refusal(path)
    assert error.key == "image_files_missing"
    assert (error.values["count"], error.values["first"]) == (2, "images/04.png")


def test_names_written_without_their_folder_are_told_where_the_files_lie(album):
    error = refusal(album(lambda frame: frame.assign(file=frame["file"].str[7:])))
    assert (error.key, error.values["nearest"]) == ("image_files_missing", "images/00.png")


def test_a_row_without_a_name_is_told(album):
    error = refusal(album(rename(5, "")))
    assert (error.key, error.values["count"], error.values["first"]) == ("image_names_empty", 1, 5)


def test_an_image_that_a_table_names_and_that_does_not_open_is_told(album):
    path = album()
    (path.parent / "images" / "05.png").write_bytes(b"no image")
    error = refusal(path)
    assert (error.key, error.values["name"]) == ("broken_images", "images/05.png")


def test_images_of_kinds_that_are_not_read_are_named_and_never_taken_for_words(album):
    def change(frame):
        frame.loc[2:, "file"] = frame["file"].str.replace(".png", ".heic")
        return frame

    path = album(change, size=1.5)
    for number in range(2, ROWS):
        (path.parent / "images" / f"{number:02}.heic").write_bytes(b"ftypheic")
    error = refusal(path)
    assert (error.key, error.values["count"]) == ("broken_images", ROWS - 2)
    assert error.values["name"] == "images/02.heic"


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_a_pipe_that_a_table_names_is_refused_and_never_opened(album):
    path = album()
    (path.parent / "images" / "05.png").unlink()
    os.mkfifo(path.parent / "images" / "05.png")
    error = refusal(path)
    assert (error.key, error.values["name"]) == ("broken_images", "images/05.png")


def test_images_of_a_table_keep_more_than_256_shades_and_two_depths_are_refused(album):
    path = album()
    for number in range(ROWS):
        points = np.arange(30, dtype=np.uint16).reshape(5, 6) * 99
        Image.fromarray(points).save(path.parent / "images" / f"{number:02}.png")
    source = opened(path)
    assert (source.shape, source.settings["image_mode"]) == ((5, 6), "F")
    Image.new("L", (6, 5)).save(path.parent / "images" / "07.png")
    error = refusal(path)
    assert (error.key, error.values["other"]) == ("mixed_depths", "images/07.png")


def test_digits_have_no_column_of_images(tmp_path):
    with pytest.raises(ApprentiError) as caught:
        open_source(DataSettings(source="digits", image="file"), tmp_path)
    assert caught.value.key == "not_for_this_source"


# ---- What is wrong with images


def apprenti(*words):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    assert left.value.code == 0


def findings(path, capsys, target=("--target", "kind")):
    project = path.parent.parent / "project"
    shutil.rmtree(project, ignore_errors=True)
    apprenti("new", project, "--data", path, *target)
    capsys.readouterr()
    apprenti("data", "--project", project, "--json")
    facts = json.loads(capsys.readouterr().out)
    return {finding["code"]: finding for finding in facts["findings"]}, facts


def test_images_without_copies_have_nothing_wrong(album, capsys):
    found, facts = findings(album(), capsys)
    assert set(found) <= {"D001", "D003"}
    assert Path(facts["picture"]).name == "data.png"
    assert sum(count for _, count in facts["classes"]) == facts["rows"] == 17


def test_images_without_an_answer_are_counted(album, capsys):
    def change(frame):
        frame.loc[:2, "kind"] = None
        return frame

    found, facts = findings(album(change), capsys)
    assert found["D005"]["values"]["rows"] == 3
    assert facts["rows"] + facts["test_rows"] == ROWS - 3


def test_the_same_file_twice_is_a_copy(album, capsys):
    found, _ = findings(album(lambda frame: pd.concat([frame] * 2)), capsys)
    assert "D015" in found
    assert " = " in found["D015"]["what"]
    assert found["D017"]["values"]["valid"] > 0


def test_one_image_with_two_labels_is_told_by_name(album, capsys):
    def change(frame):
        other = frame.assign(kind=frame["kind"].map({"cat": "dog", "dog": "cat"}))
        return pd.concat([frame, other])

    found, _ = findings(album(change), capsys)
    assert found["D016"]["values"]["rows"] > 0
    assert "images/" in found["D016"]["what"]
    assert "D015" not in found


def test_who_takes_the_script_away_is_told_of_the_images(
    album, make_project, train, tmp_path, capsys
):
    made = make_project(album(), target="kind", framework="sklearn", kind="linear")
    assert train(made).status == "finished"
    apprenti("eject", "last", tmp_path / "out", "--project", made.folder)
    assert "labels.csv, and the images" in " ".join(capsys.readouterr().out.split())


def test_numbers_foretold_from_images_are_described(album, capsys):
    path = album(weight=np.linspace(0.5, 9, ROWS))
    found, facts = findings(path, capsys, ("--target", "weight"))
    assert set(found) <= {"D001"}
    assert (facts["classes"], facts["target"]) == ([], "weight")
    assert 0.5 <= facts["answers"]["lowest"] < facts["answers"]["highest"] <= 9


def test_a_folder_with_copies_of_images_is_told(tmp_path, capsys):
    folder = tmp_path / "pets"
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(30):
            points = (number, len(name) * (name == "cat"), 200)
            Image.new("RGB", (6, 5), points).save(folder / name / f"{number:02}.png")
    sound, _ = findings(folder, capsys, ())
    assert not set(sound) & {"D015", "D016", "D017"}
    for number in range(30):
        shutil.copy(folder / "cat" / f"{number:02}.png", folder / "cat" / f"copy {number:02}.png")
        shutil.copy(folder / "dog" / f"{number:02}.png", folder / "cat" / f"dog {number:02}.png")
    found, _ = findings(folder, capsys, ())
    assert {"D015", "D016", "D017"} <= set(found)
    assert "cat/00.png = cat/copy 00.png" in found["D015"]["values"]["copies"]
    assert any("dog/" in pair for pair in found["D016"]["values"]["copies"])
