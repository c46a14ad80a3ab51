"""Where a project stands, by the measure of its task, and what is seriously wrong with its data."""

import numpy as np
import pandas as pd
import pytest

from apprenti import ledger, runs
from apprenti.data import last_look
from apprenti.data.findings import Evidence, look, words
from apprenti.data.source import open_source
from apprenti.flow import STEPS
from apprenti.language import choose
from apprenti.listing import best
from apprenti.project import load
from apprenti.standing import known, looked_at, serious, standings
from apprenti.writing import write_json, write_text


@pytest.fixture
def run_with(tmp_path):
    """run_with(valid_r2=[0.3, 0.4]): a finished run with this history."""

    def make(status=runs.FINISHED, **columns):
        run = runs.create(tmp_path / "runs", "mlp", "sklearn")
        text = '[model]\nkind = "mlp"\n[train]\nframework = "sklearn"\n'
        write_text(run.folder / "choices.toml", text)
        write_json(run.folder / "environment.json", {"status": status})
        rows = ["epoch," + ",".join(columns)]
        rows += [
            f"{epoch}," + ",".join(map(str, values))
            for epoch, values in enumerate(zip(*columns.values(), strict=True), start=1)
        ]
        write_text(run.folder / "history.csv", "\n".join(rows) + "\n")
        return run

    return make


def told(folder):
    return {one.step: (one.state, one.evidence) for one in standings(folder)}


def test_a_new_project_has_data_and_a_model_and_trains_next(make_project, tmp_path):
    make_project("digits", folder=tmp_path)
    steps = told(tmp_path)
    assert list(steps) == list(STEPS)
    assert steps["data"] == ("open", "digits; not checked in its current state: apprenti data")
    assert steps["train"] == ("next", "no run yet")
    assert {steps[name][0] for name in ("diagnose", "evaluate", "export")} == {"open"}
    assert steps["tune"][0] == "later"


def test_the_best_of_classes_is_told_in_percent(make_project, tmp_path, run_with):
    make_project("digits", folder=tmp_path)
    run_with(valid_loss=[0.4], valid_accuracy=[0.9])
    first = run_with(valid_loss=[0.3, 0.2], valid_accuracy=[0.99, 0.9725])
    state, evidence = told(tmp_path)["train"]
    assert state == "done"
    assert (
        evidence
        == f"2 run(s); the best on the validation set is {first.name} with 97.25% (accuracy)"
    )


def test_the_best_of_numbers_is_told_by_r2_and_may_be_below_zero(make_project, tmp_path, run_with):
    make_project("diabetes", folder=tmp_path)
    run_with(valid_loss=[9000.0], valid_r2=[-1.5])
    found = run_with(valid_loss=[4000.0], valid_r2=[-0.25])
    assert f"{found.name} with -0.250 (R²)" in told(tmp_path)["train"][1]
    choose("fr")
    assert f"{found.name}, avec -0,250 (R²)" in told(tmp_path)["train"][1]


def test_a_regression_that_was_trained_is_told_by_its_r2(make_project, train):
    project = make_project("diabetes", framework="sklearn", kind="linear", iterations=5)
    run = train(project)
    value = run.history[-1]["valid_r2"]
    assert f"with {value:.3f} (R²)" in told(project.folder)["train"][1]
    assert value > 0.2


def test_only_finished_runs_count(make_project, tmp_path, run_with):
    make_project("digits", folder=tmp_path)
    run_with(runs.INTERRUPTED, valid_accuracy=[0.99])
    run_with(runs.FAILED, valid_accuracy=[0.98])
    assert told(tmp_path)["train"][0] == "next"


def test_a_run_that_measured_something_else_is_not_held_against_the_others(run_with):
    numbers = run_with(valid_r2=[0.9])
    own = run_with(valid_mape=[3.0])
    classes = run_with(valid_accuracy=[0.5])
    assert best([numbers, own, classes]).run == classes
    assert best([numbers, own]).measure.name == "r2"
    assert best([own]) is None


def test_a_score_that_is_no_number_is_no_best(run_with):
    sound, lost = run_with(valid_r2=[0.1]), run_with(valid_r2=["nan"])
    assert best([sound, lost]).run == sound
    assert best([lost]) is None


def test_runs_without_a_score_are_counted_and_no_more(make_project, tmp_path, run_with):
    make_project("digits", folder=tmp_path)
    run_with(valid_mape=[3.0])
    assert told(tmp_path)["train"] == ("done", "1 run(s)")


# ---- What is serious


@pytest.fixture
def leaking(make_project, tmp_path):
    """A project, looked at, in which `outcome` is the answer under another name."""
    random = np.random.default_rng(0)
    size = random.normal(size=300)
    frame = pd.DataFrame({"size": size, "colour": random.choice(["red", "blue"], 300)})
    frame["sold"] = np.where(size + random.normal(size=300) > 0, "yes", "no")
    frame["outcome"] = frame["sold"].map({"yes": 1, "no": 0})
    frame["constant"] = 1
    frame.to_csv(tmp_path / "sales.csv", index=False)
    project = make_project("sales.csv", folder=tmp_path, target="sold")
    source = open_source(project.choices.data, tmp_path)
    table = source.table
    found = look(Evidence(table.frame, table.columns, table.task, None))
    facts = {"findings": [words.as_json(one) for one in found]}
    known = last_look.looked_at(source, project.choices.data, project.folder)
    last_look.write({**facts, last_look.LOOKED_AT: known}, project.folder)
    return tmp_path


def named(folder):
    return [(one.code, one.subject) for one in serious(folder)]


def test_a_column_that_gives_the_answer_away_is_serious_and_a_constant_one_is_not(leaking):
    assert named(leaking) == [("D020", "outcome")]
    assert "outcome" in words.tell(serious(leaking)[0]).what


def test_while_the_data_are_wrong_no_step_is_done(leaking, run_with):
    run_with(valid_accuracy=[1.0])
    steps = told(leaking)
    assert steps["data"] == ("wrong", "sales.csv")
    assert steps["model"][0] == steps["train"][0] == "doubtful"
    assert "best cannot be said" in steps["train"][1] and "100" not in steps["train"][1]
    assert "done" not in {state for state, _ in steps.values()}


def test_once_it_is_muted_the_data_are_done(make_project, leaking):
    make_project("sales.csv", folder=leaking, target="sold", muted={"D020 outcome": "known before"})
    assert told(leaking)["data"] == ("done", "sales.csv")


def test_where_nobody_has_looked_what_is_grave_is_looked_for_once(make_project, tmp_path, leaking):
    project = load(leaking)
    (leaking / last_look.FILE).unlink()
    assert known(project) is None
    source = open_source(project.choices.data, leaking)
    found = looked_at(project, source)
    assert [(one.code, one.subject) for one in found if one.is_serious] == [("D020", "outcome")]
    assert named(leaking) == [("D020", "outcome")]
    # What was kept is not looked for again: here it cannot be
    assert looked_at(project, None) == found


def test_settings_given_for_one_run_do_not_replace_what_is_known_of_the_project(leaking):
    (leaking / last_look.FILE).unlink()
    project = load(leaking, {"data.ignore": ["outcome"]})
    source = open_source(project.choices.data, leaking)
    assert [one for one in looked_at(project, source) if one.is_serious] == []
    assert known(load(leaking)) is None


def test_it_is_silent_where_nobody_looked(make_project, tmp_path):
    make_project("digits", folder=tmp_path)
    assert serious(tmp_path) == []


@pytest.mark.parametrize("muted", ["D020", "D020 outcome"])
def test_it_is_silent_once_it_is_muted(make_project, leaking, muted):
    make_project("sales.csv", folder=leaking, target="sold", muted=[muted])
    assert serious(leaking) == []


def test_what_is_muted_of_another_column_stays_serious(make_project, leaking):
    make_project("sales.csv", folder=leaking, target="sold", muted=["D020 size", "D010"])
    assert named(leaking) == [("D020", "outcome")]


def test_it_is_silent_once_the_column_is_ignored(make_project, leaking):
    make_project("sales.csv", folder=leaking, target="sold", ignore=["outcome"])
    assert serious(leaking) == []


def test_it_is_silent_once_the_data_are_others(leaking):
    path = leaking / "sales.csv"
    path.write_text(path.read_text() + "0.1,red,yes,1,1\n")
    assert serious(leaking) == []


def test_the_evaluation_is_told_with_its_figure_its_openings_and_its_label(make_project, tmp_path):
    made = make_project("digits", folder=tmp_path)
    for number in (1, 2):
        run = runs.create(made.runs_folder, "mlp", "sklearn")
        asked = ledger.Asked(run, "ada", "0", "0", {}, (), {})
        opening = ledger.append(tmp_path, asked)
        ledger.complete(tmp_path, opening, ledger.MEASURED, {"accuracy": 0.9})
        state, evidence = told(tmp_path)["evaluate"]
        assert state == "done"
        assert f"run {number} on the test set: accuracy 90.00%; opened {number} time" in evidence
        assert ("selected on the test set" in evidence) == (number == 2)
    path = tmp_path / ledger.FILE
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    state, evidence = told(tmp_path)["evaluate"]
    assert (state, evidence) == (
        "wrong",
        "ledger.jsonl: line 1 was removed, before what is now line 1.",
    )
