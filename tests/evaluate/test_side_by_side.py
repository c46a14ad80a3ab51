"""Runs side by side: which is better by their rows, and what tells their scripts apart."""

import pytest

from apprenti.evaluate.side_by_side import draw, side_by_side

SCRIPT = "epochs = 5\nrate = 0.1\nprint(epochs)\n"


def said(right, rows=200):
    return [
        {"row": n, "truth": "a", "predicted": "a" if n < right else "b", "confidence": 0.9}
        for n in range(rows)
    ]


@pytest.fixture
def run_of(left):
    """run_of(180): a run that gave so many of 200 validation rows their class."""

    def make(right, script=SCRIPT, **more):
        accuracy = right / 200
        run = left(said(right), history={"valid_loss": 0.5, "valid_accuracy": accuracy}, **more)
        run.script.write_text(script, encoding="utf-8")
        return run

    return make


def test_the_best_is_held_against_each_other_row_by_row(run_of):
    worse, best, close = run_of(100), run_of(180), run_of(179)
    found = side_by_side([worse, best, close])
    assert found.names == ["1", "2", "3"]
    told = [(one.run, one.other, one.outcome) for one in found.verdicts]
    assert told == [(best.name, close.name, "same"), (best.name, worse.name, "better")]
    assert found.verdicts[1].difference == 40


def test_runs_that_were_checked_with_other_rows_are_not_compared(run_of):
    one, other = run_of(100), run_of(180, environment={"split": "other rows"})
    found = side_by_side([one, other])
    assert found.verdicts == []
    assert found.other_rows == [other.name]
    another = run_of(180, data={"source": "digits", "target": "weather"})
    assert side_by_side([one, another]).verdicts == []


def test_runs_that_learned_from_other_columns_are_compared_and_it_is_said(run_of):
    leaky = run_of(200)
    honest = run_of(160, data={"source": "digits", "ignore": ["alive"]})
    found = side_by_side([leaky, honest])
    assert [one.outcome for one in found.verdicts] == ["better"]
    assert found.other_columns == [honest.name]
    assert [(one.name, one.values) for one in found.differences] == [
        ("data.ignore", ([], ["alive"]))
    ]


def test_the_difference_of_two_scripts_is_told_line_by_line(run_of):
    one, other = run_of(100), run_of(100, SCRIPT.replace("5", "9"))
    found = side_by_side([one, other])
    assert found.script_difference.splitlines() == [
        f"--- {one.name}/train.py",
        f"+++ {other.name}/train.py",
        "@@ -1,3 +1,3 @@",
        "-epochs = 5",
        "+epochs = 9",
        " rate = 0.1",
        " print(epochs)",
    ]
    assert side_by_side([one, one]).script_difference == ""
    assert side_by_side([one, other, run_of(50)]).script_difference == ""


def test_a_run_that_is_damaged_is_beside_the_others_and_compared_with_none(run_of):
    one, other = run_of(100), run_of(180)
    (other.folder / "environment.json").write_text("{", encoding="utf-8")
    found = side_by_side([one, other])
    assert [bool(facts.damage) for facts in found.facts] == [False, True]
    assert found.verdicts == [] and found.differences == []


def test_their_curves_are_drawn_over_each_other_each_under_its_number(run_of, tmp_path):
    runs = [run_of(100), run_of(180)]
    assert draw(side_by_side(runs), tmp_path) is None
    with open(runs[1].folder / "history.csv", "a", encoding="utf-8") as file:
        file.write("2,0.4,0.95\n")
    found = side_by_side(runs)
    assert draw(found, tmp_path) == tmp_path / "comparison.png"
    assert (tmp_path / "comparison.png").stat().st_size > 1000
