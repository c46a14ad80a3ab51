"""What the words of a column look like."""

import pandas as pd
import pytest

from apprenti.data.findings.cells import DATE, NUMBER, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.data.kinds.columns import Columns


@pytest.mark.parametrize(
    "text",
    [
        "174 227,77 €",
        "1,234.50",
        "$99",
        "-3.5 %",
        "75 kg",
        "4'3",
        "5'11\"",
        "< 5",
        "9 km/h",
        "1e-3",
    ],
)
def test_numbers_as_people_write_them(text):
    assert NUMBER.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 janvier 2020",
        "12/31/2020",
        "3 août 1999",
        "14:35",
        "2020-01-05 10:00:00",
        "March 3, 2021",
    ],
)
def test_dates_as_people_write_them(text):
    assert DATE.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["01000", "A123", "AB-1234", "Peugeot 208", "75001 Paris", "192.168.0.1", "12/B", ""]
)
def test_codes_and_names_are_neither(text):
    assert not NUMBER.fullmatch(text) and not DATE.fullmatch(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda n: f"{n} EUR", "numbers"),
        (lambda n: "NR" if n % 4 == 0 else f"{n}.5", "numbers"),
        (lambda n: f"{n % 28 + 1} avril {1900 + n}", "dates"),
        (lambda n: f"customer {n}", "names"),
        (lambda n: f"this is what I wrote about the film {n}", "texts"),
        (lambda n: f"seat {n % 30}", "categories"),
        (lambda n: f"{n % 5 + 1} stars", "categories"),
        # Seats: each letter another unit
        (lambda n: f"{n % 30 + 1}{'ABCDEFGH'[n % 8]}", "categories"),
        (lambda n: str(n % 30), "categories"),
    ],
)
def test_columns_are_told_apart(written, expected):
    frame = pd.DataFrame({"x": [written(n) for n in range(200)], "y": "a"})
    columns = Columns("y", (), ("x",), (), (), ())
    assert look_like(Evidence(frame, columns, "classification", None), "x") == expected
