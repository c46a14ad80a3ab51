"""apprenti improve on the screen: what is tried, what came of it, the command that applies it."""

import json

import pytest

SMALL = ("--pairs", "3")


@pytest.fixture(scope="module")
def folder(make_project, apprenti):
    """A project with a tree that is far too small."""
    made = make_project("digits", framework="sklearn", kind="tree", max_depth=2)
    assert apprenti("train", folder=made.folder).status == 0
    return made.folder


def test_it_says_what_it_tries_what_helps_and_how_to_keep_it(apprenti, folder):
    said = apprenti("improve", *SMALL, folder=folder)
    assert said.status == 0, said.err
    assert "deeper trees" in said.out and "max_depth=4" in said.out
    assert "Best: deeper trees. To keep it: apprenti set max_depth=4" in said.out
    assert "No effect with this model or these data" not in said.out or "C × 10" in said.out
    assert (folder / "improve" / "improve.png").stat().st_size > 5000
    told = json.loads((folder / "improve" / "improve.json").read_text(encoding="utf-8"))
    assert told["best"]["command"] == "apprenti set max_depth=4"


@pytest.mark.slow
def test_the_same_in_french_is_trained_no_more_and_fits_a_narrow_terminal(
    apprenti, folder, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "62")
    apprenti("improve", *SMALL, folder=folder)
    said = apprenti("improve", *SMALL, folder=folder, language="fr")
    assert "arbres plus\nprofonds" in said.out or "plus profonds" in said.out
    assert "0 entraînement en" in said.out and "améliore" in said.out
    wide = [line for line in said.out.splitlines() if len(line) > 62 and "apprenti " not in line]
    assert not wide, wide


def test_json_is_alone_on_stdout(apprenti, folder):
    said = apprenti("improve", *SMALL, "--json", "--no-picture", folder=folder)
    assert said.json["picture"] is None and said.json["as_is"]["valid_accuracy"] < 0.6
    assert "deeper" in {one["name"] for one in said.json["remedies"]}


def test_quiet_says_nothing_of_how_far_it_is(apprenti, folder):
    said = apprenti("improve", "--one", "max_depth=3,5", *SMALL, "--quiet", folder=folder)
    assert said.err == "" and "Best value: 5" in said.out
    assert (folder / "improve" / "curve-max_depth.png").stat().st_size > 5000


def test_a_curve_without_values_is_refused_with_an_example(apprenti, folder):
    said = apprenti("improve", "--one", "max_depth", folder=folder)
    assert said.status == 1 and "--one learning_rate=0.001,0.01" in said.err


def test_too_small_a_budget_is_refused_with_what_is_needed(apprenti, folder):
    said = apprenti("improve", "--trials", "3", folder=folder)
    assert said.status == 1 and "about 3 trainings; 8 are needed" in said.err


@pytest.mark.parametrize(
    ("given", "expected"), [("dro", ["dropout"]), ("l1,dro", ["l1,dropout"]), ("zz", [])]
)
def test_remedies_are_completed(given, expected):
    from apprenti.cli.improve_command import complete_remedy

    assert complete_remedy(given) == expected
