"""Dates of any year become days since 1970: also those that mean "never"."""

import pandas as pd
import pytest

from apprenti.backends.common.convert import convert
from apprenti.backends.common.settings import Config

DAYS = {"9999-12-31": 2932896, "0001-01-01": -719162, "1600-03-01": -135080, "2024-02-29": 19782}


def days(column, written="ISO8601"):
    config = Config(dates=(("d", written),))
    return convert(pd.DataFrame({"d": column}), config)


def test_years_beyond_what_nanoseconds_count_are_dates_too():
    converted = days([*DAYS])
    assert converted["d"].tolist() == [*DAYS.values()]
    assert converted["d month"].tolist() == [12, 1, 3, 2]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_the_unit_of_dates_that_are_dates_already_does_not_matter(unit):
    column = pd.Series([*DAYS]).astype(f"datetime64[{unit}]")
    assert days(column)["d"].tolist() == [*DAYS.values()]


@pytest.mark.parametrize(("unit", "size"), [("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)])
def test_numbers_since_1970_are_the_dates_that_they_count(unit, size):
    texts = ["2024-02-29 06:00", "2023-12-31 18:00"]
    numbers = [1_709_186_400 * size, 1_704_045_600 * size, "soon"]
    config = Config(since_1970=(("d", unit),), dates=(("d", "ISO8601"),))
    counted = convert(pd.DataFrame({"d": numbers}), config)
    pd.testing.assert_frame_equal(counted[:2], days(texts), check_dtype=False)
    assert counted.iloc[2].isna().all()


def test_nanoseconds_are_days_as_before():
    column = pd.Series(["1970-01-02T12:00", "2024-02-29"]).astype("datetime64[ns]")
    assert days(column)["d"].tolist() == [1.5, 19782]
