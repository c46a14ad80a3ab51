"""A file of predictions: what was given, written as it was, and predictions beside it."""

import gzip
import json

import pandas as pd
import pytest

from apprenti.errors import ApprentiError
from apprenti.predict import output, workbook
from apprenti.predict.columns import added, beside, free
from apprenti.predict.in_text import as_text
from shops import shops


@pytest.fixture(scope="module")
def new(of_shops, predict, tmp_path_factory):
    """Predictions for five shops of which the kind is not known."""
    path = tmp_path_factory.mktemp("new") / "nouveaux.csv"
    path.write_bytes(shops(range(100, 105), target=False).encode("cp1252"))
    return predict(of_shops, path)


def test_a_text_keeps_its_separators_marks_letters_and_line_ends(new):
    given = shops(range(100, 105), target=False).encode("cp1252").split(b"\r\n")
    written = as_text(new).split(b"\r\n")
    assert [one[: len(line)] for line, one in zip(given, written, strict=True)] == given
    # The class is a word, as those between quotation marks; numbers stand without
    assert written[0].startswith('"code";"surface";"ville";"genre";"confidence";'.encode("cp1252"))
    assert written[1].decode("cp1252").startswith('"00100";120,5;"Nîmes";"épicerie";1;')
    assert written[-1] == b""


def test_a_decimal_mark_that_the_file_does_not_show_is_that_of_the_training(
    of_shops, predict, tmp_path
):
    (tmp_path / "n.csv").write_text('code;surface;ville\n00001;9000;Ys\n00002;40;"a;b"\n')
    found = predict(of_shops, tmp_path / "n.csv")
    found.answers["confidence"] = [0.5, 0.25]
    first, second = as_text(found).decode().splitlines()[1:]
    assert first.startswith("00001;9000;Ys;") and ";0,5;" in first
    # Where one cell alone has marks, it needs them
    assert second.startswith('00002;40;"a;b";')


@pytest.mark.parametrize("name", ["p.csv", "p.tsv", "p.xlsx", "p.json", "p.parquet", "p.feather"])
def test_every_kind_of_file_holds_the_same(name, new, tmp_path):
    output.save(new, tmp_path / name)
    reader = {
        ".csv": lambda path: pd.read_csv(
            path, sep=";", decimal=",", encoding="cp1252", dtype={0: str}
        ),
        ".tsv": lambda path: pd.read_csv(
            path, sep="\t", decimal=",", encoding="cp1252", dtype={0: str}
        ),
        ".xlsx": lambda path: pd.read_excel(path, engine="calamine", dtype={0: str}),
        ".json": lambda path: pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))),
        ".parquet": pd.read_parquet,
        ".feather": pd.read_feather,
    }[name[1:]]
    read = reader(tmp_path / name)
    names = ["code", "surface", "ville", "genre", "confidence"]
    assert list(read.columns)[:5] == names
    assert list(read["code"]) == [f"00{number}" for number in range(100, 105)]
    assert list(read["surface"]) == [120.5, 171.5, 122.5, 173.5, 124.5]
    assert list(read["genre"]) == list(new.answers["predicted"])
    assert list(read["confidence"]) == list(new.answers["confidence"])
    assert not [*tmp_path.glob(".*.tmp")]


def test_a_text_is_packed_where_its_name_says_so_and_named_as_given_without_an_ending(
    new, tmp_path
):
    output.save(new, tmp_path / "p.csv.gz")
    output.save(new, tmp_path / "p")
    assert gzip.decompress((tmp_path / "p.csv.gz").read_bytes()) == as_text(new)
    assert (tmp_path / "p").read_bytes() == as_text(new)


def test_lines_of_json_stay_as_they_are(of_shops, predict, tmp_path):
    rows = [
        {"code": "00007", "surface": 28.5, "ville": "Brest", "tags": {"a": 1}, "genre": None},
        {"ville": "Nîmes", "code": "00008", "surface": 30},
    ]
    path = tmp_path / "n.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    output.save(predict(of_shops, path), tmp_path / "p.jsonl")
    lines = (tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]
    assert all(given.items() <= row.items() for given, row in zip(rows, written, strict=True))
    assert [*written[1]][3:5] == ["genre_predicted", "confidence"]
    assert isinstance(written[0]["confidence"], float)


def test_a_column_of_the_same_name_stays_and_the_new_one_has_another(of_shops, predict, tmp_path):
    table = shops([1, 2]).replace('"ville"', '"ville";"confidence"').replace('"Nî', '"x";"Nî')
    (tmp_path / "n.csv").write_text(table.replace('"Brest"', '"y";"Brest"'), encoding="cp1252")
    found = predict(of_shops, tmp_path / "n.csv")
    names = [*added(found, ["code", "confidence", "genre"]).columns]
    assert names[:2] == ["genre_predicted", "confidence_2"]
    assert free([("a", "a_predicted")], ["a", "a_predicted"]) == ["a_predicted_2"]


def test_rows_of_several_files_stand_in_their_order_with_their_file(of_shops, predict, tmp_path):
    for name, numbers in (("b.csv", [4, 5]), ("a.csv", [3])):
        (tmp_path / name).write_bytes(shops(numbers).encode("cp1252"))
    found = predict(of_shops, tmp_path / "b.csv", tmp_path / "a.csv")
    written = beside(found)
    assert [name.rsplit("/")[-1] for name in written["file"]] == ["b.csv", "b.csv", "a.csv"]
    assert list(written["code"]) == ["00004", "00005", "00003"]
    # A folder is its tables, in the order of their names
    whole = predict(of_shops, tmp_path)
    assert list(whole.answers["row"]) == [1, 1, 2]


def test_a_disk_that_fails_leaves_what_was_there(new, tmp_path, monkeypatch):
    (tmp_path / "p.xlsx").write_text("before")

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook, "write", full)
    with pytest.raises(ApprentiError) as caught:
        output.save(new, tmp_path / "p.xlsx")
    assert caught.value.key == "cannot_write"
    assert [path.name for path in tmp_path.iterdir()] == ["p.xlsx"]
    assert (tmp_path / "p.xlsx").read_text() == "before"
