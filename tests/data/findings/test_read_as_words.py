"""D023: numbers or dates that were read as categories."""

import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (lambda n: f"{n // 12}'{n % 12}", ""),
        (lambda n: f"about {n}" if n % 20 == 0 else f"{n} DKK", ""),
        (lambda n: f"{n % 28 + 1} mars {1820 + n}", "dates"),
    ],
    ids=["feet", "crowns", "dates"],
)
def test_what_looks_like_numbers_or_dates_is_told_with_three_of_them(
    find, sound, written, sentence
):
    language.choose("en")
    made = {**sound, "x": [written(n) for n in range(200)]}
    (found,) = find("D023", made, categorical=["x"])
    assert (found.severity, found.subject, found.sentence) == ("warning", "x", sentence)
    assert len(found.values["names"]) == 3
    assert "ignore" not in words.tell(found).todo


@pytest.mark.parametrize(
    "written", [lambda n: f"K{n}", lambda n: f"{n % 5} stars", lambda n: "?" if n % 3 else f"{n}.5"]
)
def test_codes_and_grades_are_categories_and_words_for_unknown_have_their_own_rule(
    find, sound, written
):
    made = {**sound, "x": [written(n) for n in range(200)]}
    assert not find("D023", made, categorical=["x"])


def test_nothing_else_is_said_of_a_height_in_feet(table_of):
    found = look(table_of("units_in_cells.csv", "y"))
    assert {one.code for one in found if one.subject == "height"} == {"D023"}


@pytest.mark.parametrize(
    ("units", "examples"), [(("g", "kg"), ["0 g", "1 kg"]), (("€", "$", "€"), ["0 €", "1 $"])]
)
def test_several_units_in_one_column_are_told_with_one_value_of_each(find, sound, units, examples):
    cells = [f"{n} {units[n % len(units)]}" for n in range(200)]
    (found,) = find("D023", {**sound, "weight": cells})
    assert (found.sentence, found.values["names"]) == ("units", examples)
