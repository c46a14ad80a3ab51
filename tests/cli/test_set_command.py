"""apprenti set: settings shown, changed for good, and put back."""

import pytest


def test_settings_are_changed_and_the_change_is_taken_back(apprenti, project):
    path = project.folder / "apprenti.toml"
    before = path.read_text()
    said = apprenti("set", "iterations=7", "model.hidden_units=64,32", folder=project.folder)
    assert (said.status, said.err) == (0, "")
    assert "train.iterations: " in said.out and "→ 7" in said.out and "→ [64, 32]" in said.out
    assert "To undo it: apprenti set --undo" in said.out
    assert path.read_text() != before
    said = apprenti("set", "--undo", folder=project.folder)
    assert "7 → " in said.out and path.read_text() == before


def test_one_setting_is_shown_in_full_and_without_a_name_those_that_differ(apprenti, project):
    said = apprenti("set", "learning_rate", folder=project.folder, language="fr")
    assert "train.learning_rate = 0.001" in said.out and "Par défaut\u202f: 0.001" in said.out
    said = apprenti("set", folder=project.folder)
    assert 'data.source = "digits"' in said.out and "learning_rate" not in said.out


def test_in_json_values_are_values(apprenti, project):
    said = apprenti("set", "seed=5", "--json", folder=project.folder)
    assert said.json == {"changes": [{"key": "train.seed", "before": 0, "after": 5}]}
    said = apprenti("set", "seed", "hidden_units", "--json", folder=project.folder)
    assert said.json["settings"]["train.seed"] == 5
    apprenti("set", "--undo", folder=project.folder)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("epoch=3",), "Did you mean “epochs”?"),
        (("epoch",), "apprenti set: there is no setting named “epoch”"),
        (("epochs=0",), "train.epochs cannot be 0"),
        (("epochs", "seed=1"), "cannot be combined"),
        (("--undo", "seed=1"), "cannot be combined"),
        (("--undo",), "no change to undo"),
        (("epochs+=1",), "is not a list"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(apprenti, project, words, told):
    before = (project.folder / "apprenti.toml").read_bytes()
    said = apprenti("set", *words, folder=project.folder)
    assert said.status == 1 and told in " ".join(said.err.split())
    assert (project.folder / "apprenti.toml").read_bytes() == before


def test_columns_are_left_out_from_the_line_that_a_finding_prints(apprenti, make_project, tmp_path):
    rows = "".join(f"{n % 7},{n % 2},{'yes' if n % 2 else 'no'}\n" for n in range(200))
    (tmp_path / "t.csv").write_text("size,code name,sold\n" + rows)
    made = make_project("t.csv", folder=tmp_path, target="sold")
    said = apprenti("data", "--no-picture", folder=made.folder)
    assert '      apprenti data --ignore "code name"\n' in said.out
    said = apprenti("data", "--ignore", "code name", "--no-picture", folder=made.folder)
    assert 'data.ignore: [] → ["code name"]' in said.out and "D020" not in said.out
    said = apprenti("data", "--use", "code name", "--no-picture", "--json", folder=made.folder)
    assert said.json["changes"] == [{"key": "data.ignore", "before": ["code name"], "after": []}]
