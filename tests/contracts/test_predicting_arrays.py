"""New rows for models that learned from arrays: what does not fit is refused, or noted."""

import gzip

import numpy as np
import pytest
from PIL import Image

from apprenti.errors import ApprentiError


@pytest.fixture
def of_digits(run_of):
    return run_of("sklearn", "linear", "digits")


@pytest.fixture
def of_idx(run_of):
    return run_of("sklearn", "linear", "idx")


@pytest.fixture
def of_columns(run_of):
    return run_of("sklearn", "linear", "arrays-columns")


@pytest.fixture
def refusal(predicted):
    def call(run, given):
        with pytest.raises(ApprentiError) as caught:
            predicted(run, given)
        assert all(part and "{" not in part for part in caught.value.parts())
        return caught.value

    return call


def saved(tmp_path, **arrays):
    np.savez(tmp_path / "new.npz", **arrays)
    return tmp_path / "new.npz"


def some_digits(rows=5):
    from sklearn.datasets import load_digits

    return load_digits().images[:rows]


# ---- What fits


def test_the_one_array_of_a_file_is_taken_whatever_its_name(of_digits, tmp_path, predicted):
    found = predicted(of_digits, saved(tmp_path, mine=some_digits()))
    assert [row["row"] for row in found.rows] == ["0", "1", "2", "3", "4"]
    assert found.notes == []


def test_a_model_of_arrays_answers_for_an_idx_file(of_digits, tmp_path, predicted, idx_writer):
    idx_writer(tmp_path / "new-images-idx3-ubyte", some_digits())
    by_idx = predicted(of_digits, tmp_path / "new-images-idx3-ubyte").rows
    assert by_idx == predicted(of_digits, saved(tmp_path, x=some_digits())).rows


def test_an_image_is_brought_to_the_size_of_the_training(of_idx, tmp_path, predicted):
    digits = some_digits(20)
    for number, points in enumerate(digits):
        image = Image.fromarray((points * 15).astype(np.uint8))
        image.save(tmp_path / f"{number:02}.png")
        image.resize((16, 16)).convert("RGB").save(tmp_path / f"{number:02}-large.bmp")
    found = predicted(of_idx, tmp_path)
    told = {note.key: note.values["names"] for note in found.notes}
    # Those of 16 points reach their edges; where a ring fills the page, none is found
    assert set(told) == {"drawing_cut", "nothing_drawn"}
    answers = {row["row"].split("/")[-1]: row["predicted"] for row in found.rows}
    (tmp_path / "array").mkdir()
    given = saved(tmp_path / "array", x=(digits * 15).astype(np.uint8))
    of_arrays = [row["predicted"] for row in predicted(of_idx, given).rows]
    assert [answers[f"{number:02}.png"] for number in range(20)] == of_arrays
    found_in = [n for n in range(20) if f"{n:02}-large.bmp" not in told["nothing_drawn"]]
    same = [answers[f"{n:02}-large.bmp"] == of_arrays[n] for n in found_in]
    assert len(same) >= 17 and sum(same) >= len(same) - 1


def test_other_units_are_noted(of_digits, tmp_path, predicted):
    found = predicted(of_digits, saved(tmp_path, x=some_digits() / 255))
    (note,) = found.notes
    assert (note.key, note.values["scale"]) == ("other_units", 16)


def test_columns_far_from_those_of_the_training_are_noted(of_columns, tmp_path, predicted):
    rows = np.load(of_columns_source(of_columns))["x"][:10]
    assert predicted(of_columns, saved(tmp_path, x=rows)).notes == []
    rows[3] *= 1000
    (note,) = predicted(of_columns, saved(tmp_path, x=rows)).notes
    assert (note.key, note.values["count"], note.values["rows"]) == ("far_rows", 1, 10)


def of_columns_source(run):
    return (run.folder.parent.parent / run.choices["data"]["source"]).resolve()


# ---- What does not


@pytest.mark.parametrize("shape", [(0, 8, 8), (5, 8, 9), (5, 64), (8, 8), (5, 8, 8, 1)])
def test_rows_of_another_shape_are_refused(of_digits, tmp_path, refusal, shape):
    error = refusal(of_digits, saved(tmp_path, x=np.zeros(shape)))
    assert (error.key, error.values["wanted"]) == ("new_rows_shape", "8 × 8")


def test_an_idx_file_of_labels_is_refused(of_idx, sources, refusal):
    labels = sources["idx"] / "train-labels-idx1-ubyte.gz"
    assert refusal(of_idx, labels).key == "new_rows_shape"


def test_words_are_refused(of_digits, tmp_path, refusal):
    words = np.full((5, 8, 8), "a")
    assert refusal(of_digits, saved(tmp_path, x=words)).key == "inputs_shape"


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_what_is_no_number_is_refused_and_counted(of_digits, tmp_path, refusal, value):
    digits = some_digits()
    digits[2:4, 0, 0] = value
    error = refusal(of_digits, saved(tmp_path, x=digits))
    assert error.key == "new_rows_not_finite"
    assert (error.values["count"], error.values["first"]) == (2, 2)


def test_several_arrays_of_unknown_names_are_refused(of_digits, tmp_path, refusal):
    error = refusal(of_digits, saved(tmp_path, a=some_digits(), b=some_digits()))
    assert (error.key, error.values["found"]) == ("new_rows_array", "a, b")


def test_objects_in_an_array_are_not_opened(of_digits, tmp_path, refusal):
    error = refusal(of_digits, saved(tmp_path, x=np.array([{}], dtype=object)))
    assert error.key == "damaged_npz"


@pytest.mark.parametrize("name", ["new.npz", "new-images-idx3-ubyte.gz"])
def test_a_damaged_file_of_new_rows_is_told(of_digits, tmp_path, refusal, name):
    content = gzip.compress(bytes(1000))[:-9] if name.endswith("gz") else b"PK no zip"
    (tmp_path / name).write_bytes(content)
    assert refusal(of_digits, tmp_path / name).key in ("damaged_npz", "damaged_gzip", "not_idx")


def test_a_table_is_nothing_for_a_model_of_arrays(of_digits, table_csv, refusal):
    assert refusal(of_digits, table_csv).key == "new_rows_kind"


def test_an_image_is_nothing_for_a_model_of_columns(of_columns, photos, refusal):
    image = next(path for path in sorted(photos.rglob("*")) if path.suffix == ".png")
    assert refusal(of_columns, image).key == "new_rows_kind"


def test_where_black_and_white_are_not_known_an_image_is_refused(
    make_project, train, tmp_path, refusal
):
    shades = np.random.default_rng(0).normal(size=(100, 8, 8))
    np.savez(tmp_path / "shades.npz", x=shades, y=np.arange(100) % 2)
    run = train(make_project(tmp_path / "shades.npz", framework="sklearn", kind="linear"))
    Image.new("L", (8, 8)).save(tmp_path / "x.png")
    assert refusal(run, tmp_path / "x.png").key == "new_images_scale"


def test_a_broken_image_is_told_to_a_model_of_arrays(of_idx, tmp_path, refusal):
    (tmp_path / "x.png").write_bytes(b"no image")
    assert refusal(of_idx, tmp_path / "x.png").key == "broken_images"
