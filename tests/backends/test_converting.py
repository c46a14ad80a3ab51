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


def test_nanoseconds_are_days_as_before():
    column = pd.Series(["1970-01-02T12:00", "2024-02-29"]).astype("datetime64[ns]")
    assert days(column)["d"].tolist() == [1.5, 19782]
