"""How the cells of a column are written is found out from all of them; none is lost silently."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from apprenti.data.kinds.table import open_table
from apprenti.data.kinds.values import look_at
from apprenti.data.kinds.written import CATEGORY, DATE, NUMBER, TIME, Written
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

CASES = Path(__file__).parents[2] / "cases"


def written(cells, is_category=False):
    return look_at(pd.Series(cells, dtype="str"), is_category)


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands", "unit"),
    [
        (["74.227,77", "362.507,05"], ",", ".", ""),
        (["74,227.77", "1.5"], ".", ",", ""),
        (["5,3", "3,1"], ",", "", ""),
        (["74 227,77 €", "362\xa0507,05 €"], ",", " ", "€"),
        (["32,5 %", "92,5%"], ",", "", "%"),
        (["75 kg", "95KG"], ".", "", "kg"),
        (["1'234.50", "2'000.00"], ".", "'", ""),
        (["$1,234.50", "$2.00"], ".", ",", "$"),
        (["EUR 1,234.00", "EUR 5"], ".", ",", "eur"),
        (["1e5", "2.5E-3"], ".", "", ""),
        (["(5)", "7-", "−3"], ".", "", ""),
    ],
)
def test_numbers_are_read_however_they_are_written(cells, decimal, thousands, unit):
    assert written(cells) == Written(NUMBER, decimal, thousands, unit)


@pytest.mark.parametrize(
    "cells",
    [
        ["A12", "A13", "B7"],
        ["12A", "12B", "7C"],
        ["4'3", "2'8", "5'11"],
        ["1.2.3", "1.2.4", "2.0.1"],
        ["5 €", "6 $", "7 €"],
        ["02100", "69001", "01000"],
        ["1577134800018164904", "1577134800018164907"],
    ],
    ids=["codes", "seats", "feet", "versions", "two units", "zeros", "long integers"],
)
def test_what_is_no_quantity_stays_as_it_is_written(cells):
    assert written(cells).kind == CATEGORY


@pytest.mark.parametrize(
    ("cells", "format_"),
    [
        (["mardi 3 mars 2020", "mercredi 1er avril 2020"], "%d %B %Y"),
        (["Monday, Jan 5, 2020", "Tue, Feb 6, 2020"], "%B %d %Y"),
        (["janv. 2020", "févr. 2021"], "%B %Y"),
        (["01/2020", "02/2021"], "%m/%Y"),
        (["20/05/2020 14h30", "21/05/2020 15h00"], "%d/%m/%Y %Hh%M"),
        ([f"202001{day:02d}" for day in range(1, 29)], "%Y%m%d"),
        (["9999-12-31", "2020-01-01"], "ISO8601"),
    ],
)
def test_dates_are_read_in_words_and_numbers(cells, format_):
    assert (written(cells).kind, written(cells).format) == (DATE, format_)


@pytest.mark.parametrize("cells", [["14:40", "05:01"], ["14h40", "5h01"], ["2:30 PM", "11:15 AM"]])
def test_times_of_the_day_are_told_from_dates(cells):
    assert written(cells).kind == TIME


def test_the_other_columns_decide_between_two_readings(tmp_path):
    rows = [f"{n}.500;{n},25;{'a' if n % 2 else 'b'}" for n in range(1, 60)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["prix;taux;y", *rows]), encoding="utf-8")
    table = open_table(DataSettings(source="t.csv", target="y"), path)
    assert table.columns.written["prix"] == Written(NUMBER, ",", ".", doubt="thousands")
    assert table.frame["prix"].tolist() == [1000 * n + 500 for n in range(1, 60)]


def of_case(name, target, **settings):
    data = DataSettings(source=name, target=target, **settings)
    return open_table(data, CASES / name)


@pytest.mark.parametrize(
    ("name", "target", "column", "kind"),
    [
        ("prix_milliers_point.csv", "prix", "prix", NUMBER),
        ("price_thousands_comma_quoted.csv", "state", "price", NUMBER),
        ("target_thousands.csv", "salary", "salary", NUMBER),
        ("decimal_comma_quoted_in_comma_file.csv", "y", "note", NUMBER),
        ("prix_euros_pourcent.csv", "etat", "prix", NUMBER),
        ("units_in_cells.csv", "y", "weight", NUMBER),
        ("units_in_cells.csv", "y", "height", CATEGORY),
        ("dates_with_seconds_dash.csv", "temp", "date", DATE),
        ("dates_mixed_two_formats.csv", "temp", "date", DATE),
        ("dates_month_first_ambiguous.csv", "temp", "date", DATE),
        ("dates_en_lettres.csv", "temp", "date", DATE),
        ("time_hour_minute.csv", "temp", "hour", TIME),
        ("codes_postaux_zeros.csv", "rent", "code", CATEGORY),
        ("big_int_ids_with_gap.csv", "y", "account", CATEGORY),
    ],
)
def test_cells_as_people_write_them_are_what_they_mean(name, target, column, kind):
    table = of_case(name, target)
    assert table.columns.written[column].kind == kind
    assert not table.columns.unread


@pytest.mark.parametrize("unit", ["", "₹ "])
def test_groups_of_two_digits_are_thousands_as_in_india(tmp_path, unit):
    cells = [f"{unit}{n},34,567.50" if n % 3 else f"{unit}5,00{n % 10}" for n in range(1, 60)]
    path = tmp_path / "t.csv"
    pd.DataFrame({"price": cells, "y": [n % 2 for n in range(1, 60)]}).to_csv(path, index=False)
    table = open_table(DataSettings(source="t.csv", target="y"), path)
    assert table.columns.written["price"].kind == NUMBER
    assert table.frame["price"].tolist()[:3] == [134567.5, 234567.5, 5003]
    assert not table.columns.unread


def test_a_price_in_euros_is_that_number():
    table = of_case("prix_euros_pourcent.csv", "etat")
    assert table.frame["prix"][0] == pytest.approx(74227.77)
    assert table.frame["taux"][0] == 32.5
    assert of_case("target_thousands.csv", "salary").task == "regression"


def test_long_identifiers_are_all_told_apart():
    table = of_case("big_int_ids_with_gap.csv", "y")
    assert table.frame["account"].nunique() == 119


def test_a_column_with_the_name_of_a_made_one_is_used_as_well(make_project, silent):
    from apprenti.train import one_run
    from apprenti.train.plan import plan

    source = CASES / "date_and_date_month_columns.csv"
    project = make_project(source, target="temp", framework="sklearn", kind="tree")
    run = one_run.train(plan(project), project.runs_folder, silent())
    described = (run.folder / "model" / "model.json").read_text(encoding="utf-8")
    for name in ('"date month"', '"date month_"', '"date weekday_"'):
        assert name in described


def test_a_word_such_as_na_is_a_value_among_codes_like_it():
    table = of_case("na_is_north_america.csv", "continent")
    assert (table.rows, table.classes) == (160, 4) or table.classes == 6
    assert table.frame["continent"].isna().sum() == 0
    assert (table.frame["continent"] == "NA").sum() == 40


def test_spaces_at_the_ends_of_classes_make_no_classes():
    table = of_case("target_trailing_spaces.csv", "y")
    assert (table.classes, sorted(table.frame["y"].unique())) == (2, ["no", "yes"])


def test_words_that_the_settings_name_are_gaps():
    plain = of_case("placeholders_question_999.csv", "dies")
    assert plain.columns.unread["temp"].frequent == (("?", 41),)
    told = of_case("placeholders_question_999.csv", "dies", missing=["?", "-999"])
    assert not told.columns.unread
    assert told.frame["pressure"].min() > 0
    assert told.frame["ward"].isna().sum() > 0


def test_several_spellings_are_one_category(tmp_path):
    words = ["oui", "Oui ", "OUI", "non"] * 15
    path = tmp_path / "t.csv"
    pd.DataFrame({"x": np.arange(60), "y": words}).to_csv(path, index=False)
    plain = open_table(DataSettings(source="t.csv", target="y"), path)
    assert sorted(plain.frame["y"].unique()) == ["OUI", "Oui", "non", "oui"]
    data = DataSettings(source="t.csv", target="y", unite={"oui": ["Oui", "OUI"]})
    assert open_table(data, path).classes == 2


def test_durations_are_refused_with_the_column():
    with pytest.raises(ApprentiError) as caught:
        of_case("decimal_and_timedelta.parquet", "y")
    assert "lasted" in str(caught.value)
    with pytest.raises(ApprentiError):
        of_case("decimal_and_timedelta.parquet", "y", categorical=["price"])
