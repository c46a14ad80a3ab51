"""How the rows are split, and that the parts are what their names say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from apprenti.backends.common import (
    find,
    load,
    regression,
    split_groups,
    split_random,
    split_time,
)
from apprenti.backends.common.moments import moments
from apprenti.backends.common.settings import Config

EVERY = np.arange(1000)
LABELS = np.repeat([0, 1, 2, 3], [400, 300, 200, 100])


def parts_of(block, config, labels=LABELS, by=None):
    """Return the rows of the three parts, those of the training in the order of the training."""
    train, valid, test = block.split(labels if by is None else by, config)
    assert np.array_equal(valid, np.sort(valid))
    return train, valid, np.sort(test)


def parts(labels=LABELS, **settings):
    return parts_of(split_random, Config()._replace(**settings), labels)


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


def test_without_a_test_set_all_rows_are_shared_out_in_the_same_order():
    train, valid, test = parts(train=len(LABELS), valid=20, test=0)
    assert len(test) == 0
    assert sorted([*train, *valid]) == list(range(len(LABELS)))
    order = np.random.default_rng(Config().split_seed).permutation(len(LABELS))
    assert [*train] == [row for row in order if row not in {*valid}]


def test_rows_that_no_part_wants_are_in_none():
    for block, by in ((split_random, LABELS), (split_groups, EVERY // 5), (split_time, EVERY)):
        config = Config(train=100, valid=50, test=50)
        split = block.split(by, config)
        assert [len(some) for some in split] == [100, 50, 50]
        assert len(np.unique(np.concatenate(split))) == 200


# Groups and times

PATIENTS = np.random.default_rng(1).integers(100, size=1000)


def by_group(config):
    return parts_of(split_groups, config, by=PATIENTS)


def test_no_group_stands_in_two_parts():
    train, valid, test = by_group(Config())
    seen = [set(PATIENTS[some]) for some in (train, valid, test)]
    assert not (seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
    assert len(train) + len(valid) + len(test) == 1000
    # Whole groups cannot fill a part exactly
    assert 120 <= len(valid) <= 180
    assert 120 <= len(test) <= 180


def test_groups_are_drawn_by_the_split_seed():
    one, again = (by_group(Config())[1] for _ in range(2))
    other = by_group(Config(split_seed=1))[1]
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_latest_rows_are_the_test_set_and_those_before_them_the_validation_set():
    times = np.random.default_rng(2).permutation(1000).astype("datetime64[D]")
    train, valid, test = parts_of(split_time, Config(), by=times)
    assert (len(train), len(valid), len(test)) == (700, 150, 150)
    assert times[train].max() < times[valid].min()
    assert times[valid].max() < times[test].min()


def test_with_fewer_rows_the_latest_of_the_older_ones_are_the_training_set():
    train, _, _ = parts_of(split_time, Config(train=10), by=EVERY)
    assert train.tolist() == list(range(690, 700))


def in_time(texts, written, **sizes):
    """Return the rows of the three parts of these times, and the times as dates."""
    config = Config(time_format=written, **sizes)
    given = np.asarray(texts, object)
    found = parts_of_some(split_time, given, config)
    return [moments(pd.Series(given[some]), Config(time_format=written)) for some in found]


def parts_of_some(block, by, config):
    return [np.sort(some) for some in block.split(by, config)]


DAYS = pd.date_range("2023-01-01", periods=600)[np.random.default_rng(3).permutation(600)]


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("%d/%m/%Y", "%d/%m/%Y"),
        ("%d.%m.%Y", "%d.%m.%Y"),
        ("%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M"),
        ("%Y-%m-%d", "ISO8601"),
        ("%Y-%m-%dT%H:%M:%S+02:00", "ISO8601"),
    ],
)
def test_dates_follow_each_other_in_time_however_they_are_written(pattern, written):
    train, valid, test = in_time(DAYS.strftime(pattern), written, train=400, valid=100, test=100)
    assert (len(train), len(valid), len(test)) == (400, 100, 100)
    assert train.max() < valid.min()
    assert valid.max() < test.min()


def test_numbers_written_as_texts_follow_each_other_as_numbers():
    train, valid, test = in_time(
        [f"{n}" for n in range(95, 125)], "number", train=10, valid=10, test=10
    )
    assert (train.max(), valid.min(), valid.max(), test.min()) == (104, 105, 114, 115)


def test_one_moment_in_two_time_zones_is_one_moment():
    zones = ["2026-01-01T12:00:00+00:00", "2026-01-01T14:00:00+02:00"] * 10
    later = [f"2026-01-{day:02}T00:00:00+00:00" for day in range(2, 22)]
    earlier = ["2026-01-01T13:00:00+02:00"] * 10
    train, valid, _ = in_time([*zones, *earlier, *later], "ISO8601", train=50, valid=30, test=15)
    assert train.nunique() == 1
    assert len(train) == 10
    assert valid.min() == pd.Timestamp("2026-01-01 12:00")


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_one_moment_are_never_in_two_parts(seed):
    random = np.random.default_rng(seed)
    months = random.integers(random.integers(3, 40), size=200)
    months[:3] = [0, 1, 2]
    config = Config(train=140, valid=30, test=30 * (seed % 2))
    found = [set(months[some]) for some in parts_of_some(split_time, months, config)]
    assert found[0]
    assert found[1]
    assert bool(found[2]) == bool(config.test)
    assert max(found[0]) < min(found[1])
    assert not found[2] or max(found[1]) < min(found[2])


def test_a_row_without_a_time_is_in_no_part():
    texts = DAYS.strftime("%d/%m/%Y").to_numpy(object)
    texts[[3, 5, 8]] = [None, "soon", np.nan]
    found = parts_of_some(
        split_time, texts, Config(time_format="%d/%m/%Y", train=400, valid=100, test=100)
    )
    assert [len(some) for some in found] == [397, 100, 100]
    assert not {3, 5, 8} & set(np.concatenate(found))


def test_a_row_without_a_group_is_in_no_part():
    patients = np.array([f"P{n}" for n in PATIENTS], object)
    patients[::10] = np.nan
    found = parts_of_some(split_groups, patients, Config(train=700, valid=150, test=150))
    assert not set(range(0, 1000, 10)) & set(np.concatenate(found))
    assert sum(map(len, found)) == 900


@pytest.mark.parametrize("seed", range(20))
def test_each_part_has_a_group_however_uneven_they_are(seed):
    random = np.random.default_rng(seed)
    sizes = [*random.integers(1, 10, random.integers(2, 20)), random.integers(1, 500)]
    groups = np.repeat([f"g{n}" for n in range(len(sizes))], sizes)
    rows = len(groups)
    config = Config(split_seed=seed, train=rows, valid=round(0.15 * rows), test=round(0.15 * rows))
    config = config._replace(valid=config.valid or 1, test=config.test or 1)
    found = [set(groups[some]) for some in parts_of_some(split_groups, groups, config)]
    assert all(found)
    assert len(set.union(*found)) == sum(map(len, found))


def test_one_huge_group_goes_where_the_most_rows_are_wanted():
    groups = np.repeat([f"g{n}" for n in range(31)], [*[10] * 30, 300])
    for seed in range(20):
        config = Config(split_seed=seed, train=420, valid=90, test=90)
        train, valid, test = parts_of_some(split_groups, groups, config)
        assert (len(train), len(valid), len(test)) == (420, 90, 90)
        assert "g30" in set(groups[train])


# Folds


def by_folds(block, by, folds, **settings):
    """Return the split of each fold of 1,000 rows, of which about 150 are test rows."""
    config = Config(train=len(by), valid=100, test=150, folds=folds, **settings)
    return [block.split(by, config._replace(fold=fold)) for fold in range(folds)]


GROUPED = np.random.default_rng(4).zipf(1.5, 1000).clip(max=60)


@pytest.mark.parametrize("folds", [2, 5, 10])
@pytest.mark.parametrize(("block", "by"), [(split_random, LABELS), (split_groups, GROUPED)])
def test_each_row_but_those_of_the_test_is_validated_in_exactly_one_fold(block, by, folds):
    found = by_folds(block, by, folds)
    _, _, test = block.split(by, Config(train=1000, valid=100, test=150))
    checked = np.concatenate([valid for _, valid, _ in found])
    assert np.array_equal(np.sort(checked), np.setdiff1d(EVERY, test))
    for train, valid, unseen in found:
        assert np.array_equal(unseen, test)
        assert np.array_equal(np.sort([*train, *valid]), np.sort(checked))


@pytest.mark.parametrize("folds", [2, 7, 10])
def test_each_fold_has_its_share_of_every_class(folds):
    found = [np.bincount(LABELS[valid]) for _, valid, _ in by_folds(split_random, LABELS, folds)]
    assert np.ptp(found, axis=0).max() <= 1
    sizes = [sum(one) for one in found]
    assert max(sizes) - min(sizes) <= 1


def test_a_group_is_in_one_fold_and_the_folds_are_alike_in_rows():
    found = by_folds(split_groups, PATIENTS, 5)
    groups = [set(PATIENTS[valid]) for _, valid, _ in found]
    assert sum(map(len, groups)) == len(set.union(*groups))
    for train, valid, _ in found:
        assert not set(PATIENTS[train]) & set(PATIENTS[valid])
    sizes = [len(valid) for _, valid, _ in found]
    assert max(sizes) - min(sizes) <= 5


def test_a_fold_of_times_is_validated_after_all_that_it_learns_from():
    times = np.random.default_rng(5).integers(300, size=1000)
    found = by_folds(split_time, times, 4)
    for (train, valid, test), (later, _, _) in zip(found, [*found[1:], found[-1]], strict=True):
        assert times[train].max() < times[valid].min()
        assert times[valid].max() < times[test].min()
        assert set(train) <= set(later)
    # The next fold learns from what this one was validated on
    assert set(found[0][1]) <= set(found[1][0])
    assert all(abs(len(valid) - 170) < 10 for _, valid, _ in found)
    assert abs(len(found[0][0]) - 170) < 10


@pytest.mark.parametrize("seed", range(10))
def test_each_fold_of_times_has_a_moment_however_uneven_they_are(seed):
    random = np.random.default_rng(seed)
    times = np.repeat(range(8), random.integers(1, 200, 8))
    config = Config(train=len(times), valid=1, test=0, folds=7)
    found = [split_time.split(times, config._replace(fold=fold)) for fold in range(7)]
    assert [set(times[valid]) for _, valid, _ in found] == [{moment} for moment in range(1, 8)]


def test_the_folds_are_drawn_by_the_split_seed():
    one, again = (by_folds(split_random, LABELS, 5)[2][1] for _ in range(2))
    other = by_folds(split_random, LABELS, 5, split_seed=1)[2][1]
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


# Read, split, prepared


@pytest.fixture
def loaded(monkeypatch):
    """loaded(labels, **settings): the data of a script whose one input is the number of a row."""

    def data(labels, **settings):
        inputs = np.arange(len(labels), dtype=np.float64).reshape(-1, 1, 1)
        names = np.array([f"row {n}" for n in range(len(labels))])
        monkeypatch.setattr(load, "read", lambda path, config: (inputs, labels, names))
        return load.load_data(Config(**settings))

    return data


@pytest.fixture
def shared(loaded):
    labels = np.array(["b", "a", "été", "a"] * 25)
    return labels, loaded(labels, train=70, valid=15, test=15)


def rows_of(inputs, made):
    return np.round(inputs.ravel() * made.description["preparation"]["scale"]).astype(int)


def test_classes_are_named_in_their_order_and_targets_are_their_numbers(shared):
    _, made = shared
    classes = made.description["classes"]
    assert (classes, made.description["outputs"]) == (["a", "b", "été"], 3)
    assert [classes[t] for t in made.valid_targets] == made.valid_rows[1]


def test_inputs_targets_labels_and_names_stay_together(shared):
    labels, made = shared
    train, valid = rows_of(made.train_inputs, made), rows_of(made.valid_inputs, made)
    classes, (names, valid_labels) = made.description["classes"], made.valid_rows
    assert [classes[t] for t in made.train_targets] == labels[train].tolist()
    assert names.tolist() == [f"row {row}" for row in valid]
    assert valid_labels == labels[valid].tolist()
    assert not set(train) & set(valid)


def test_inputs_are_of_32_bits_and_targets_whole(shared):
    _, made = shared
    assert made.train_inputs.dtype == made.valid_inputs.dtype == np.float32
    assert made.train_targets.dtype.kind == "i"


def test_the_rows_are_learned_from_in_the_order_of_the_split_seed(loaded):
    train, valid, _ = parts(LABELS)
    made = loaded(LABELS)
    assert rows_of(made.train_inputs, made).tolist() == train.tolist()
    assert rows_of(made.valid_inputs, made).tolist() == valid.tolist()


def test_no_more_than_ten_thousand_training_rows_are_measured_always_the_same(loaded):
    labels = np.arange(12_200) % 2
    many = {"train": 12_000, "valid": 100, "test": 100}
    made, again = loaded(labels, **many), loaded(labels, **many, seed=5)
    sample = rows_of(made.sample_inputs, made)
    assert len(set(sample)) == len(sample) == 10_000
    assert set(sample) < set(rows_of(made.train_inputs, made))
    assert np.array_equal(made.sample_targets, labels[sample])
    assert np.array_equal(made.sample_inputs, again.sample_inputs)
    other = loaded(labels, **many, split_seed=1)
    assert not np.array_equal(made.sample_inputs, other.sample_inputs)


def test_ten_thousand_training_rows_are_measured_as_they_are(loaded):
    made = loaded(np.arange(10_200) % 2, train=10_000, valid=100, test=100)
    assert made.sample_inputs is None
    assert made.sample_targets is None


def test_the_test_rows_have_no_say_in_what_is_loaded(loaded):
    train, _, test = parts()
    made = loaded(LABELS)
    changed = LABELS.copy()
    changed[test] = 77
    again = loaded(changed)
    assert made.description == again.description
    assert np.array_equal(made.train_inputs, again.train_inputs)
    # The scale is the largest input of the training rows, whatever the others have
    assert made.description["preparation"]["scale"] == train.max()


# Numbers to predict


def test_targets_of_a_regression_have_mean_0_and_deviation_1_on_the_training_rows():
    labels = np.random.default_rng(0).normal(50, 7, 1000)
    target, (coded, _) = regression.code_labels(labels, EVERY[:700], EVERY[700:])
    assert (coded.shape, coded.dtype, target["outputs"]) == ((700, 1), np.float32, 1)
    assert abs(coded.mean()) < 1e-5
    assert abs(coded.std() - 1) < 1e-5


def test_a_constant_target_is_left_without_a_scale():
    target, _ = regression.code_labels(np.full(10, 3.0), np.arange(5), np.arange(5, 10))
    assert target == {"mean": 3.0, "deviation": 1.0, "outputs": 1}


# Where data are found


def test_data_are_found_beside_the_script_then_where_the_variable_says_then_above(
    tmp_path, monkeypatch
):
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    run = project / "runs" / "one"
    run.mkdir(parents=True)
    elsewhere.mkdir()
    monkeypatch.chdir(run)
    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    (project / "d").touch()
    assert find.find(Config(data="d")) == project / "d"
    monkeypatch.setenv("APPRENTI_DATA", str(elsewhere))
    (elsewhere / "d").touch()
    assert find.find(Config(data="d")) == elsewhere / "d"
    (run / "d").touch()
    assert find.find(Config(data="d")) == run / "d"


def test_data_that_are_nowhere_are_asked_for_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"No nowhere\.npz here.*APPRENTI_DATA"):
        find.find(Config(data="nowhere.npz"))


def test_data_that_need_no_file_are_read_from_none(monkeypatch):
    seen = []
    labels = np.arange(1000) % 2

    def read(path, config):
        seen.append(path)
        return np.ones((1000, 1)), labels, EVERY

    monkeypatch.setattr(load, "read", read)
    load.load_data(Config(data=""))
    assert seen == [Path()]
