"""The data of a run: opened once while much is asked of it, and refused where it has changed."""

import pytest

from apprenti.data import source as sources
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.evaluate.data_rows import columns_of, look_up
from apprenti.evaluate.run_data import open_data, opened_once

ROWS = [{"row": 0, "truth": "a", "predicted": "b", "confidence": 1}]


@pytest.fixture
def flowers(left, tmp_path):
    """A run on a table in its project."""
    path = tmp_path / "project" / "flowers.csv"
    path.parent.mkdir(exist_ok=True)
    lines = [f"{n},{n / 2},{'ab'[n % 2]}" for n in range(40)]
    path.write_text("\n".join(["id,size,kind", *lines]) + "\n", encoding="utf-8")
    data = {"source": "flowers.csv", "target": "kind", "task": "classification"}
    return left(ROWS, data=data, environment={"hashes": {"data": {path.name: digest(path)}}})


@pytest.fixture
def openings(monkeypatch):
    """What was opened, in order."""
    opened, real = [], sources.open_source

    def counted(data, *others, **settings):
        opened.append(data.source)
        return real(data, *others, **settings)

    monkeypatch.setattr(sources, "open_source", counted)
    return opened


def test_data_is_opened_once_while_much_is_asked_and_again_afterwards(flowers, openings):
    with opened_once():
        with opened_once():
            look_up(flowers, ["3"])
        assert columns_of(flowers, ["3", "4"]).frame["size"].tolist() == [1.5, 2.0]
    assert openings == ["flowers.csv"]
    look_up(flowers, ["3"])
    assert openings == ["flowers.csv"] * 2


def test_data_that_has_changed_since_the_run_is_refused_open_or_not(flowers):
    with opened_once():
        open_data(flowers)
    with open(flowers.folder.parent.parent / "flowers.csv", "a", encoding="utf-8") as file:
        file.write("40,20,a\n")
    with opened_once(), pytest.raises(ApprentiError) as raised:
        open_data(flowers)
    assert raised.value.key == "rows_changed"
