"""A Parquet file is read as it stands, and what no model can use is refused with its column."""

import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apprenti.data.kinds import parquet
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

ROWS = 40


def table(**more):
    return pa.table(
        {"a": [float(n) for n in range(ROWS)], "y": ["no", "yes"] * (ROWS // 2), **more}
    )


def opened(rows, tmp_path, target="y", **settings):
    pq.write_table(rows, tmp_path / "x.parquet")
    return open_source(DataSettings(source="x.parquet", target=target, **settings), tmp_path)


def test_what_pandas_noted_wrongly_harms_nothing(tmp_path):
    noted = b'{"index_columns": ["nowhere"], "column_indexes": 5, "columns": 5}'
    found = opened(table().replace_schema_metadata({b"pandas": noted}), tmp_path)
    assert found.table.columns.inputs == ("a",)
    assert found.rows == ROWS


@pytest.mark.parametrize("noted", [b"", b"{", b"[" * 100_000, b"\xff"], ids=range(4))
def test_notes_that_cannot_be_read_are_told(tmp_path, noted):
    with pytest.raises(ApprentiError) as caught:
        opened(table().replace_schema_metadata({b"pandas": noted}), tmp_path)
    assert caught.value.key == "damaged_parquet"


def test_an_index_with_a_name_is_a_column_and_names_of_rows_are_left_out(tmp_path):
    frame = table().to_pandas()
    frame["b"] = [n * n for n in range(ROWS)]
    frame.set_index("b").to_parquet(tmp_path / "x.parquet")
    named = open_source(DataSettings(source="x.parquet", target="y"), tmp_path)
    assert set(named.table.columns.inputs) == {"a", "b"}
    frame.sample(frac=1, random_state=0).to_parquet(tmp_path / "x.parquet")
    kept = open_source(DataSettings(source="x.parquet", target="y"), tmp_path)
    assert set(kept.table.columns.inputs) == {"a", "b"}
    assert kept.table.columns.left_out == ("__index_level_0__",)


def test_columns_on_several_levels_have_their_names_as_they_were_written(tmp_path):
    frame = table().to_pandas()
    frame.columns = pd.MultiIndex.from_tuples([("a", "x"), ("y", "x")])
    frame.to_parquet(tmp_path / "x.parquet")
    found = open_source(DataSettings(source="x.parquet", target="('y', 'x')"), tmp_path)
    assert found.table.columns.inputs == ("('a', 'x')",)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([[1, 2]] * ROWS),
        pa.array([{"k": 1}] * ROWS),
        pa.array([b"\xff"] * ROWS),
        pa.array([1] * ROWS, pa.duration("s")),
        pa.array([1] * ROWS, pa.time32("s")),
    ],
    ids=lambda values: str(values.type).split("<")[0],
)
def test_cells_of_which_nobody_knows_what_a_model_should_see_are_refused(tmp_path, values):
    with pytest.raises(ApprentiError) as caught:
        opened(table(odd=values), tmp_path)
    assert caught.value.key == "cells_unusable" and caught.value.values["name"] == "odd"


@pytest.mark.few(2)
@pytest.mark.parametrize(
    "values",
    [
        pa.array([datetime.date(9999, 12, 31), datetime.date(1600, 1, 1)] * (ROWS // 2)),
        pa.array([253402214400000, 0] * (ROWS // 2), pa.timestamp("ms")),
        pa.array([-(2**63) + 1, 2**63 - 1] * (ROWS // 2), pa.timestamp("ns")),
        pa.array([2**64 - 1, 0] * (ROWS // 2), pa.uint64()),
        pa.array([None] * ROWS, pa.null()),
    ],
    ids=lambda values: str(values.type),
)
def test_unusual_cells_are_learned_from(tmp_path, make_project, train, values):
    pq.write_table(table(odd=values), tmp_path / "x.parquet")
    made = make_project("x.parquet", folder=tmp_path, target="y", framework="sklearn", kind="tree")
    assert train(made).status == "finished"


@pytest.mark.parametrize(
    "answers",
    [
        pa.array([0, 86400] * (ROWS // 2), pa.timestamp("s")),
        pa.array([datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)] * (ROWS // 2)),
    ],
    ids=lambda values: str(values.type),
)
def test_classes_that_no_file_could_name_are_refused(tmp_path, answers):
    with pytest.raises(ApprentiError) as caught:
        opened(table(answer=answers), tmp_path, "answer", task="classification")
    assert caught.value.key == "answers_unusable" and caught.value.values["name"] == "answer"


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()], ids=str)
def test_numbers_to_predict_whose_squares_cannot_be_added_up_are_refused(tmp_path, kind):
    answers = pa.array([3e38, *range(ROWS - 1)], kind)
    with pytest.raises(ApprentiError) as caught:
        opened(table(answer=answers), tmp_path, "answer")
    assert caught.value.key == "answers_too_large"
    assert caught.value.values["count"] == 1


def test_more_rows_than_anybody_has_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "MOST_ROWS", ROWS - 1)
    with pytest.raises(ApprentiError) as caught:
        opened(table(), tmp_path)
    assert caught.value.key == "memory_short"
