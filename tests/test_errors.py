"""Messages: what happened, why, and what to do, in the language chosen when they are shown."""

import pytest

from apprenti import language
from apprenti.errors import ApprentiError, Interrupted, nearest


def test_an_error_has_three_parts():
    error = ApprentiError("framework_missing", framework="pytorch", extra="pytorch")
    what, why, todo = error.parts()
    assert what == "pytorch is not installed in this Python."
    assert why.startswith("Each run")
    assert "apprenti install pytorch" in todo
    assert str(error) == f"{what} {why} {todo}"


def test_the_language_is_that_of_the_moment_it_is_shown():
    error = ApprentiError("project_exists", folder="here")
    language.choose("fr")
    french = str(error)
    language.choose("en")
    assert french.startswith("here est déjà un projet.")
    assert str(error).startswith("here is already a project.")


def test_values_may_bear_any_name_and_hold_braces():
    error = ApprentiError("unknown_setting", key="{key}", nearest="{0}", place="{")
    assert error.key == "unknown_setting"
    assert "“{key}”" in error.parts()[0]
    assert "{0}" in error.parts()[1]


def test_only_what_was_stopped_by_hand_ends_with_130():
    assert ApprentiError("no_rows", path="x").exit_status == 1
    assert Interrupted("interrupted_early", run="x").exit_status == 130
    assert isinstance(Interrupted("interrupted_early", run="x"), ApprentiError)


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("epoch", ["seed", "epochs", "threads"], "epochs"),
        ("trian", ["start", "train", "runs"], "train"),
        ("qqqq", ["b", "a", "c"], "a, b, c"),
        ("x", [], ""),
        ("dropout", ["group", "header", "task"], "group, header, task"),
        ("qqqq", [f"column {number}" for number in range(13)], ""),
        ("Fréquence", ["frequence", "seed"], "frequence"),
        ("oui/non ", ["Oui/Non", "sexe"], "Oui/Non"),
        ("hidden", ["hidden_units", "seed"], "hidden_units"),
    ],
)
def test_nearest_is_one_name_or_all_of_a_few(name, names, expected):
    assert nearest(name, names) == expected


@pytest.mark.parametrize(
    ("lang", "asked", "told"),
    [
        ("en", "Did you mean “epochs”?", "There are: seed, task."),
        ("fr", "Vouliez-vous dire «\u202fepochs\u202f»\u202f?", "Il y a\u202f: seed, task."),
    ],
)
def test_what_was_meant_is_asked_and_what_there_is_is_told(lang, asked, told):
    language.choose(lang)
    assert f"{nearest('epoch', ['epochs', 'seed'])}" == asked
    assert f"{nearest('qqq', ['seed', 'task'])}" == told
    assert f"{nearest('qqq', [])}" == ""


def test_an_error_is_told_apart_in_a_log():
    error = ApprentiError("no_rows", path="data.npz")
    assert repr(error) == "ApprentiError('no_rows', {'path': 'data.npz'})"
