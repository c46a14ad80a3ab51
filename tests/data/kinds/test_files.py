"""The files that a table may come in: workbooks, JSON, and those that no ending names."""

import gzip
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from apprenti.data.kinds import files
from apprenti.data.kinds.dialect import Asked
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

CASES = Path(__file__).resolve().parents[2] / "cases"
ROWS = [{"taille": n / 4, "ville": f"v{n % 3}", "prix": n} for n in range(40)]


def read(path, **asked):
    written = files.how_written(path, Asked(**asked))
    return files.read(path, written.kind, written.settings), written


def refusal(path, **asked):
    with pytest.raises(ApprentiError) as caught:
        read(path, **asked)
    assert all(part and "{" not in part.replace("[{", "") for part in caught.value.parts())
    return caught.value


# ---- Workbooks


def test_a_sheet_with_a_title_a_total_and_a_note_is_read_as_it_is_meant():
    frame, written = read(CASES / "ventes.xlsx")
    assert [*frame.columns] == ["jour", "ville", "montant", "retour"]
    assert len(frame) == 60
    assert str(frame["jour"].dtype).startswith("datetime64")
    told = {remark.what: remark.lines for remark in written.remarks}
    assert told == {"titles": (2,), "notes": (67,), "totals": (65,), "sheets": ()}


def test_a_workbook_of_open_document_is_read():
    frame, written = read(CASES / "tailles.ods")
    assert frame.equals(pd.DataFrame(ROWS))
    assert written.remarks == ()


def test_a_workbook_of_the_old_excel_is_read():
    frame, written = read(CASES / "ventes_de_la_semaine.xls")
    assert [*frame.columns] == ["ville", "prix", "jour", "retour"]
    assert len(frame) == 60 and {*frame["ville"]} == {"Orléans", "Nîmes"}
    assert str(frame["jour"].dtype).startswith("datetime64")
    assert frame["jour"].iloc[-1] == pd.Timestamp("2024-02-29")
    assert [remark.what for remark in written.remarks] == ["titles"]


def test_the_user_names_the_sheet():
    assert read(CASES / "ventes.xlsx", sheet="Ventes")[1].settings["sheet"] == "Ventes"
    error = refusal(CASES / "ventes.xlsx", sheet="Vente")
    assert (error.key, error.values["nearest"]) == ("no_sheet", "Ventes")


def test_dates_of_a_workbook_are_dates_for_a_model():
    source = open_source(DataSettings(source="ventes.xlsx", target="retour"), CASES)
    assert (source.kind, source.rows) == ("excel_table", 60)
    assert source.table.columns.dates == (("jour", "ISO8601"),)


def test_a_workbook_cut_short_is_told(tmp_path):
    path = tmp_path / "t.xlsx"
    for kept in (10, 500, 5000):
        path.write_bytes((CASES / "ventes.xlsx").read_bytes()[:kept])
        assert refusal(path).key == "damaged_sheet"


# ---- JSON


@pytest.mark.parametrize(
    "content",
    [
        ROWS,
        {"data": ROWS, "source": "mairie", "pages": [1, 2]},
        {name: [row[name] for row in ROWS] for name in ROWS[0]},
        json.loads(pd.DataFrame(ROWS).to_json()),
    ],
    ids=["rows", "under a key", "columns", "columns of numbered values"],
)
@pytest.mark.parametrize("name", ["t.json", "t", "t.txt"])
def test_json_is_read_whatever_its_form(tmp_path, content, name):
    path = tmp_path / name
    path.write_text(json.dumps(content), encoding="utf-8")
    assert files.is_table(path)
    assert read(path)[0].equals(pd.DataFrame(ROWS))


def test_what_stands_within_a_value_becomes_columns(tmp_path):
    path = tmp_path / "t.jsonl"
    lines = [json.dumps({"a": {"b": n, "c": "001"}, "y": n}) for n in range(9)]
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    frame = read(path)[0]
    assert [*frame.columns] == ["y", "a.b", "a.c"]
    assert frame["a.c"][0] == "001"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("{}", "json_without_rows"),
        ("[1, 2]", "json_without_rows"),
        ('{"a": [{"x": 1}], "b": [{"x": 1}]}', "json_without_rows"),
        ('[{"a": [1, 2]}, {"a": []}]', "json_cells"),
        ('[{"a": 1}', "not_a_table"),
    ],
)
def test_json_that_is_no_table_is_told(tmp_path, content, key):
    path = tmp_path / "t.json"
    path.write_text(content, encoding="utf-8")
    assert refusal(path).key == key


# ---- Names and packing


@pytest.mark.parametrize("ending", ["", ".tab", ".dat", ".data", ".asc", ".csv"])
def test_a_table_is_known_by_what_stands_in_it(tmp_path, ending):
    (tmp_path / f"t{ending}").write_text("a\tb\n" + "1\t2\n" * 9)
    assert files.is_table(tmp_path / f"t{ending}")
    assert read(tmp_path / f"t{ending}")[1].settings["delimiter"] == "\t"


@pytest.mark.parametrize(
    "content", [b"\x7fELF\0\0", b"<!DOCTYPE html><p>a,b", b"<?xml version='1.0'?>", b""]
)
def test_what_is_no_table_is_known_too(tmp_path, content):
    (tmp_path / "t").write_bytes(content)
    assert not files.is_table(tmp_path / "t")


def test_a_parquet_file_needs_no_ending(tmp_path):
    pd.DataFrame(ROWS).to_parquet(tmp_path / "t")
    assert read(tmp_path / "t")[0].equals(pd.DataFrame(ROWS))


def test_a_zip_holds_one_table(tmp_path):
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    assert len(read(path)[0]) == 1
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.csv", "a,b\n1,2\n")
    assert refusal(path).values["names"] == "a.csv, b.csv"


def test_what_is_said_of_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert refusal(tmp_path / "t.csv", sheet="x").key == "not_for_this_source"
    pd.DataFrame(ROWS).to_parquet(tmp_path / "t.parquet")
    assert refusal(tmp_path / "t.parquet", header=False).key == "not_for_this_source"


# ---- Packed


def write_rows(path):
    frame = pd.DataFrame(ROWS)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".feather":
        frame.to_feather(path)
    elif path.suffix == ".json":
        frame.to_json(path, orient="records")
    else:
        frame.to_json(path, orient="records", lines=True)
    return path


@pytest.mark.parametrize("ending", ["json", "jsonl", "parquet", "feather"])
@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_what_is_packed_and_no_text_is_refused_as_what_it_is(tmp_path, ending, packed):
    plain = write_rows(tmp_path / f"t.{ending}")
    path = tmp_path / f"t.{ending}.{packed}"
    if packed == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(plain, plain.name)
    with pytest.raises(ApprentiError) as caught:
        open_source(DataSettings(source=path.name, target="prix"), tmp_path)
    kinds = {"json": "JSON", "jsonl": "JSON", "parquet": "Parquet", "feather": "Feather"}
    assert (caught.value.key, caught.value.values["kind"]) == ("packed_kind", kinds[ending])


def test_a_packed_workbook_is_refused_as_such(tmp_path):
    path = tmp_path / "ventes.xlsx.gz"
    path.write_bytes(gzip.compress((CASES / "ventes.xlsx").read_bytes()))
    assert refusal(path).key == "packed_kind"
    # But a packed table of text is read
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 30))
    assert read(tmp_path / "t.csv.gz")[0].shape == (30, 2)
