"""Tables: how they are written is found out, what each column is for, and what no run can use."""

import numpy as np
import pandas as pd
import pytest

from apprenti.data.kinds.dialect import find_out
from apprenti.data.kinds.table import BUILT_IN, open_table
from apprenti.data.source import open_source
from apprenti.data.split.parts import TEST, TRAIN, UNUSED, VALID, parts_of
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings, Split

ROWS = 40


@pytest.fixture
def write(tmp_path):
    """write("a,b\\n1,2\\n"): a file with this content, text or bytes."""

    def make(content, name="t.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


@pytest.fixture
def table(tmp_path):
    """table(a=[...], b=[...]): a CSV of these columns."""

    def make(**columns):
        path = tmp_path / "t.csv"
        pd.DataFrame(columns).to_csv(path, index=False)
        return path

    return make


def opened(path, target="y", **settings):
    return open_source(DataSettings(source=path.name, target=target, **settings), path.parent)


def refusal(path, target="y", **settings):
    with pytest.raises(ApprentiError) as caught:
        opened(path, target, **settings)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def some(**columns):
    return {"x": np.arange(ROWS) / 7, "y": np.arange(ROWS) % 2, **columns}


# ---- How it is written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_and_separator_are_found_out(write, delimiter, encoding):
    rows = [["été", "prix"], *([f"né{i}", f"{i}.5"] for i in range(9))]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    found, header, _ = find_out(write(text, encoding=encoding))
    assert (found.delimiter, found.decimal) == (delimiter, ".")
    assert found.encoding == encoding
    assert header == ["été", "prix"]


def test_an_export_of_excel_in_french_is_read_as_it_is_meant(write):
    lines = ["âge;taille;ville;y"]
    lines += [f"{i};1,{50 + i};Orléans;{'oui' if i % 2 else 'non'}" for i in range(ROWS)]
    source = opened(write("\r\n".join(lines), encoding="cp1252"))
    assert source.kind == "csv_table"
    assert source.table.columns.numbers == ("âge", "taille")
    assert source.table.frame["taille"].tolist() == [float(f"1.{50 + i}") for i in range(ROWS)]


def test_line_breaks_and_separators_inside_quotes_belong_to_the_value(write):
    lines = ["nom,y"] + [f'"ligne, un\nligne ""deux"" {i % 3}",{i % 2}' for i in range(ROWS)]
    source = opened(write("\n".join(lines)))
    assert source.rows == ROWS
    assert source.table.frame["nom"][0] == 'ligne, un\nligne "deux" 0'


def test_a_plain_table_needs_no_words_about_how_it_is_written(table):
    assert opened(table(**some())).kind == "csv_table"


def test_names_of_columns_come_back_unchanged(write):
    names = ["é t é", "a,b", 'dit "oui"', "🎈", "y"]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    lines = [quoted, *(f"{i},{i * 2},{i % 3},{i % 5},{i % 2}" for i in range(ROWS))]
    assert [*opened(write("\n".join(lines))).table.frame.columns] == names


# ---- What a column is for


def test_each_column_gets_its_role(table):
    path = table(
        **some(
            word=["a", "b"] * 20,
            flag=[True, False] * 20,
            day=pd.date_range("2026-01-01", periods=ROWS).strftime("%d/%m/%Y"),
            mixed=["?"] * 2 + [str(i) for i in range(38)],
            code=np.arange(ROWS) % 4,
            who=np.arange(ROWS) % 9,
            secret=np.arange(ROWS),
        )
    )
    settings = {"categorical": ("code",), "group": "who", "ignore": ("secret",)}
    columns = opened(path, **settings).table.columns
    assert columns.numbers == ("x", "mixed")
    assert columns.categories == ("word", "flag", "code")
    assert columns.dates == (("day", "%d/%m/%Y"),)
    assert columns.left_out == ("who", "secret")
    assert columns.mixed == ("mixed",)


@pytest.mark.parametrize(
    ("answers", "task", "classes"),
    [
        (["oui", "non"] * 20, "classification", 2),
        ([True, False] * 20, "classification", 2),
        (np.arange(ROWS) % 3, "classification", 3),
        (np.arange(ROWS) * 1.5, "regression", 0),
        (np.arange(ROWS) + 1000, "regression", 0),
    ],
)
def test_the_task_is_found_out_from_the_target(table, answers, task, classes):
    source = opened(table(**some(y=answers)))
    assert (source.task, source.classes) == (task, classes)


def test_the_task_can_be_set(table):
    assert opened(table(**some(y=np.arange(ROWS) % 3)), task="regression").task == "regression"


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_tables_of_scikit_learn_need_no_file(name, tmp_path):
    source = open_source(DataSettings(source=name), tmp_path)
    assert (source.kind, source.folder, source.hashes) == ("built_in_table", None, {})
    assert source.table.columns.target == "target"


def test_parquet_keeps_its_types(tmp_path):
    frame = pd.DataFrame(some(day=pd.date_range("2026-01-01", periods=ROWS)))
    frame.to_parquet(tmp_path / "t.parquet")
    columns = opened(tmp_path / "t.parquet").table.columns
    assert columns.dates == (("day", "ISO8601"),)


# ---- The split


def test_every_row_has_its_part_and_rows_without_an_answer_have_none(table):
    answers = [None, *["a", "b"] * 19, "a"]
    path = table(**some(y=answers))
    data = DataSettings(source=path.name, target="y")
    found = parts_of(open_table(data, path), Split(train=10, valid=6, test=6), data)
    assert np.bincount(found).tolist() == [10, 6, 6, ROWS - 22]
    assert (found[0], TRAIN, VALID, TEST) == (UNUSED, 0, 1, 2)


# ---- What no run can use


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"a,y\n", "header_only"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_text"),
        (b"a,y\n1,2\n3,4,5\n", "ragged"),
        (b"a,b,y\n1,2,0\n3,1\n", "ragged"),
        (b"a, a,y\n1,2,0\n3,4,1\n", "column_twice"),
        (b"a;b;y\n" + 9 * b'"x";1;0\n' + b'"y;1;0\n' + b'"z";1;1\n', "stray_quote"),
        (b"y\n0\n1\n0\n1\n", "no_inputs"),
    ],
)
def test_what_is_no_table_is_told(write, content, key):
    assert refusal(write(content)).key == key


def test_a_ragged_row_is_told_with_its_number(write):
    error = refusal(write("a,y\n1,2\n3,4,5\n"))
    assert (error.values["row"], error.values["expected"], error.values["found"]) == (3, 2, 3)


def test_a_target_that_is_not_there_is_told_with_the_nearest_name(table):
    error = refusal(table(**some()), target="z")
    assert error.key == "no_column"
    path = table(**some(survived=np.arange(ROWS) % 2))
    assert refusal(path, target="survive").values["nearest"] == "survived"


def test_a_table_without_a_target_asks_for_one(table):
    assert refusal(table(**some()), target=None).key == "target_missing"


@pytest.mark.parametrize(
    ("answers", "settings", "key"),
    [
        ([1, 0, 1, 0, *[None] * 36], {}, "target_gaps"),
        (["a"] * ROWS, {}, "one_answer"),
        ([f"name {i}" for i in range(ROWS)], {}, "too_many_answers"),
        (["a", "b"] * 20, {"task": "regression"}, "target_words"),
        ([np.inf, *np.arange(39) * 1.5], {}, "infinite"),
    ],
)
def test_a_target_that_teaches_nothing_is_told(table, answers, settings, key):
    assert refusal(table(**some(y=answers)), **settings).key == key


def test_ten_thousand_classes_are_too_many(write):
    lines = ["x,y", *(f"{i},c{i % 10_000}" for i in range(30_000))]
    error = refusal(write("\n".join(lines)))
    assert (error.key, error.values["classes"]) == ("too_many_answers", 10_000)


def test_infinite_values_are_told(table):
    error = refusal(table(**some(x=[np.inf, *np.arange(39)])))
    assert (error.key, error.values["count"]) == ("infinite", 1)


def test_where_most_rows_have_no_date_or_no_group_no_split_goes_by_it(table):
    days = [*[None] * 21, *pd.date_range("2026-01-01", periods=19).astype(str)]
    assert refusal(table(**some(day=days)), time="day").key == "time_gaps"
    assert refusal(table(**some(day=days)), group="day").key == "group_gaps"


def test_what_has_no_order_in_time_is_refused_and_shown(table):
    error = refusal(table(**some(day=["janvier", "février"] * 20)), time="day")
    assert (error.key, error.values["examples"]) == ("time_unreadable", "janvier, février")


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["31/01/2026", "01/02/2026"], "%d/%m/%Y"),
        (["01/31/2026", "02/01/2026"], "%m/%d/%Y"),
        (["2026-01", "2026-02"], "ISO8601"),
        (["2026-01-31T08:00+02:00", "2026-02-01T08:00Z"], "ISO8601"),
        ([2024, 2025], "number"),
        (["9", "10", "soon"] + ["11"] * 17, "number"),
    ],
)
def test_how_the_times_are_written_is_found_and_told_the_script(texts, written, table):
    days = (texts * 20)[:ROWS]
    assert opened(table(**some(day=days)), time="day").settings["time_format"] == written


def test_a_group_and_a_time_together_are_refused(table):
    days = pd.date_range("2026-01-01", periods=40).astype(str)
    error = refusal(table(**some(day=days, who=np.arange(40) // 4)), time="day", group="who")
    assert error.key == "group_and_time"


def test_a_parquet_file_cut_short_is_told(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame(some()).to_parquet(path)
    content = path.read_bytes()
    for kept in (0, 4, len(content) // 2, len(content) - 3):
        path.write_bytes(content[:kept])
        assert refusal(path).key == "damaged_parquet"


def test_columns_are_not_spoken_of_where_there_are_none(tmp_path):
    with pytest.raises(ApprentiError) as caught:
        open_source(DataSettings(source="digits", target="y"), tmp_path)
    assert caught.value.key == "not_for_this_source"


def test_where_no_target_is_named_the_last_column_that_can_be_predicted_is_proposed(table):
    names = [f"row {row}" for row in range(ROWS)]
    for columns, proposed in (
        ({"name": names}, "y"),
        ({"z": np.arange(ROWS) / 3, "name": names, "same": "a"}, "z"),
        ({"word": ["a", "b"] * (ROWS // 2)}, "word"),
    ):
        error = refusal(table(**some(**columns)), target=None)
        assert (error.key, error.values["proposed"]) == ("target_missing", proposed)
