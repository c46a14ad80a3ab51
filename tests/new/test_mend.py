"""What was found, mended or muted: columns left out and used again, findings known and accepted."""

import pandas as pd
import pytest

from apprenti.data.look import look
from apprenti.errors import ApprentiError
from apprenti.new.change import undo
from apprenti.new.mend import change
from apprenti.project import load


@pytest.fixture
def made(make_project, tmp_path):
    columns = {"size": range(200), "one": [1] * 200, "a, b": [2] * 200, "-x": [3] * 200}
    frame = pd.DataFrame({**columns, "sold": ["yes", "no", "no", "yes"] * 50})
    frame.to_csv(tmp_path / "sales.csv", index=False)
    project = make_project("sales.csv", folder=tmp_path, target="sold")
    look(project.folder, project.choices, picture=False)
    return project.folder


def ignored(folder):
    return load(folder).choices.data.ignore


def muted(folder):
    return load(folder).choices.data.muted


def test_columns_are_left_out_and_used_again(made):
    change(made, ignore=["one,-x", "a, b"])
    assert ignored(made) == ("one", "-x", "a, b")
    change(made, use=["one", "a, b"])
    assert ignored(made) == ("-x",)
    change(made, ignore=["one"], use=["-x"])
    assert ignored(made) == ("one",)
    undo(made)
    assert ignored(made) == ("-x",)


def test_a_finding_is_muted_with_the_reason_and_heard_of_again(made):
    change(made, mute=["d010 one"])
    assert muted(made) == ("D010 one",)
    change(made, mute=["D001"], because='few, and "known"')
    assert muted(made) == {"D010 one": "", "D001": 'few, and "known"'}
    change(made, mute=["D010 -x"])
    change(made, unmute=["D010"])
    assert muted(made) == {"D001": 'few, and "known"'}
    change(made, unmute=["d001"])
    assert not muted(made)


@pytest.mark.parametrize(
    ("given", "key", "near"),
    [
        ({"ignore": ["siz"]}, "no_column", "size"),
        ({"use": ["size"]}, "not_ignored", ""),
        ({"mute": ["D099"]}, "no_finding", None),
        ({"mute": ["D010 ones"]}, "no_finding", "D010 one"),
        ({"unmute": ["D010"]}, "not_muted", ""),
        ({"because": "so"}, "because_of_what", None),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(made, given, key, near):
    before = (made / "apprenti.toml").read_text()
    with pytest.raises(ApprentiError) as caught:
        change(made, **given)
    assert caught.value.key == key
    assert near is None or caught.value.values["nearest"] == near
    assert (made / "apprenti.toml").read_text() == before


def test_a_column_that_is_read_otherwise_is_no_category_any_more(made):
    set_up = made / "apprenti.toml"
    set_up.write_text(
        set_up.read_text().replace("[data]\n", '[data]\ncategorical = ["size", "one"]\n')
    )
    assert change(made, read_as=["size=category", "a, b=number"]) == []
    change(made, read_as=["size=number"])
    assert load(made).choices.data.categorical == ("one",)
    undo(made)
    assert load(made).choices.data.categorical == ("size", "one")
