"""Small tables in which one thing is wrong."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from apprenti.data.findings import RULES, Evidence, look, look_at_files
from apprenti.data.kinds.columns import find_columns, find_roles
from apprenti.data.kinds.table import open_table
from apprenti.data.source import open_source
from apprenti.data.split.parts import parts_of
from apprenti.project import DataSettings

ROWS = 200

CASES = Path(__file__).parents[2] / "cases"
"""Small tables as people have them."""


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.fixture
def sound(random):
    """Columns with nothing wrong: two of numbers, one of categories, an answer of two classes."""
    size, weight = random.normal(size=ROWS), random.normal(50, 10, size=ROWS)
    return {
        "size": size,
        "weight": weight,
        "colour": random.choice(["red", "green", "blue"], ROWS),
        "answer": np.where(size + random.normal(size=ROWS) > 0, "yes", "no"),
    }


@pytest.fixture
def find():
    """find("D006", columns, parts=..., ignore=[...]): the findings with this code."""

    def run(code, columns, *, parts=None, task="classification", **settings):
        frame = pd.DataFrame(columns)
        data = DataSettings(source="x.csv", target="answer", **settings)
        sorted_out, frame = find_columns(frame, find_roles(frame, data, None))
        evidence = Evidence(frame, sorted_out, task, parts, data.time)
        (rule,) = (rule for rule in RULES if code == rule.CODE)
        return look(evidence, [rule])

    return run


@pytest.fixture
def pets(tmp_path):
    """A folder of images with nothing wrong: two classes of four."""
    folder = tmp_path / "pets"
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (6, 5), (number, 9, 9)).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture
def find_in_files():
    """find_in_files("D041", folder): the findings with this code on the files of a folder."""

    def run(code, folder):
        source = open_source(DataSettings(source=str(folder)), folder.parent)
        return [one for one in look_at_files(source) if one.code == code]

    return run


@pytest.fixture
def table_of():
    """table_of("ids.csv", "y"): what the rules are given of a file of tests/cases."""

    def read(name, target, **settings):
        data = DataSettings(source=name, target=target, **settings)
        table = open_table(data, CASES / name)
        parts = parts_of(table, data.split, data)
        return Evidence(table.frame, table.columns, table.task, parts, data.time)

    return read
