"""apprenti data: describes the data and says what is wrong with them."""

import json
import tomllib

import numpy as np
import pandas as pd
import pytest

from apprenti.standing import serious


@pytest.fixture
def leaking(make_project, tmp_path):
    """A project on a table in which the column `outcome` is the answer under another name."""
    random = np.random.default_rng(0)
    size = random.normal(size=300)
    frame = pd.DataFrame({"size": size, "colour": random.choice(["red", "blue"], 300)})
    frame["sold"] = np.where(size + random.normal(size=300) > 0, "yes", "no")
    frame["outcome"] = frame["sold"].map({"yes": 1, "no": 0})
    frame.loc[:20, "size"] = np.nan
    frame.to_csv(tmp_path / "sales.csv", index=False)
    return make_project("sales.csv", folder=tmp_path, target="sold")


def test_the_columns_the_balance_and_the_findings_are_shown(apprenti, leaking):
    said = apprenti("data", folder=leaking.folder)
    assert (said.status, said.err) == (0, "")
    assert "sales.csv: 255 rows, 4 columns; sold is a class to predict" in said.out
    assert "45 more rows are the test set" in said.out
    assert "✗ “outcome” is “sold” under another name" in said.out
    assert "D020 (target leakage): apprenti explain D020" in said.out
    assert "· Values are missing: size (" in said.out
    assert max(map(len, said.out.splitlines())) <= 100
    assert (leaking.folder / "data.png").read_bytes().startswith(b"\x89PNG")


def test_of_one_column_the_gravest_is_told_and_a_line_of_settings_stands_alone(
    apprenti, make_project, tmp_path
):
    random = np.random.default_rng(0)
    names = [f"unknown reason {number}" for number in range(15)]
    frame = pd.DataFrame({"id": np.arange(300), "why": random.choice(names, 300)})
    frame["sold"] = np.where(frame["id"] < 150, "yes", "no")
    unknown = ["non renseigné", "ne se prononce pas", "not available", "do not know", "inconnue"]
    frame.loc[:99, "why"] = unknown * 20
    frame.to_csv(tmp_path / "sales.csv", index=False)
    made = make_project("sales.csv", folder=tmp_path, target="sold")
    said = apprenti("data", "--no-picture", folder=made.folder)
    assert "✗ “id” predicts “sold” almost perfectly" in said.out
    assert "Also about this column: identifier column (D011)" in said.out
    assert "an identifier of the rows" not in said.out
    start = "      apprenti set 'missing+="
    (line,) = [each for each in said.out.splitlines() if each.startswith(start)]
    listed = tomllib.loads(f"missing = {line.removeprefix(start)[:-1]}")["missing"]
    assert set(listed) == set(unknown) and len(line) > 90


def test_everything_is_json_and_the_file_says_the_same(apprenti, leaking):
    said = apprenti("data", "--json", "--no-picture", folder=leaking.folder)
    assert said.json["picture"] is None
    written = json.loads((leaking.folder / "data.json").read_text(encoding="utf-8"))
    assert said.json == {**written, "changes": []}
    assert (said.json["rows"], said.json["test_rows"], said.json["target"]) == (255, 45, "sold")
    columns = [column["name"] for column in said.json["columns"]]
    assert columns == ["size", "colour", "sold", "outcome"]
    first = said.json["findings"][0]
    assert (first["code"], first["severity"], first["name"]) == ("D020", "error", "outcome")
    assert first["values"]["score"] == 1
    assert "outcome" in first["what"]


def test_in_french_an_ignored_column_gives_nothing_away(apprenti, leaking):
    path = leaking.folder / "apprenti.toml"
    path.write_text(path.read_text() + 'ignore = ["outcome"]\n')
    said = apprenti("data", "--no-picture", folder=leaking.folder, language="fr")
    assert "sold est une classe à prédire" in said.out
    assert "apprenti explain D0" in said.out
    assert "D020" not in said.out
    assert not (leaking.folder / "data.png").exists()


def test_images_have_their_shape_their_classes_and_a_picture(apprenti, make_project):
    made = make_project("digits")
    said = apprenti("data", "--json", folder=made.folder).json
    assert (said["shape"], said["rows"], said["test_rows"]) == ([8, 8], 1527, 270)
    assert sum(rows for _, rows in said["classes"]) == 1527
    assert (made.folder / "data.png").read_bytes().startswith(b"\x89PNG")


def test_a_number_to_predict_has_its_range(apprenti, make_project):
    made = make_project("diabetes")
    said = apprenti("data", "--no-picture", folder=made.folder)
    assert "target is a number to predict" in said.out
    assert "target: from 25 to 346, mean" in said.out


def test_without_a_project_it_is_told(apprenti, tmp_path):
    said = apprenti("data", folder=tmp_path)
    assert said.status == 1
    assert "apprenti.toml" in said.err


def test_a_finding_that_is_muted_stays_in_the_file_and_only_its_name_is_shown(apprenti, leaking):
    path = leaking.folder / "apprenti.toml"
    path.write_text(path.read_text() + 'muted = ["D020 outcome"]\n')
    said = apprenti("data", "--no-picture", folder=leaking.folder)
    assert "almost perfectly" not in said.out
    assert "Muted: D020 outcome. To report one again:" in said.out
    assert "· Values are missing: size (" in said.out
    facts = json.loads((leaking.folder / "data.json").read_text(encoding="utf-8"))
    codes = [one["code"] for one in facts["findings"]]
    assert "D020" in codes


def test_what_was_found_is_known_to_be_of_these_data(apprenti, leaking):
    apprenti("data", "--no-picture", folder=leaking.folder)
    assert [(one.code, one.subject) for one in serious(leaking.folder)] == [("D020", "outcome")]
    table = leaking.folder / "sales.csv"
    table.write_text(table.read_text().replace("red", "green", 1))
    assert serious(leaking.folder) == []


def test_a_finding_is_muted_with_its_reason_and_heard_of_again(apprenti, leaking):
    because = ("--because", "known before", "--no-picture")
    said = apprenti("data", "--mute", "D020 outcome", *because, folder=leaking.folder)
    assert "Muted: D020 outcome (known before)." in said.out
    assert '      apprenti data --unmute "D020 outcome"' in said.out and "✗" not in said.out
    assert serious(leaking.folder) == []
    said = apprenti("data", "--unmute", "D020", "--no-picture", folder=leaking.folder)
    assert "✗ “outcome”" in said.out and len(serious(leaking.folder)) == 1


@pytest.mark.parametrize("muted", ["outcome", "d020", "D020outcome"])
def test_what_is_no_name_of_a_finding_is_refused(apprenti, leaking, muted):
    path = leaking.folder / "apprenti.toml"
    path.write_text(path.read_text() + f'muted = ["{muted}"]\n')
    said = apprenti("data", folder=leaking.folder)
    assert said.status == 1
    assert "data.muted" in said.err and muted in said.err
