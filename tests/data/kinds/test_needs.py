"""What no cell of a table needs is left out of its scripts, and changes nothing that they read."""

import pandas as pd
import pytest

from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.settings import Config
from apprenti.data.kinds import needs
from apprenti.data.kinds.table import as_source, open_table
from apprenti.project import DataSettings

ANSWERS = ["yes", "no"] * 20


def opened(folder, **columns):
    path = folder / "rows.csv"
    pd.DataFrame({**columns, "y": ANSWERS}).to_csv(path, index=False)
    return open_table(DataSettings(source=path.name, target="y"), path)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["12 kg", "7.5 kg"], ()),
        (["12 KG", "7.5 kg"], ("capitals",)),
        (["1\xa0200 kg", "7.5 kg"], ("signs",)),
        (["1,234 kg", "12,34,567 kg"], ()),
        (["(5)", "-7"], ("brackets",)),
    ],
)
def test_numbers_need_what_one_of_their_cells_needs(tmp_path, cells, expected):
    table = opened(tmp_path, weight=cells * 20)
    assert table.settings["number_needs"] == expected


def test_numbers_with_words_among_them_are_read_without_more(tmp_path):
    numbers = [str(n) for n in range(36)]
    settings = opened(tmp_path, weight=[*numbers, "NR", "NR", "NR", "NR"]).settings
    assert settings["among_words"] == ("weight",)
    assert settings["numbers"] == ()


def test_a_number_in_groups_that_are_none_needs_a_strict_look(tmp_path):
    groups = ["1,234 kg", "2,500,000 kg"] * 19
    settings = opened(tmp_path, weight=[*groups, "1,2,3 kg", "4,500 kg"]).settings
    assert settings["number_needs"] == ("strict",)


def test_one_way_of_writing_dates_needs_nothing_and_two_need_to_be_tried(tmp_path):
    days = [f"{day:02}/03/2024" for day in range(1, 21)]
    assert opened(tmp_path, day=days * 2).settings["date_needs"] == ()
    others = [f"2024-03-{day:02}" for day in range(1, 21)]
    assert opened(tmp_path, day=days + others).settings["date_needs"] == ("several",)


def test_columns_need_what_is_in_them(tmp_path):
    whole = opened(tmp_path, weight=range(40)).settings
    assert whole["column_needs"] == ("numbers",)
    gaps = opened(tmp_path, weight=[None, *range(39)], town=["Nice", "Brest"] * 20).settings
    assert gaps["column_needs"] == ("numbers", "gaps", "empty", "categories", "rare")


def test_the_training_rows_decide_what_is_empty_and_what_is_rare(tmp_path):
    columns = {"weight": [None, *range(39)], "town": [*["Nice", "Brest"] * 19, "Lyon", "Lyon"]}
    table = opened(tmp_path, **columns)
    source = as_source(DataSettings(source="rows.csv", target="y"), tmp_path / "rows.csv")
    every, first = [True] * 40, [True, True, *[False] * 38]
    seen = [needs.of_training(source, pd.Series(rows).to_numpy()) for rows in (every, first)]
    assert seen[0].settings["column_needs"] == ("numbers", "gaps", "categories")
    assert seen[1].settings["column_needs"] == ("numbers", "gaps", "empty", "categories")
    assert table.settings["column_needs"] == source.settings["column_needs"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a,b,y", ()),
        ("a,,y", ("places",)),
        (" a,b ,y", ("tidy",)),
        ("a ,,y", ("tidy", "places")),
    ],
)
def test_names_of_columns_need_what_one_of_them_needs(tmp_path, header, expected):
    path = tmp_path / "rows.csv"
    rows = "\n".join(f"{n},{n % 3},{answer}" for n, answer in enumerate(ANSWERS))
    path.write_text(f"# A title\n{header}\n{rows}\n", encoding="utf-8")
    table = open_table(DataSettings(source=path.name, target="y"), path)
    assert table.settings.get("name_needs", ()) == expected
    known = {name: table.settings[name] for name in table.settings if name in Config._fields}
    assert [*read_table(path, Config(**known)).columns] == [*table.frame.columns]
