"""All the rules of a run: every question is answered, and odd runs crash nothing."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from known_runs import HEALTHY, answers

from apprenti import diagnose, language
from apprenti.cli import diagnose_command
from apprenti.data.findings import words
from apprenti.diagnose import marked_curve
from apprenti.diagnose.evidence import SMOOTHED, smoothed
from apprenti.errors import ApprentiError
from apprenti.findings import NOT_APPLICABLE, PASSED, codes_of
from apprenti.runs import history
from apprenti.writing import plain

CODES = [code for rule in diagnose.RULES for code in codes_of(rule)]


def test_codes_are_one_row_and_every_question_has_an_answer(left):
    assert [f"R{number:02}" for number in range(2, 23)] == CODES
    found = diagnose.diagnose(left(**HEALTHY, **answers(0.9, rows=2000)))
    assert {one.code for one in found.answers} == {*CODES}
    assert found.is_healthy and found.found == []
    assert {one.outcome for one in found.answers} == {PASSED, NOT_APPLICABLE}
    json.dumps(found.as_json(), allow_nan=False)


ODD = {
    "one epoch": {"train_loss": 0.5, "valid_loss": 0.5, "train_accuracy": 0.7},
    "two epochs": {"train_loss": [0.5, 0.4], "valid_loss": [0.5, 0.4]},
    "constant": {"train_loss": [0.5] * 20, "valid_loss": [0.5] * 20, "train_accuracy": [0.5] * 20},
    "no number from the first": {"train_loss": [np.nan] * 9, "valid_loss": [np.nan] * 9},
    "zero": {"train_loss": [0.0] * 20, "valid_loss": [0.0] * 20},
    "other measures": {"train_wins": [1, 2], "valid_wins": [2, 3]},
    "lost half-way": {
        "train_loss": [0.9, 0.8, *[np.nan] * 7],
        "valid_loss": [0.9, 0.8, *[np.nan] * 7],
        "train_accuracy": [0.6, 0.7, *[np.nan] * 7],
    },
    "no validation measured": {"train_loss": np.linspace(1, 0.1, 30), "train_accuracy": 0.9},
    "endless": {"train_loss": [0.5, np.inf], "valid_loss": [0.5, np.inf], "valid_r2": -np.inf},
    "two epochs of everything": {name: HEALTHY[name][:2] for name in HEALTHY},
    "R² below zero": {"train_loss": [2.0] * 9, "valid_loss": [3.0] * 9, "valid_r2": [-2.0] * 9},
}


SAID = {
    "classes": answers(0.7, rows=50),
    "one class": {"truth": ["a"] * 40, "predicted": [*["a"] * 30, *["b"] * 10]},
    "one row": {"truth": ["a"], "predicted": ["b"]},
    "numbers": {"truth": [1.0] * 9, "predicted": [2.0] * 9},
    "one number": {"truth": [1.0], "predicted": [2.0]},
    "nothing": {},
}
FRAMEWORKS = {"pytorch": "mlp", "sklearn": "tree"}


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("curves", ODD.values(), ids=ODD)
def test_odd_histories_have_sensible_outcomes(left, curves, said, lang):
    language.choose(lang)
    for framework, model in FRAMEWORKS.items():
        found = diagnose.diagnose(left(**curves, **said, framework=framework, model=model))
        assert {answer.code for answer in found.answers} >= {*CODES}
        for answer in found.answers:
            tells(answer)
        json.dumps(plain(found.as_json()), allow_nan=False)


def tells(answer):
    """See that there are words for an answer, and nothing in them that was not filled in."""
    if answer.outcome == NOT_APPLICABLE:
        why = language.say(f"diagnose.why_not.{answer.sentence}", **answer.values)
        assert why and "{" not in why
    elif answer.is_found:
        told = words.tell(answer)
        assert told.what and told.todo and "{" not in told.what + told.todo
        assert "nan" not in told.what


@pytest.mark.parametrize(
    "status", ["finished", "stopped early", "diverged", "interrupted", "killed"]
)
def test_however_a_run_ended_every_question_is_answered(left, status):
    for curves in ODD.values():
        found = diagnose.diagnose(left(**curves, **SAID["classes"], status=status))
        assert {answer.code for answer in found.answers} >= {*CODES}


@pytest.mark.parametrize("name", ["history.csv", "predictions.csv"])
def test_tables_cut_in_mid_line_and_a_class_that_no_row_has(left, name):
    whole = None
    for cut in range(0, 60, 3):
        run = left(**HEALTHY, **answers(0.9, classes="abc"))
        text = (run.folder / name).read_text()
        whole = whole or text
        (run.folder / name).write_text(text[: len(text) - cut])
        found = diagnose.diagnose(run)
        assert {answer.code for answer in found.answers} >= {*CODES}
        for answer in found.answers:
            tells(answer)


def test_a_run_that_left_nothing_or_is_under_way_is_refused(left):
    run = left(**HEALTHY)
    (run.folder / "history.csv").unlink()
    with pytest.raises(ApprentiError) as caught:
        diagnose.diagnose(run)
    assert caught.value.key == "nothing_to_diagnose"


def test_the_curves_are_drawn_with_the_turning_point(left, tmp_path):
    valid = 0.3 + 0.002 * (np.arange(30) - 10) ** 2
    found = diagnose.diagnose(left(**HEALTHY | {"valid_loss": valid}, **answers(0.9)))
    figure = marked_curve.figure(found)
    marked = [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == ":"]
    assert [line.get_xdata()[0] for line in marked] == [11, 11]
    path = marked_curve.draw(found, tmp_path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_ten_thousand_epochs_and_predictions_are_read_without_a_framework(left):
    steps = np.arange(10_000)
    curves = {name: np.interp(steps / 400, np.arange(30), HEALTHY[name]) for name in HEALTHY}
    run = left(**curves, **answers(0.9, rows=10_000))
    begun = time.process_time()
    assert diagnose.diagnose(run).answers
    assert time.process_time() - begun < 2
    code = (
        "import sys\nfrom pathlib import Path\nfrom apprenti import diagnose, runs\n"
        f"diagnose.diagnose(runs.Run(Path({str(run.folder)!r})))\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_answer_is_told_before_the_picture_is_drawn(left, tmp_path, monkeypatch, capsys):
    heard = []

    def draw(found, folder):
        heard.append(capsys.readouterr().out)
        return folder / "drawn.png"

    monkeypatch.setattr(marked_curve, "draw", draw)
    diagnose_command._diagnose(left(**HEALTHY, **answers(0.9)), tmp_path, True, False)
    (before,) = heard
    assert "R09" in before and "R22" in before
    assert capsys.readouterr().out.strip().endswith("drawn.png")


HEAVY = ("torch", "tensorflow", "keras", "sklearn", "scipy", "pandas", "matplotlib")


def test_each_table_of_a_run_is_read_once(left, monkeypatch):
    read, real = [], history._read_rows

    def counted(path):
        read.extend([path.name] if path.exists() else [])
        return real(path)

    run = left(**HEALTHY, **answers(0.9))
    monkeypatch.setattr(history, "_read_rows", counted)
    found = diagnose.diagnose(run)
    assert sorted(read) == ["history.csv", "predictions.csv"]
    marked_curve.figure(found)
    assert len(read) == 2
    # Another diagnosis asks anew
    diagnose.diagnose(run)
    assert len(read) == 4


@pytest.mark.parametrize("epochs", [0, 1, 39, 40, 41, 60, 61, 1000])
def test_a_curve_is_smoothed_by_the_median_of_the_window_around_each_epoch(epochs):
    random = np.random.default_rng(epochs)
    for values in (random.normal(size=epochs), random.integers(0, 3, epochs).astype(float)):
        half = max(1, epochs // SMOOTHED) // 2
        reaches = [min(half, at, epochs - 1 - at) for at in range(epochs)]
        plain = [np.median(values[at - reach : at + reach + 1]) for at, reach in enumerate(reaches)]
        assert smoothed(values).tolist() == plain
