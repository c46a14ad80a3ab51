"""D030: columns that could be read in another way as well."""

import numpy as np
import pandas as pd
import pytest

from apprenti.data.findings import words

DAYS = pd.date_range("2024-01-01", periods=200, freq="36h")
EARLY = DAYS[DAYS.day <= 12]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([*[f"{n}.500" for n in range(100)], *["850"] * 100], "in_thousands"),
        ([day.strftime("%d/%m/%y") for day in DAYS], "short_years"),
        ([EARLY[n % len(EARLY)].strftime("%d/%m/%Y") for n in range(200)], "day_first"),
        ([EARLY[n * len(EARLY) // 200].strftime("%m/%d/%Y") for n in range(200)], "month_first"),
        (
            [d.strftime("%d/%m/%Y" if n % 2 else "%Y-%m-%d") for n, d in enumerate(DAYS)],
            "mixed_dates",
        ),
    ],
)
def test_the_reading_that_was_chosen_is_told(find, sound, cells, sentence):
    (found,) = find("D030", {**sound, "column": cells})
    assert (found.subject, found.sentence) == ("column", sentence)
    assert "column" in words.tell(found).what
    assert "--as" in words.tell(found).todo


def test_where_one_reading_is_possible_nothing_is_said(find, sound):
    sound["price"] = np.round(np.arange(200) * 1.37, 2).astype(str)
    sound["day"] = [day.strftime("%d/%m/%Y") for day in DAYS]
    assert not find("D030", sound)


SECONDS = np.sort(np.random.default_rng(0).integers(1_577_836_800, 1_672_531_200, 200))


@pytest.mark.parametrize(
    ("name", "cells", "unit"),
    [
        ("created at", SECONDS, "seconds"),
        ("eventTime", SECONDS + 0.25, "seconds"),
        ("horodatage", [*map(str, SECONDS * 1000)], "milliseconds"),
        ("order date", SECONDS, "seconds"),
        ("date_client", SECONDS, "seconds"),
        ("userCreatedAt", SECONDS * 1000, "milliseconds"),
        ("x", SECONDS, "seconds"),
        ("x", SECONDS * 1000, "milliseconds"),
        ("ts", [*map(str, SECONDS * 10**9)], "nanoseconds"),
    ],
)
def test_numbers_that_may_count_since_1970_are_told_with_the_command(
    find, sound, name, cells, unit
):
    (found,) = find("D030", {**sound, name: cells})
    assert found.values["first"].startswith("2020-01")
    told = words.tell(found)
    assert told.commands == (f'apprenti data --as "{name}=date {unit}"',)
    assert "2022-12" in told.what
    # It would be advised to ignore what is a date
    assert not find("D011", {**sound, name: cells})


ROWS = np.arange(200)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("order_id", SECONDS),
        ("time_count", SECONDS),
        ("phone", SECONDS),
        ("number", 1_000_000_000 + ROWS),
        ("x", 1_000_000_000 + ROWS),
        ("x", np.random.default_rng(0).integers(10**9, 10**10, 200)),
        ("price", 1_000_000_000 + ROWS * 3_500_000),
        ("turnover", 1_000_000_000 + ROWS * 3_500_000),
        ("followers", SECONDS),
        ("inhabitants", np.geomspace(1e5, 1.9e9, 200).round()),
        ("time", np.linspace(0, 86_400, 200)),
        ("date", 45_000 + ROWS),
    ],
)
def test_numbers_that_are_only_large_are_not_taken_for_moments(find, sound, name, cells):
    assert not find("D030", {**sound, name: cells})


def test_moments_by_which_the_rows_are_split_are_in_order_already(find, sound):
    assert not find("D030", {**sound, "ts": SECONDS}, time="ts")
