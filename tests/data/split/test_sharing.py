"""What came of a split: shared out sensibly, refused, or told with the counts of each part."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from apprenti.data.look import look
from apprenti.data.source import open_source
from apprenti.data.split.parts import TEST, TRAIN, VALID, parts_of
from apprenti.data.split.sharing import sharing
from apprenti.errors import ApprentiError
from apprenti.project import Choices, DataSettings

CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture
def share(tmp_path):
    """share("two_groups.csv", group="patient"): what came of it, and the findings by code."""

    def run(name, target="y", **settings):
        shutil.copy(CASES / name, tmp_path)
        data = DataSettings(source=name, target=target, **settings)
        table = open_source(data, tmp_path).table
        shared = sharing(table, parts_of(table, data.split, data), data)
        looked = look(tmp_path, Choices(data=data), picture=False)
        return shared, {one.code: one.values for one in looked.findings}

    return run


def refused(share, *args, **settings):
    with pytest.raises(ApprentiError) as caught:
        share(*args, **settings)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def test_dates_with_the_day_first_are_shared_out_in_the_order_of_time(tmp_path):
    name = "time_split_dates_jj_mm_aaaa.csv"
    data = DataSettings(source=name, target="ventes", time="jour")
    frame = pd.read_csv(CASES / name, sep=";")
    frame.to_csv(tmp_path / name, index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    days = pd.to_datetime(frame["jour"], format="%d/%m/%Y")
    for source, streamed in ((name, None), ("t.parquet", None), ("t.parquet", True)):
        given = data.model_copy(update={"source": source, "streamed": streamed})
        parts = parts_of(open_source(given, tmp_path).table, given.split, given)
        assert days[parts == TRAIN].max() < days[parts == VALID].min()
        assert days[parts == VALID].max() < days[parts == TEST].min()


def test_the_first_and_the_last_day_of_each_part_are_told(share):
    shared, _ = share("time_split_dates_jj_mm_aaaa.csv", "ventes", time="jour")
    assert shared.spans["train"] == ("2023-01-03", "2024-02-25")
    assert shared.spans["test"] == ("2024-05-27", "2024-08-23")


def test_one_group_is_no_split_and_the_refusal_counts_it(share):
    error = refused(share, "one_group.csv", group="patient")
    assert (error.key, error.values["rows"]) == ("too_few_groups", "P1: 200")


def test_two_groups_are_enough_without_a_test_and_refused_with_one(share):
    error = refused(share, "two_groups.csv", group="patient")
    assert (error.key, error.values["found"], error.values["parts"]) == ("too_few_groups", 2, 3)
    shared, found = share("two_groups.csv", group="patient", split={"test": 0.0})
    assert shared.got == {"train": 100, "valid": 100, "test": 0}
    assert found["D032"]["valid_asked"] == 30


def test_three_groups_are_a_group_for_each_part_and_told_to_be_uneven(share):
    shared, found = share("three_groups.csv", group="patient")
    assert sorted(shared.got.values()) == [66, 67, 67]
    told = {name: found["D032"][name] for name in ("train", "train_asked")}
    assert told == {"train": shared.got["train"], "train_asked": 140}


def test_rows_without_a_group_are_in_no_part_and_told(share):
    shared, found = share("group_with_gaps.csv", group="patient")
    assert shared.nowhere == found["D031"]["rows"] == 23
    assert sum(shared.got.values()) == 177


def test_too_few_moments_are_refused_with_their_counts(tmp_path):
    frame = pd.DataFrame({"year": [2024, 2025] * 20, "x": range(40), "y": [0, 1, 1, 0] * 10})
    frame.to_csv(tmp_path / "t.csv", index=False)
    data = DataSettings(source="t.csv", target="y", time="year")
    table = open_source(data, tmp_path).table
    with pytest.raises(ApprentiError) as caught:
        parts_of(table, data.split, data)
    assert (caught.value.key, caught.value.values["found"]) == ("too_few_times", 2)


def test_a_random_split_has_nothing_to_tell(share):
    shared, found = share("two_groups.csv", ignore=["patient"])
    assert shared.got == shared.asked == {"train": 140, "valid": 30, "test": 30}
    assert not {"D031", "D032", "D033"} & set(found)


# Folds


def test_the_rows_of_each_fold_are_counted_as_they_were_asked_for(share):
    for fold in range(5):
        split = {"folds": 5, "fold": fold}
        shared, found = share("two_groups.csv", ignore=["patient"], split=split)
        assert shared.got == shared.asked == {"train": 136, "valid": 34, "test": 30}
        assert "D032" not in found


def test_a_fold_of_times_is_asked_for_what_comes_before_it(share):
    split = {"folds": 4, "fold": 1}
    shared, found = share("time_split_dates_jj_mm_aaaa.csv", "ventes", time="jour", split=split)
    assert shared.asked["train"] == 2 * shared.asked["valid"] == 102
    assert all(abs(shared.got[name] - count) < 10 for name, count in shared.asked.items())
    assert shared.spans["train"][1] < shared.spans["valid"][0]
    assert "D032" not in found


def test_more_folds_than_groups_are_refused_with_their_number(share):
    for fold in (0, 2):
        split = {"folds": 3, "fold": fold, "test": 0.0}
        error = refused(share, "two_groups.csv", group="patient", split=split)
        assert (error.key, error.values["found"]) == ("too_many_folds_of", 2)
    shared, _ = share("two_groups.csv", group="patient", split={"folds": 2, "test": 0.0})
    assert shared.got == {"train": 100, "valid": 100, "test": 0}


@pytest.mark.parametrize(
    ("split", "key"),
    [
        ({"folds": 1}, "one_fold"),
        ({"folds": 5, "fold": 5}, "no_such_fold"),
        ({"folds": 171}, "too_many_folds"),
    ],
)
def test_folds_that_cannot_be_are_refused(share, split, key):
    assert refused(share, "two_groups.csv", ignore=["patient"], split=split).key == key
