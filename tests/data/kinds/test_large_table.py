"""Tables that are looked at in pieces: what is known of all their rows, though few are kept."""

import numpy as np
import pandas as pd
import psutil
import pytest

from apprenti.data.kinds import large_table, memory
from apprenti.data.source import open_source
from apprenti.data.split.parts import TEST, TRAIN, VALID, parts_of
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings
from apprenti.train.plan import plan

ROWS = 1000


@pytest.fixture
def table():
    random = np.random.default_rng(0)
    size = random.normal(size=ROWS)
    return pd.DataFrame({"size": size, "kind": random.choice(["a", "b"], ROWS), "price": 2 * size})


@pytest.fixture(autouse=True)
def few_are_kept(monkeypatch):
    monkeypatch.setattr(large_table, "SAMPLE_ROWS", 100)
    monkeypatch.setattr(large_table, "PIECE", 30)


@pytest.fixture
def opened(tmp_path):
    def open_table(frame, target="price", **settings):
        path = tmp_path / "table.parquet"
        frame.to_parquet(path, row_group_size=170)
        data = DataSettings(source=path.name, target=target, **{"streamed": True, **settings})
        return open_source(data, tmp_path)

    return open_table


def test_rows_drawn_at_random_stand_for_the_table(opened, table):
    source = opened(table)
    kept = source.table.frame
    pd.testing.assert_frame_equal(kept, table.iloc[kept.index], check_dtype=False)
    assert 80 < len(kept) < 160
    assert len(set(np.diff(kept.index))) > 5
    assert (source.rows, source.streamed) == (ROWS, True)
    assert source.table.share == len(kept) / ROWS
    assert opened(table).table.frame.index.equals(kept.index)


def test_rows_without_an_answer_are_counted_in_the_whole_table(opened, table):
    table.loc[[1, 2, 13], "price"] = np.nan
    assert opened(table).rows == ROWS - 3


def test_each_class_is_kept_however_rare(opened, table):
    table["kind"] = table["kind"].mask(table.index == 77, "rare")
    source = opened(table, "kind")
    assert set(source.table.frame["kind"]) == {"a", "b", "rare"}
    assert source.classes == 3


def test_a_class_that_no_kept_row_has_counts(opened, table, monkeypatch):
    monkeypatch.setattr(large_table, "FEW_ANSWERS", 0)
    table["kind"] = table["kind"].mask(table.index == 77, "rare")
    source = opened(table, "kind")
    assert "rare" not in set(source.table.frame["kind"])
    assert source.classes == 3


def test_an_infinite_number_in_a_row_that_is_not_kept_is_found(opened, table):
    table.loc[[31, 32], "size"] = [np.inf, -np.inf]
    with pytest.raises(ApprentiError) as raised:
        opened(table)
    assert (raised.value.key, raised.value.values["count"]) == ("infinite", 2)


def test_the_names_of_rows_are_no_column(opened, table):
    table.index = [f"row {number}" for number in range(ROWS)]
    source = opened(table)
    assert source.shape == (2,)
    assert source.settings["ignore"] == ("__index_level_0__",)


def test_the_sample_is_shared_out_as_the_table_is(opened, table):
    source = opened(table)
    data = DataSettings(source="table.parquet", target="price", split={"valid": 200, "test": 100})
    parts = parts_of(source.table, data.split, data)
    found = [int((parts == part).sum()) for part in (TRAIN, VALID, TEST)]
    share = source.table.share
    assert found[1:] == [round(200 * share), round(100 * share)]
    assert sum(found) == len(source.table.frame)


def test_a_small_table_is_read_whole_unless_asked_otherwise(opened, table):
    assert not opened(table, streamed=None).streamed
    assert not opened(table, streamed=False).streamed


def test_a_large_table_is_read_in_pieces_unless_asked_otherwise(opened, table, monkeypatch):
    monkeypatch.setattr(memory, "LARGE", 1000)
    assert opened(table, streamed=None).streamed
    assert not opened(table, streamed=False).streamed


def test_texts_are_read_whole(opened):
    words = [f"a text of several words, number {number}" for number in range(ROWS)]
    frame = pd.DataFrame({"text": words, "opinion": ["good", "bad"] * (ROWS // 2)})
    with pytest.raises(ApprentiError) as raised:
        opened(frame, "opinion")
    assert raised.value.key == "not_streamed"
    assert opened(frame, "opinion", streamed=None).table.columns.text == "text"


@pytest.mark.parametrize("source", ["digits", "iris", "table.csv"])
def test_what_cannot_be_read_in_pieces_is_told(tmp_path, table, source):
    table.to_csv(tmp_path / "table.csv", index=False)
    target = None if source == "digits" else "target" if source == "iris" else "price"
    with pytest.raises(ApprentiError) as raised:
        open_source(DataSettings(source=source, target=target, streamed=True), tmp_path)
    assert raised.value.key == "not_streamed"


def test_models_that_need_all_rows_at_once_are_refused_where_they_do_not_fit(
    table, tmp_path, make_project, monkeypatch
):
    table.to_parquet(tmp_path / "table.parquet")
    given = {"target": "price", "streamed": True, "kind": "linear"}
    project = make_project(tmp_path / "table.parquet", framework="sklearn", **given)
    assert not plan(project).material.streamed
    monkeypatch.setattr(psutil, "virtual_memory", type("Memory", (), {"total": 1000}))
    with pytest.raises(ApprentiError) as raised:
        plan(project)
    assert raised.value.key == "table_memory"


def test_a_text_table_larger_than_the_memory_is_refused(table, tmp_path, monkeypatch):
    table.to_csv(tmp_path / "table.csv", index=False)
    monkeypatch.setattr(psutil, "virtual_memory", type("Memory", (), {"total": 1000}))
    with pytest.raises(ApprentiError) as raised:
        open_source(DataSettings(source="table.csv", target="price"), tmp_path)
    assert raised.value.key == "table_large"
