"""The split as it is written beside a run: every row, its name and its part."""

import numpy as np
import pandas as pd
import pytest

from apprenti.data.kinds import large_table
from apprenti.data.source import open_source
from apprenti.data.split.written import share_out, write
from apprenti.project import DataSettings


@pytest.fixture
def written(tmp_path):
    def read_again(source, folder, **settings):
        data = DataSettings(source=str(source), **settings)
        write(share_out(open_source(data, folder), data), tmp_path / "split.parquet")
        return pd.read_parquet(tmp_path / "split.parquet")

    return read_again


@pytest.fixture
def table(tmp_path):
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"size": random.normal(size=500), "kind": random.choice(["a", "b"], 500)})
    frame.loc[[3, 70], "kind"] = None
    frame.to_parquet(tmp_path / "table.parquet")
    return tmp_path


SPLIT = {"train": 200, "valid": 50, "test": 100}


def test_every_row_has_its_part_and_those_without_an_answer_are_unused(written, table):
    found = written("table.parquet", table, target="kind", split=SPLIT)
    assert found["row"].tolist() == list(range(500))
    assert found["part"].value_counts().to_dict() == {**SPLIT, "unused": 150}
    assert found["part"][[3, 70]].tolist() == ["unused"] * 2


def test_a_large_table_is_shared_out_as_a_small_one(written, table, monkeypatch):
    small = written("table.parquet", table, target="kind", split=SPLIT)
    monkeypatch.setattr(large_table, "SAMPLE_ROWS", 50)
    monkeypatch.setattr(large_table, "PIECE", 30)
    large = written("table.parquet", table, target="kind", split=SPLIT, streamed=True)
    pd.testing.assert_frame_equal(small, large)


def test_images_are_called_by_their_names(written, photos):
    found = written(photos, photos.parent)
    assert found["row"].iloc[0].endswith("00.png")
    assert set(found["part"]) == {"train", "valid", "test"}


def test_the_same_split_is_the_same_bytes(written, table, tmp_path):
    contents = []
    for _ in range(2):
        written("table.parquet", table, target="kind", split=SPLIT)
        contents.append((tmp_path / "split.parquet").read_bytes())
    assert contents[0] == contents[1]
