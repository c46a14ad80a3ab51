"""The script of a run reads a table as the workbench does: the same names, types and values."""

from pathlib import Path

import pandas as pd
import pytest

from apprenti.backends.common import csv_table, excel_table, feather_table, json_table
from apprenti.backends.common.settings import Config
from apprenti.data.kinds import files
from apprenti.data.source import open_source
from apprenti.model import catalogue
from apprenti.project import DataSettings
from apprenti.script.assemble import assemble

CASES = Path(__file__).resolve().parents[1] / "cases"
BLOCKS = {
    "csv_table": csv_table,
    "excel_table": excel_table,
    "json_table": json_table,
    "feather_table": feather_table,
}
ROWS = [{"taille": n / 4, "ville": f"v{n % 3}", "prix": n} for n in range(40)]

TABLE = ["a;b;y", *(f"{n};{n % 7},5;{n % 2}" for n in range(40))]
ODD = {
    "titles and notes": ["Titre", "", *TABLE, "", "Source : nous"],
    "comments": [*TABLE[:9], "# une remarque", *TABLE[9:]],
    "a header again": [*TABLE, *TABLE],
    "a total": [*TABLE, "Total;;20"],
    "two of one name": ["a;a;y", *TABLE[1:]],
    "no name": ["a;;y;", *TABLE[1:]],
    "no header": ["x;1,5;1", *(f"x;{n % 7},5;{n % 2}" for n in range(40))],
    "cells over lines": [
        "Titre",
        'a;b;"y\nz"',
        *(f'{n};"u\n\nv";{n % 2}' for n in range(40)),
        "# x",
    ],
}


def agree(path):
    """Return what both read, after a comparison."""
    written = files.how_written(path)
    frame = files.read(path, written.kind, written.settings)
    read = BLOCKS[written.kind].read_table(path, Config(**written.settings))
    pd.testing.assert_frame_equal(read, frame)
    return written, frame


TYPED = [path for path in sorted(CASES.iterdir()) if path.suffix not in (".parquet", ".zip")]


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.name)
def test_each_of_the_cases_is_read_alike(path):
    agree(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("what", ODD)
def test_what_is_no_row_is_left_out_alike(tmp_path, what, encoding, end):
    path = tmp_path / "t.csv"
    path.write_bytes((end.join(ODD[what]) + end).encode(encoding))
    written, frame = agree(path)
    assert frame.shape[1] == 3
    assert not written.settings["regular"]
    assert len(frame) == {"a header again": 80, "no header": 41}.get(what, 40)


@pytest.mark.parametrize("name", ["t.json", "t.jsonl", "t.feather", "t.arrow"])
def test_other_kinds_of_files_are_read_alike(tmp_path, name, save):
    path = save(tmp_path / name)
    frame = agree(path)[1]
    assert [*frame.columns] == ["taille", "ville", "prix"]
    assert frame["taille"].tolist() == [row["taille"] for row in ROWS]


@pytest.fixture
def save():
    """save(path): the rows, as the ending of the path says."""

    def make(path):
        frame = pd.DataFrame(ROWS)
        kind = path.suffix
        if kind == ".json":
            frame.to_json(path, orient="records")
        elif kind == ".jsonl":
            frame.to_json(path, orient="records", lines=True)
        else:
            frame.to_feather(path)
        return path

    return make


@pytest.mark.parametrize(
    "name", ["title_lines_above_header.csv", "no_header_mixed.csv", "trailing_delimiter.csv"]
)
@pytest.mark.parametrize("kind", ["train", "predict", "essential"])
def test_the_script_has_what_its_file_needs_and_nothing_else(name, kind):
    from apprenti.model.catalogue import Material
    from apprenti.train.plan import BLOCKS as RECIPES

    target = "column 5" if "no_header" in name else "y"
    source = open_source(DataSettings(source=name, target=target), CASES)
    blocks = RECIPES[kind]("sklearn", "forest", Material(source.kind, source.shape))
    settings = {**source.settings, "labelled": kind != "predict"}
    text = assemble(blocks, settings, "x", flat=kind == "essential").text
    assert ("skiprows" in text) == ("title" in name)
    assert ("usecols" in text) == ("trailing" in name)
    assert ("header=None" in text) == ("no_header" in name)
    assert not any(word in text for word in ("register_error", "quoting", "compression"))


def test_what_an_ejected_script_needs_is_said():
    assert "python-calamine" in catalogue.requirements("import pandas as pd\npd.read_excel(x)")
