"""Data are looked at by a function that prints nothing: facts, findings, and the files written."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti.data.look import look
from apprenti.errors import ApprentiError
from apprenti.project import load


@pytest.fixture
def project(tmp_path):
    """project("source = …", "target = …"): a folder with settings of data, loaded."""

    def make(*lines):
        (tmp_path / "apprenti.toml").write_text("\n".join(["[data]", *lines]), encoding="utf-8")
        return load(tmp_path)

    return make


@pytest.fixture
def sales(tmp_path):
    random = np.random.default_rng(0)
    size = random.normal(size=100)
    frame = pd.DataFrame({"size": size, "empty": np.nan, "sold": np.where(size > 0, "yes", "no")})
    frame.to_csv(tmp_path / "sales.csv", index=False)
    return ('source = "sales.csv"', 'target = "sold"')


def test_a_table_is_described_drawn_and_judged_without_a_word(project, sales, capfd):
    made = project(*sales)
    looked = look(made.folder, made.choices)
    assert [path.name for path in looked.files] == ["data.json", "data.png"]
    assert all(path.is_file() for path in looked.files)
    assert json.loads(looked.files[0].read_text(encoding="utf-8")) == looked.facts
    assert looked.facts["rows_in_all"] == looked.facts["rows"] + looked.facts["test_rows"] == 100
    assert {finding.code for finding in looked.findings} >= {"D020"}
    assert [told["code"] for told in looked.facts["findings"]] == [
        finding.code for finding in looked.findings
    ]
    assert capfd.readouterr() == ("", "")


def test_what_is_no_number_is_null_in_the_facts(project, sales):
    made = project(*sales)
    facts = look(made.folder, made.choices, picture=False).facts
    (empty,) = (column for column in facts["columns"] if column["name"] == "empty")
    assert (empty["lowest"], empty["mean"], empty["missing_share"]) == (None, None, 1.0)


def test_without_a_picture_one_file_is_written(project):
    made = project('source = "digits"')
    looked = look(made.folder, made.choices, picture=False)
    assert [path.name for path in looked.files] == ["data.json"]
    assert looked.facts["picture"] is None
    assert not (made.folder / "data.png").exists()


def test_rows_that_are_no_images_are_not_drawn(project, columns_npz):
    made = project(f"source = {json.dumps(str(columns_npz))}")
    looked = look(made.folder, made.choices)
    assert looked.facts["picture"] is None
    assert [path.name for path in looked.files] == ["data.json"]


def test_data_that_no_run_can_use_leave_no_file(project, sales):
    made = project(sales[0], 'target = "nothing"')
    with pytest.raises(ApprentiError) as caught:
        look(made.folder, made.choices)
    assert caught.value.key == "no_column"
    assert not (made.folder / "data.json").exists()
