"""A column of texts is found where it is the only input, and named where it is not."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from apprenti.data.kinds.columns import find_columns, find_roles
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

ROWS = 60
SENTENCES = [f"The room number {number} was rather quiet" for number in range(ROWS)]
ANSWERS = ["yes", "no"] * (ROWS // 2)


def columns_of(columns, **settings):
    data = DataSettings(source="x.csv", target="answer", **settings)
    frame = pd.DataFrame({**columns, "answer": ANSWERS})
    return find_columns(frame, find_roles(frame, data, None))[0]


@pytest.mark.parametrize(
    "cells",
    [
        SENTENCES,
        [*SENTENCES[: ROWS - 9], *[None] * 9],
        [f"très bien {number}" for number in range(ROWS)],
        [f"https://example.org/a-page-of-one-long-word/{number}" for number in range(ROWS)],
        [SENTENCES[number // 2] for number in range(ROWS)],
        pd.Series(SENTENCES, dtype=object),
    ],
    ids=["sentences", "gaps", "three words", "long words", "each twice", "objects"],
)
def test_the_only_input_is_a_column_of_texts(cells):
    found = columns_of({"comment": cells})
    assert (found.text, found.inputs) == ("comment", ("comment",))
    assert not (found.numbers or found.categories or found.dates or found.left_out)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["red", "green", "blue"] * (ROWS // 3), "categories"),
        (["a long name that comes back often", "another long name like it"] * 30, "categories"),
        ([f"code {number}" for number in range(ROWS)], "categories"),
        (list(range(ROWS)), "numbers"),
        ([f"2024-01-01T12:{number:02}:00.000000+00:00" for number in range(ROWS)], "dates"),
        ([True, False, False] * (ROWS // 3), "categories"),
        ([f"0.{number}" + 40 * "1" for number in range(ROWS)], "numbers"),
        ([f"1 234 5{number} €" for number in range(ROWS)], "categories"),
    ],
    ids=["words", "few values", "codes", "numbers", "dates", "yes or no", "long numbers", "euros"],
)
def test_the_only_input_is_something_else(cells, kind):
    found = columns_of({"one": cells})
    assert found.text is None
    assert getattr(found, kind)


def test_beside_another_input_texts_are_a_column_like_others():
    assert columns_of({"comment": SENTENCES, "size": range(ROWS)}).text is None


def test_a_column_that_is_set_aside_is_no_input():
    found = columns_of({"comment": SENTENCES, "size": range(ROWS)}, ignore=["size"])
    assert (found.text, found.left_out) == ("comment", ("size",))
    found = columns_of({"comment": SENTENCES, "guest": range(ROWS)}, group="guest")
    assert (found.text, found.left_out) == ("comment", ("guest",))


def test_a_named_column_of_texts_is_the_only_input():
    columns = {"comment": SENTENCES, "size": range(ROWS), "colour": ["red", "green"] * 30}
    found = columns_of(columns, text="comment")
    assert (found.text, found.left_out) == ("comment", ("size", "colour"))
    assert not (found.numbers or found.categories or found.dates)
    # It is learned from as texts, whatever it looks like
    assert columns_of(columns, text="colour").text == "colour"


def test_a_column_that_is_said_to_hold_names_is_none_of_texts():
    assert columns_of({"comment": SENTENCES}, categorical=["comment"]).text is None


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"text": "coment"}, "no_column"),
        ({"text": "answer"}, "no_inputs"),
        ({"text": "comment", "ignore": ["comment"]}, "no_inputs"),
    ],
)
def test_a_column_of_texts_that_cannot_be_one_is_refused(settings, name):
    with pytest.raises(ApprentiError) as caught:
        columns_of({"comment": SENTENCES, "size": range(ROWS)}, **settings)
    assert caught.value.key == name


def test_text_has_no_meaning_where_columns_have_no_names(tmp_path):
    with pytest.raises(ApprentiError) as caught:
        open_source(DataSettings(source="digits", text="comment"), tmp_path)
    assert caught.value.key == "not_for_this_source"


def test_quotes_and_line_breaks_in_a_file_of_texts_stay_within_their_cell(texts_csv):
    source = open_source(DataSettings(source="texts.csv", target="opinion"), texts_csv.parent)
    assert (source.kind, source.rows, source.shape, source.classes) == ("csv_table", 200, (1,), 2)
    assert source.settings["text"] == "comment"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_commas_in_texts_do_not_hide_what_separates_the_columns(tmp_path, delimiter):
    sentences = [f"{text}, clean, and nice; see you" for text in SENTENCES]
    with open(tmp_path / "d.csv", "w", newline="", encoding="cp1252") as file:
        rows = [("avis", "été"), *zip(sentences, ANSWERS, strict=True)]
        csv.writer(file, delimiter=delimiter).writerows(rows)
    source = open_source(DataSettings(source="d.csv", target="été"), tmp_path)
    assert (source.kind, source.settings["delimiter"]) == ("csv_table", delimiter)
    assert source.settings["text"] == "avis"
    assert np.array_equal(source.table.frame["avis"], sentences)


# ---- What the settings say


def roles_of(folder=None, row_names=(), frame=None, **settings):
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [3]}) if frame is None else frame
    return find_roles(frame, DataSettings(source="x.csv", **settings), folder, row_names)


def test_roles_are_what_the_settings_say_and_the_settings_stay_as_they_are(tmp_path):
    data = DataSettings(source="x.csv", target="c", ignore=["a"], time="b")
    before = data.model_dump()
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [3], "d": [4], "index": [0]})
    roles = find_roles(frame, data, tmp_path, ("index",))
    assert (roles.target, roles.time, roles.group) == ("c", "b", None)
    assert set(roles.set_aside) == {"a", "b", "index"}
    assert find_columns(frame, roles)[0].inputs == ("d",)
    assert data.model_dump() == before


def test_a_table_of_scikit_learn_has_a_target_unless_another_is_chosen(tmp_path):
    frame = pd.DataFrame({"a": [1], "target": [2]})
    assert roles_of(None, frame=frame).target == "target"
    assert roles_of(None, frame=frame, target="a").target == "a"
    with pytest.raises(ApprentiError) as caught:
        roles_of(tmp_path, frame=frame)
    assert caught.value.key == "target_missing"


def test_columns_that_become_numbers_or_dates_leave_the_first_table_as_it_was():
    cells = {"mixed": [*map(str, range(ROWS - 1)), "?"], "day": ["24/12/2024"] * ROWS}
    frame = pd.DataFrame({**cells, "target": ANSWERS})
    kept = frame.copy(deep=True)
    columns, converted = find_columns(frame, roles_of(None, frame=frame))
    assert (columns.mixed, columns.dates) == (("mixed",), (("day", "%d/%m/%Y"),))
    assert converted["mixed"].isna().sum() == 1
    pd.testing.assert_frame_equal(frame, kept)


@pytest.mark.parametrize(
    "written", ["price,answer", "price, answer", "['price', 'answer']", "answer;price"]
)
def test_two_targets_are_refused_by_their_names(written):
    frame = pd.DataFrame({"price": range(ROWS), "size": range(ROWS), "answer": ANSWERS})
    with pytest.raises(ApprentiError) as caught:
        find_roles(frame, DataSettings(source="x.csv", target=written), Path())
    assert caught.value.key == "several_targets"
    assert {"price", "answer"} == set(caught.value.values["names"].split(", "))
    assert "--target" in caught.value.parts()[2]


def test_a_column_may_have_a_comma_in_its_name():
    frame = pd.DataFrame({"a": range(ROWS), "b": range(ROWS), "a,b": ANSWERS})
    assert find_roles(frame, DataSettings(source="x.csv", target="a,b"), Path()).target == "a,b"
    with pytest.raises(ApprentiError) as caught:
        find_roles(frame, DataSettings(source="x.csv", target="a,c"), Path())
    assert caught.value.key == "no_column"
