"""Settings changed for good: checked first, the file otherwise as it was, and taken back."""

import pytest

from apprenti.errors import ApprentiError
from apprenti.new.change import HISTORY, change, edited, read_assignments, undo
from apprenti.project import FILE, load

WRITTEN = """\
# My project
[data]
source = "digits"   # those of scikit-learn

# What is known
muted = ["D001"]
ignore = []
# group =
split = { valid = 0.2, seed = 3 } # mine

[model]
kind = "mlp"

[train]
# How often
epochs = 5  # few
framework = "pytorch"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text(WRITTEN, encoding="utf-8")
    return tmp_path


def text(folder):
    return (folder / FILE).read_text(encoding="utf-8")


def do(folder, *assignments):
    return change(folder, read_assignments(folder, assignments))


def test_a_value_is_replaced_and_all_the_rest_stays(folder):
    (told,) = do(folder, "epochs=20")
    assert told == ("train.epochs", 5, 20)
    assert text(folder) == WRITTEN.replace("epochs = 5  #", "epochs = 20  #")


def test_several_are_changed_at_once(folder):
    told = do(folder, "epochs=20", "hidden_units=64,32", "optimizer=sgd", "split.valid=0.3")
    assert [one.key for one in told][-1] == "data.split.valid"
    choices = load(folder).choices
    assert choices.model.hidden_units == (64, 32) and choices.train.optimizer == "sgd"
    assert (choices.data.split.valid, choices.data.split.seed) == (0.3, 3)
    assert "split = { valid = 0.3, seed = 3 } # mine" in text(folder)


def test_a_line_that_waits_in_a_comment_is_where_a_value_is_written(folder):
    change(folder, {"data.group": None})
    assert text(folder) == WRITTEN
    lines = WRITTEN.splitlines()
    after = edited(WRITTEN, "data.group", 'the "group", of\n two').splitlines()
    place = lines.index("# group =")
    assert after[place] == 'group = "the \\"group\\", of\\n two"'
    assert after[:place] + after[place + 1 :] == lines[:place] + lines[place + 1 :]
    again = edited("\n".join(after) + "\n", "data.group", None)
    assert again == WRITTEN


def test_a_section_that_is_not_there_is_added(folder):
    (folder / FILE).write_text('[data]\nsource = "digits"')
    do(folder, "epochs=7", "split.seed=4")
    assert load(folder).choices.train.epochs == 7
    assert load(folder).choices.data.split.seed == 4


def test_nothing_is_written_where_one_of_several_is_refused(folder):
    for wrong in ("epochs=0", "learning_rte=1", "source=nowhere.csv", "kind=gru"):
        with pytest.raises(ApprentiError) as caught:
            do(folder, "seed=3", wrong)
        assert text(folder) == WRITTEN and not (folder / HISTORY).exists()
    assert caught.value.key != "unknown_setting"


def test_a_name_that_is_misspelt_is_asked_back_and_where_it_was_given_is_said(folder):
    with pytest.raises(ApprentiError) as caught:
        do(folder, "learning_rte=1")
    assert caught.value.values["nearest"] == "learning_rate"
    assert caught.value.values["place"] == "apprenti set"
    with pytest.raises(ApprentiError) as caught:
        do(folder, "epochs=0")
    assert caught.value.values["place"] == "apprenti set"


def test_lists_are_added_to_and_taken_from(folder):
    (folder / "t.csv").write_text("kind,sold\n" + "cat,1\nCat,0\ndog,1\nDog,0\n" * 9)
    do(folder, "source=t.csv", "target=sold")
    do(folder, "muted+=D002", "muted+=D003,D001", "missing+=?", 'missing+="a, b"')
    assert load(folder).choices.data.muted == ("D001", "D002", "D003")
    assert load(folder).choices.data.missing == ("?", "a, b")
    do(folder, "muted-=D002,D009")
    assert load(folder).choices.data.muted == ("D001", "D003")
    do(folder, 'unite+={ "cat" = ["Cat"] }')
    do(folder, 'unite+={ "dog" = ["Dog"] }')
    assert load(folder).choices.data.unite == {"cat": ("Cat",), "dog": ("Dog",)}
    do(folder, "unite-=cat")
    assert list(load(folder).choices.data.unite) == ["dog"]
    with pytest.raises(ApprentiError) as caught:
        do(folder, "epochs+=1")
    assert caught.value.key == "no_list"


def test_no_value_is_the_default_again(folder):
    do(folder, "epochs=")
    assert load(folder).choices.train.epochs == 5
    do(folder, "epochs=8", "image_size=8,8")
    do(folder, "epochs=", "image_size=")
    assert load(folder).choices.train.epochs == 5 and load(folder).choices.data.image_size is None


def test_a_model_brings_the_framework_that_has_it(folder):
    told = do(folder, "kind=forest")
    assert [(one.key, one.after) for one in told] == [
        ("model.kind", "forest"),
        ("train.framework", "sklearn"),
    ]
    assert len(undo(folder)) == 2 and text(folder) == WRITTEN


def test_what_changes_nothing_is_no_change(folder):
    assert do(folder, "epochs=5") == []
    assert text(folder) == WRITTEN and not (folder / HISTORY).exists()


def test_changes_are_taken_back_one_after_the_other(folder):
    do(folder, "epochs=6", "seed=2")
    do(folder, "epochs=7")
    assert undo(folder) == [("train.epochs", 7, 6)]
    assert [one.key for one in undo(folder)] == ["train.epochs", "train.seed"]
    assert text(folder) == WRITTEN
    with pytest.raises(ApprentiError) as caught:
        undo(folder)
    assert caught.value.key == "nothing_to_undo"


def test_what_was_edited_since_stays_when_a_change_is_taken_back(folder):
    do(folder, "epochs=6", "seed=2")
    (folder / FILE).write_text(text(folder).replace("# My project", "# Ours"))
    undo(folder)
    assert "# Ours" in text(folder)
    assert (load(folder).choices.train.epochs, load(folder).choices.train.seed) == (5, 0)


@pytest.mark.parametrize("kept", ["", "[", "[1]", '[{"before": 1}]', '{"a": 1}'])
def test_a_history_that_is_damaged_is_none(folder, kept):
    (folder / HISTORY).write_text(kept)
    with pytest.raises(ApprentiError) as caught:
        undo(folder)
    assert caught.value.key == "nothing_to_undo"
    do(folder, "epochs=6")
    assert undo(folder) == [("train.epochs", 6, 5)]


def test_the_ends_of_lines_stay_those_of_windows(folder):
    (folder / FILE).write_bytes(WRITTEN.replace("\n", "\r\n").encode())
    do(folder, "epochs=6", "group=", "seed=4")
    content = (folder / FILE).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 15
    undo(folder)
    assert (folder / FILE).read_bytes() == WRITTEN.replace("\n", "\r\n").encode()
