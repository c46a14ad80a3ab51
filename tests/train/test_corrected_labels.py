"""Corrected labels: read from a file that people write, checked, and learned from by every kind."""

import csv
import json
import sys

import pytest

import apprenti
import fork_server
from apprenti import runs
from apprenti.errors import ApprentiError
from apprenti.export.eject import eject
from apprenti.train import corrected_labels, reuse
from apprenti.train.plan import plan

LINEAR = {"framework": "sklearn", "kind": "linear", "iterations": 20}


def write(project, *lines, name="labels.csv"):
    text = "\n".join(["row,was,is", *lines]) + "\n"
    (project.folder / name).write_text(text, encoding="utf-8")


def said(run):
    return {row["row"]: row for row in runs.read_rows(run.folder / "predictions.csv")}


def line(row, was, now):
    return ",".join('"{}"'.format(text.replace('"', '""')) for text in (row, was, now))


# ---- The file


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("row,was,is\n3,é,b\n", "utf-8"),
        ("row,was,is\n3,é,b\n", "utf-8-sig"),
        ("row;was;is;by\r\n3;é;b;Ana\r\n;;;\r\n", "cp1252"),
        ("is\trow\twas\nb\t3\té\n", "utf-8"),
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(tmp_path, text, encoding):
    (tmp_path / "labels.csv").write_bytes(text.encode(encoding))
    (found,) = corrected_labels.read(tmp_path / "labels.csv")
    assert (found.row, found.was, found.now) == ("3", "é", "b") and found.is_correction


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("row,label\n3,b\n", "labels_damaged"),
        ("", "labels_damaged"),
        ("row,was,is\n3,a,b\n3,a,c\n", "labels_twice"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(tmp_path, text, key):
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(ApprentiError) as caught:
        corrected_labels.read(tmp_path / "labels.csv")
    assert caught.value.key == key


# ---- What is checked before a run


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["0,1,5"], "labels_changed"),
        (["99999,1,5"], "labels_no_row"),
        (["0,0,eleven"], "labels_no_class"),
        (["0,0,"], None),
        (["0,0,0"], None),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_before_the_run(make_project, lines, key):
    project = make_project(labels="labels.csv", **LINEAR)
    write(project, *lines)
    if key is None:
        assert plan(project).files["labels.csv"] == "row,was,is\n"
        return
    with pytest.raises(ApprentiError) as caught:
        plan(project)
    assert caught.value.key == key and "labels.csv" in str(caught.value)


def test_a_test_row_may_be_named_and_keeps_its_label(make_project, train):
    project = make_project(labels="labels.csv", **LINEAR)
    write(project)
    shares = plan(project).shares
    test = next(name for name, part in zip(shares.rows, shares.parts, strict=True) if part == 2)
    write(project, f"{test},77,78")
    run = train(project)
    done = fork_server.run([sys.executable, "evaluate.py"], cwd=run.folder)
    assert done.returncode == 0, done.stderr
    assert "77" not in (run.folder / "test_predictions.csv").read_text().split("\n")[1]


def test_numbers_have_no_labels_to_correct(make_project):
    project = make_project("diabetes", labels="labels.csv", **LINEAR)
    write(project)
    with pytest.raises(ApprentiError) as caught:
        plan(project)
    assert caught.value.key == "labels_of_numbers"


def test_a_file_that_is_not_there_is_said(make_project):
    with pytest.raises(ApprentiError) as caught:
        plan(make_project(labels="labels.csv", **LINEAR))
    assert caught.value.key == "labels_missing"


# ---- What is learned


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("source", "settings"),
    [
        ("digits", LINEAR),
        ("idx_folder", LINEAR),
        ("images_npz", {"epochs": 1}),
        ("table_csv", {"target": "réponse", **LINEAR}),
        ("texts_csv", {"target": "opinion", **LINEAR}),
        ("photos", {"image_size": [8, 8], **LINEAR}),
        ("album", {"target": "season", "image_size": [8, 8], **LINEAR}),
        ("table_parquet", {"target": "réponse", "streamed": True, "epochs": 1}),
    ],
)
def test_every_kind_of_data_learns_from_corrected_labels_on_the_same_rows(
    source, settings, request, make_project, train
):
    data = source if source == "digits" else request.getfixturevalue(source)
    before = train(make_project(data, **settings))
    rows = list(said(before).values())
    row, was = rows[0]["row"], rows[0]["truth"]
    now = next(one["truth"] for one in rows if one["truth"] != was)
    project = make_project(data, labels="labels.csv", **settings)
    write(project, line(row, was, now))
    after = train(project)
    changed = {n for n, one in said(after).items() if one["truth"] != said(before)[n]["truth"]}
    assert list(said(after)) == list(said(before))
    assert changed == {row} and said(after)[row]["truth"] == now
    assert "labels.csv" not in before.script.read_text(encoding="utf-8")


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "framework", ["pytorch", "sklearn", pytest.param("tensorflow", marks=pytest.mark.slow)]
)
def test_the_short_form_and_the_ejected_script_have_the_same_losses(
    framework, make_project, train, tmp_path
):
    settings = {"framework": framework, "kind": "mlp", "epochs": 2, "data.split.train": 200}
    project = make_project(labels="labels.csv", **settings)
    shares = plan(make_project(**settings)).shares
    lines = [f"{row},{was},{(was + 1) % 10}" for row, was in _digits(shares)[:40]]
    write(project, *lines)
    run = train(project)
    plain = train(make_project(**settings))
    last = run.history[-1]
    assert last["train_loss"] > plain.history[-1]["train_loss"]
    files = eject(run, tmp_path / "out").files
    assert [path.name for path in files] == ["train.py", "requirements.txt", "labels.csv"]
    for folder, name in ((run.folder, "essential.py"), (tmp_path / "out", "train.py")):
        done = fork_server.run([sys.executable, name], cwd=folder)
        assert done.returncode == 0, done.stderr
        assert str(last["valid_loss"]) in done.stdout


def _digits(shares):
    from sklearn.datasets import load_digits

    target = load_digits().target.tolist()
    learned = (name for name, part in zip(shares.rows, shares.parts, strict=True) if part == 0)
    return [(name, target[name]) for name in learned]


def test_what_is_decided_later_changes_no_run_and_another_run_is_made(make_project, train):
    project = make_project(labels="labels.csv", **LINEAR)
    write(project, "0,0,1")
    run = train(project)
    assert reuse.find_same(plan(project), project.runs_folder) == run
    write(project, "0,0,2")
    assert reuse.find_same(plan(project), project.runs_folder) is None
    with open(run.folder / "labels.csv", newline="") as file:
        assert list(csv.DictReader(file)) == [{"row": "0", "was": "0", "is": "1"}]
    assert "labels.csv" in json.loads((run.folder / "environment.json").read_text())["hashes"]


@pytest.mark.slow
def test_trials_learn_from_corrected_labels_too(make_project, train, tmp_path):
    project = make_project(labels="labels.csv", **LINEAR)
    write(project, "0,0,1")
    run = train(project)
    with_them, without = apprenti.trials(
        project, [{}, {"labels": ""}], workers=1, folder=tmp_path / "trials"
    )
    assert with_them.history[0]["valid_loss"] == run.history[0]["valid_loss"]
    assert without.history[0]["valid_loss"] != run.history[0]["valid_loss"]
    assert (with_them.folder / "labels.csv").exists()
