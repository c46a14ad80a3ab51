"""How the rows are shared out, and that the parts are what their names say."""

import numpy as np
import pytest

from apprenti.backends.common import (
    columns,
    data,
    pixels,
    regression,
    split_groups,
    split_random,
    split_time,
)
from apprenti.backends.common.settings import Config

EVERY = np.arange(1000)
LABELS = np.repeat([0, 1, 2, 3], [400, 300, 200, 100])


def parts(labels=LABELS, **settings):
    """Return the rows of the three parts."""
    config = Config()._replace(**settings)
    train, valid = split_random.split_rows(labels, config)
    rest = np.setdiff1d(np.arange(len(labels)), np.concatenate([train, valid]))
    return train, valid, rest


@pytest.mark.parametrize("valid", [150, 301, 7])
@pytest.mark.parametrize("test", [150, 0, 333])
def test_no_row_is_in_two_parts_and_each_part_has_its_size(valid, test):
    train, checked, rest = parts(train=1000 - valid - test, valid=valid, test=test)
    assert len(np.unique(np.concatenate([train, checked]))) == len(train) + len(checked)
    assert (len(train), len(checked), len(rest)) == (1000 - valid - test, valid, test)


def test_each_class_gives_its_share_to_validation():
    # Of the rows that are not for the test, whose draw is blind
    train, valid, _ = parts()
    kept = np.bincount(LABELS[np.concatenate([train, valid])])
    given = np.bincount(LABELS[valid])
    assert np.abs(given - kept * len(valid) / kept.sum()).max() < 1


def test_a_rare_class_is_in_validation_when_its_share_is_one_row():
    labels = np.repeat([0, 1], [95, 5])
    _, valid, _ = parts(labels, train=80, valid=20, test=0)
    assert np.bincount(labels[valid]).tolist() == [19, 1]


def test_learning_from_fewer_rows_takes_the_first_of_them_and_checks_with_the_same():
    train, valid, _ = parts()
    fewer, same, _ = parts(train=100)
    assert np.array_equal(fewer, train[:100])
    assert np.array_equal(same, valid)


def test_the_order_of_the_rows_and_the_split_come_from_the_split_seed_only():
    one, again, other = parts(), parts(seed=5), parts(split_seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one[1], other[1])
    # Sorted rows would show a network one class after the other
    assert not np.array_equal(one[0], np.sort(one[0]))


def test_test_rows_do_not_depend_on_any_label():
    _, _, rest = parts()
    _, _, same = parts(np.random.default_rng(0).permutation(LABELS))
    assert np.array_equal(rest, same)


@pytest.fixture
def shared():
    labels = np.array(["b", "a", "été", "a"] * 25)
    inputs = np.arange(100, dtype=np.float64).reshape(-1, 1, 1)
    split = split_random.split_rows(labels, Config(train=70, valid=15, test=15))
    return inputs, labels, data.share_out(inputs, labels, split)


def test_classes_are_named_in_their_order_and_targets_are_their_numbers(shared):
    _, labels, made = shared
    assert made.target["classes"] == ["a", "b", "été"]
    assert [made.target["classes"][t] for t in made.valid_targets] == labels[
        made.valid_rows
    ].tolist()


def test_inputs_and_targets_stay_together(shared):
    _, labels, made = shared
    scale = made.preparation["scale"]
    rows = np.round(made.train_inputs.ravel() * scale).astype(int)
    assert [made.target["classes"][t] for t in made.train_targets] == labels[rows].tolist()
    assert np.round(made.valid_inputs.ravel() * scale).astype(int).tolist() == [*made.valid_rows]


def test_inputs_are_of_32_bits_and_targets_whole(shared):
    _, _, made = shared
    assert made.train_inputs.dtype == made.valid_inputs.dtype == np.float32
    assert made.train_targets.dtype.kind == "i"


# Preparation


def test_pixels_are_scaled_by_the_largest_of_the_training_rows():
    known = pixels.fit_preparation(np.array([[0, 128, 255]], dtype=np.uint8), np.array([0]))
    assert pixels.prepare(np.array([[0, 51, 255]], np.uint8), np.array([0]), known).tolist() == [
        [0, pytest.approx(0.2), 1]
    ]


def test_black_images_are_left_as_they_are():
    known = pixels.fit_preparation(np.zeros((3, 2, 2)), EVERY[:3])
    assert (
        pixels.prepare(np.zeros((3, 2, 2)), EVERY[:3], known).tolist()
        == np.zeros((3, 2, 2)).tolist()
    )


def test_columns_get_mean_0_and_deviation_1_whatever_their_size():
    inputs = np.random.default_rng(0).normal([0, 1e6], [1e-3, 10], (1000, 2))
    prepared = columns.prepare(inputs, EVERY, columns.fit_preparation(inputs, EVERY))
    assert prepared.dtype == np.float32
    assert np.abs(prepared.mean(axis=0)).max() < 1e-3
    assert np.abs(prepared.std(axis=0) - 1).max() < 1e-3


def test_a_constant_column_becomes_0_and_not_infinite():
    inputs = np.full((10, 1), 7.0)
    prepared = columns.prepare(inputs, EVERY[:10], columns.fit_preparation(inputs, EVERY[:10]))
    assert prepared.tolist() == [[0.0]] * 10


def test_both_preparations_have_the_same_functions():
    for name in ("fit_preparation", "prepare"):
        one, other = (getattr(block, name).__annotations__ for block in (pixels, columns))
        assert one.keys() == other.keys()


# Groups and times

PATIENTS = np.random.default_rng(1).integers(100, size=1000)


def test_no_group_stands_in_two_parts():
    train, valid = split_groups.split_rows(PATIENTS, Config())
    test = np.setdiff1d(EVERY, np.concatenate([train, valid]))
    seen = [set(PATIENTS[rows]) for rows in (train, valid, test)]
    assert not (seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
    # Whole groups cannot fill a part exactly
    assert 120 <= len(valid) <= 180
    assert 120 <= len(test) <= 180


def test_groups_are_drawn_by_the_split_seed():
    one, again = (split_groups.split_rows(PATIENTS, Config())[1] for _ in range(2))
    other = split_groups.split_rows(PATIENTS, Config(split_seed=1))[1]
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_latest_rows_are_the_test_and_those_before_them_check():
    times = np.random.default_rng(2).permutation(1000).astype("datetime64[D]")
    train, valid = split_time.split_rows(times, Config())
    test = np.setdiff1d(EVERY, np.concatenate([train, valid]))
    assert (len(train), len(valid), len(test)) == (700, 150, 150)
    assert times[train].max() < times[valid].min()
    assert times[valid].max() < times[test].min()


def test_with_fewer_rows_the_latest_of_the_older_ones_teach():
    train, _ = split_time.split_rows(np.arange(1000), Config(train=10))
    assert train.tolist() == list(range(690, 700))


# Numbers to estimate


def test_targets_of_a_regression_have_mean_0_and_deviation_1_on_the_training_rows():
    labels = np.random.default_rng(0).normal(50, 7, 1000)
    (coded, _), _ = regression.code_targets(labels, (EVERY[:700], EVERY[700:]))
    assert (coded.shape, coded.dtype) == ((700, 1), np.float32)
    assert abs(coded.mean()) < 1e-5
    assert abs(coded.std() - 1) < 1e-5


# Where data are found


def test_data_are_found_beside_the_script_then_where_told_then_above(tmp_path, monkeypatch):
    project, told = tmp_path / "project", tmp_path / "told"
    run = project / "runs" / "one"
    run.mkdir(parents=True)
    told.mkdir()
    monkeypatch.chdir(run)
    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    (project / "d").touch()
    assert data.find("d") == project / "d"
    monkeypatch.setenv("APPRENTI_DATA", str(told))
    (told / "d").touch()
    assert data.find("d") == told / "d"
    (run / "d").touch()
    assert data.find("d") == run / "d"


def test_missing_data_are_asked_for_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"nowhere\.npz is not here.*APPRENTI_DATA"):
        data.find("nowhere.npz")
