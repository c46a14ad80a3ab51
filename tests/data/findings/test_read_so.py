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
