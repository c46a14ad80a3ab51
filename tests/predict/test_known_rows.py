"""Rows that the model knows already are recognised by what they say, wherever they stand."""

import numpy as np
import pandas as pd
import pytest

from apprenti.evaluate.new_rows import score
from apprenti.predict.known_rows import _match
from shops import shops


def parts_of(run):
    table = pd.read_parquet(run.folder / "split.parquet")
    return table["part"].astype(str).to_numpy()


def test_rows_are_known_in_another_order_and_another_kind_of_file(of_shops, predict, tmp_path):
    order = np.random.default_rng(0).permutation(60).tolist()
    parts = parts_of(of_shops)
    (tmp_path / "n.csv").write_bytes(shops([*order, 1000]).encode("cp1252"))
    found = predict(of_shops, tmp_path / "n.csv")
    assert found.known.parts == [*parts[order], None]
    frame = pd.read_csv(tmp_path / "n.csv", sep=";", decimal=",", encoding="cp1252", dtype={0: str})
    assert predict(of_shops, frame).known == found.known
    # Without the target too, and with columns that the model does not look at
    assert predict(of_shops, frame.drop(columns="genre").assign(x=1)).known == found.known
    # Who gives another truth gives other rows
    other = frame.assign(genre=frame["genre"].iloc[::-1].to_numpy())
    assert predict(of_shops, other).known.parts != found.known.parts


def test_a_score_is_told_by_the_part_in_which_the_model_knew_the_rows(of_shops, predict, tmp_path):
    (tmp_path / "n.csv").write_bytes(shops(range(70)).encode("cp1252"))
    found = predict(of_shops, tmp_path / "n.csv")
    counts = {name: (parts_of(of_shops) == name).sum() for name in ("train", "valid", "test")}
    measured = score(found)
    assert measured.all["rows"] == 70
    assert {name: part["rows"] for name, part in measured.parts.items()} == {
        "train": counts["train"],
        "valid": counts["valid"],
        "new": counts["test"] + 10,
    }
    history = of_shops.history[-1]
    for part in ("train", "valid"):
        for name in ("accuracy", "loss"):
            told = pytest.approx(float(history[f"{part}_{name}"]), abs=1e-5)
            assert measured.parts[part][name] == told


def test_data_that_have_changed_or_gone_are_not_compared_with(
    of_shops, predict, tmp_path, monkeypatch
):
    (tmp_path / "n.csv").write_bytes(shops([1]).encode("cp1252"))
    data = of_shops.folder.parent.parent / "magasins.csv"
    content = data.read_bytes()
    try:
        data.write_bytes(content + b"\r\n")
        assert predict(of_shops, tmp_path / "n.csv").known == (None, "changed")
        data.unlink()
        assert predict(of_shops, tmp_path / "n.csv").known == (None, "gone")
    finally:
        data.write_bytes(content)


def test_of_rows_that_say_the_same_each_stands_for_one():
    known = [(0, "a"), (1, "a"), (2, "b"), (3, "c")]
    parts = {0: "train", 1: "test", 2: "valid", 3: "unused"}
    assert _match(["a", "a", "a", "b", "c", "d"], known, parts) == [
        *("train", "test", "train", "valid"),
        *(None, None),
    ]
