"""Reading the files of a run: IDX, .npz, tables and folders of images become rows."""

import gzip

import numpy as np
import pandas as pd
import pytest

from apprenti.backends.common import (
    arrays,
    csv_table,
    digits,
    idx,
    idx_file,
    image_column,
    image_folder,
    parquet_table,
    table,
)
from apprenti.backends.common.settings import Config


@pytest.mark.parametrize("name", ["values.gz", "values"])
@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 3, 2)])
def test_idx_files_are_read_as_they_were_written(tmp_path, idx_writer, name, shape):
    values = np.random.default_rng(0).integers(256, size=shape)
    idx_writer(tmp_path / name, values)
    assert np.array_equal(idx_file.read_idx(tmp_path / name), values)


def test_the_sizes_in_an_idx_file_are_of_four_bytes(tmp_path):
    # 300 does not fit in one byte: 0x12C, the larger part first
    head = bytes([0, 0, 8, 1, 0, 0, 1, 0x2C])
    (tmp_path / "values").write_bytes(head + bytes(300))
    assert idx_file.read_idx(tmp_path / "values").shape == (300,)


def test_a_folder_of_idx_files_becomes_rows(idx_folder):
    inputs, labels, names = idx.read(idx_folder, Config())
    with gzip.open(idx_folder / "train-labels-idx1-ubyte.gz") as file:
        assert labels.tolist() == [*file.read()[8:]]
    assert (inputs.shape, inputs.dtype) == ((300, 8, 8), np.uint8)
    assert names.tolist() == list(range(300))


@pytest.mark.parametrize(("form", "ending"), [("packed", ".gz"), ("plain", "")])
def test_grey_images_are_read_alike_where_it_is_known_how_their_files_are(
    tmp_path, idx_writer, form, ending
):
    random, names = np.random.default_rng(0), (f"images{ending}", f"labels{ending}")
    for name, shape in zip(names, ((7, 3, 2), (7,)), strict=True):
        idx_writer(tmp_path / name, random.integers(256, size=shape))
    read = [idx.read(tmp_path, Config(files=names, idx_files=how)) for how in ("mixed", form)]
    for one, other in zip(*read, strict=True):
        assert (one.dtype, one.shape, one.tolist()) == (other.dtype, other.shape, other.tolist())


def test_the_files_of_a_test_set_are_read_by_the_same_function(tmp_path, idx_writer):
    for name, count in (("images", 5), ("labels", 5)):
        shape = (count, 2, 2) if name == "images" else (count,)
        idx_writer(tmp_path / f"{name}.gz", np.ones(shape))
    inputs, labels, _ = idx.read(tmp_path, Config(files=("images.gz", "labels.gz")))
    assert (inputs.shape, labels.shape) == ((5, 2, 2), (5,))


def test_arrays_are_taken_by_the_names_in_the_settings(tmp_path):
    np.savez(tmp_path / "d.npz", images=np.ones((20, 2, 2)), labels=np.arange(20) % 2, x=[0])
    inputs, labels, names = arrays.read(
        tmp_path / "d.npz", Config(inputs_array="images", labels_array="labels")
    )
    assert inputs.shape == (20, 2, 2)
    assert labels.tolist() == [0, 1] * 10
    assert names.tolist() == list(range(20))


def test_an_array_of_objects_is_not_opened(tmp_path):
    np.savez(tmp_path / "d.npz", x=np.array([{}, []], dtype=object), y=np.arange(2))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        arrays.read(tmp_path / "d.npz", Config())


def test_the_digits_come_with_scikit_learn(tmp_path):
    inputs, labels, _ = digits.read(tmp_path, Config())
    assert inputs.shape == (1797, 8, 8)
    assert sorted(set(labels.tolist())) == list(range(10))


# Tables


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "âge;né le;poids;équipe;prix\n1,5;01/02/1970;70;7;3\n2;;?;8;\n3;31/12/1971;80,5;7;5\n",
        encoding="cp1252",
    )
    return path


FRENCH = Config(encoding="cp1252", delimiter=";", decimal=",", target="prix", split_by="prix")


def test_rows_without_a_target_are_left_out_and_the_others_keep_their_number(people):
    inputs, labels, names = table.read(people, FRENCH)
    assert names.tolist() == [0, 2]
    assert labels.tolist() == [3, 5]
    assert inputs["âge"].tolist() == [1.5, 3]
    assert list(inputs) == ["âge", "né le", "poids", "équipe"]


def test_columns_become_what_the_settings_say_they_are(people):
    config = FRENCH._replace(
        ignore=("âge",),
        numbers=(("poids", ",", "", ""),),
        categorical=("équipe",),
        dates=(("né le", "%d/%m/%Y"),),
    )
    inputs, *_ = table.read(people, config)
    assert list(inputs) == ["poids", "équipe", "né le", "né le month", "né le weekday"]
    assert inputs["poids"].tolist() == [70, 80.5]
    assert inputs["équipe"].tolist() == ["7", "7"]
    # 31 days after 1 January 1970; a Sunday
    assert inputs.iloc[0, 2:].tolist() == [31, 2, 6]
    assert inputs.iloc[1, 2:].tolist() == [729, 12, 4]


def test_groups_or_times_are_read_where_the_split_goes_by_them(people):
    inputs, _, _, by = table.read(people, FRENCH._replace(split_by="équipe", ignore=("équipe",)))
    assert by.tolist() == [7, 7]
    assert "équipe" not in inputs


def test_new_rows_need_no_target_and_are_all_kept(people):
    inputs, labels, names = table.read(people, FRENCH._replace(labelled=False))
    assert labels is None
    assert names.tolist() == [0, 1, 2]
    assert "prix" not in inputs
    without = people.with_name("new.csv")
    lines = people.read_text(encoding="cp1252").splitlines()
    text = "\n".join(line.rpartition(";")[0] for line in lines)
    without.write_text(text, encoding="cp1252")
    again, *_ = table.read(without, FRENCH._replace(labelled=False))
    pd.testing.assert_frame_equal(again, inputs)


def test_a_table_as_pandas_expects_one_is_read_as_it_is(table_csv, table_parquet):
    plain = csv_table.read_table(table_csv, Config())
    assert next(iter(plain)) == "taille (été)"
    assert len(plain) == len(parquet_table.read_table(table_parquet, Config())) == 300


# Images


def test_a_folder_of_images_has_a_class_a_folder(photos):
    inputs, labels, names = image_folder.read(photos, Config())
    assert len(names) == 40
    assert set(labels.tolist()) == {"été 🌞", "nuit, d'hiver"}
    assert [name.split("/")[0] for name in names] == labels.tolist()
    assert names.tolist() == sorted(names)
    assert all(path.is_file() for path in inputs)


def test_a_table_names_its_images_from_its_own_folder(album):
    config = Config(target="season", image="file", split_by="season")
    inputs, labels, names = image_column.read(album, config)
    assert all(path.is_file() for path in inputs)
    assert [name.split("/")[1] for name in names] == labels.tolist()
    *_, by_shade = image_column.read(album, config._replace(split_by="shade"))
    assert by_shade.shape == (40,)
