"""Before a run: parts from which nothing can be learned are refused, uneven ones told."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

import apprenti
import fork_server
from apprenti.errors import ApprentiError
from apprenti.project import load
from apprenti.train.audience import Nobody
from apprenti.train.plan import plan

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def project(tmp_path):
    """project("two_groups.csv", "y", 'group = "patient"'): a project on this table."""

    def make(name, target, *lines):
        shutil.copy(CASES / name, tmp_path)
        data = "\n".join(["[data]", f'source = "{name}"', f'target = "{target}"', *lines])
        model = '[model]\nkind = "tree"\n[train]\nframework = "sklearn"'
        (tmp_path / "apprenti.toml").write_text(f"{data}\n{model}\n", encoding="utf-8")
        return tmp_path

    return make


class Listener(Nobody):
    def __init__(self):
        self.heard = []

    def remarked(self, finding):
        self.heard.append(finding.code)


def test_a_script_puts_dates_in_order_as_the_workbench_does(project):
    folder = project("time_split_dates_jj_mm_aaaa.csv", "ventes", 'time = "jour"')
    run = apprenti.train(folder).run
    parts = pd.read_parquet(run.folder / "split.parquet").set_index("row")["part"]
    validated = pd.read_csv(run.folder / "predictions.csv")["row"]
    assert set(validated) == set(parts.index[parts == "valid"])
    done = fork_server.run([sys.executable, run.folder / "evaluate.py"], cwd=run.folder)
    assert done.returncode == 0, done.stderr
    tested = pd.read_csv(run.folder / "test_predictions.csv")["row"]
    assert set(tested) == set(parts.index[parts == "test"])
    assert 'time_format: str = "%d/%m/%Y"' in run.script.read_text(encoding="utf-8")


def test_uneven_parts_are_told_before_the_run(project):
    listener = Listener()
    folder = project("three_groups.csv", "y", 'group = "patient"')
    run = apprenti.train(folder, audience=listener).run
    assert run.status == "finished"
    # One column predicts the target alone, which is told first
    assert listener.heard == ["D020", "D032"]


def test_what_was_muted_is_not_told(project):
    listener = Listener()
    folder = project("three_groups.csv", "y", 'group = "patient"', 'muted = ["D020", "D032"]')
    apprenti.train(folder, audience=listener)
    assert listener.heard == []


def test_a_training_part_of_one_class_is_refused(project):
    folder = project("three_groups.csv", "y", 'time = "a"')
    frame = pd.read_csv(folder / "three_groups.csv").assign(a=range(200), y=0)
    frame.loc[150:, "y"] = 1
    frame.to_csv(folder / "three_groups.csv", index=False)
    with pytest.raises(ApprentiError) as caught:
        apprenti.train(folder)
    assert (caught.value.key, caught.value.values["rows"]) == ("one_class_taught", 140)
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    ("split", "refused"),
    [
        ("train = 500", (500, 140)),  # More than the 200 rows of the table
        ("train = 141", (141, 140)),
        ("train = 140", None),
        ("train = 0.7, valid = 0.15, test = 0.15", None),
        ("train = 0.7, valid = 0.3", None),  # A share: the rows that are left, at most
    ],
)
def test_more_training_rows_than_are_left_are_refused(project, split, refused):
    folder = project("two_groups.csv", "y", f"split = {{ {split} }}")
    if refused is None:
        plan(load(folder))
        return
    with pytest.raises(ApprentiError) as caught:
        plan(load(folder))
    values = caught.value.values
    assert (caught.value.key, values["asked"], values["left"]) == ("train_not_left", *refused)


def test_a_fold_learns_from_the_rows_that_it_has(project):
    folder = project("two_groups.csv", "y", "split = { train = 140, folds = 2 }")
    assert plan(load(folder)).choices.data.split.train == 85
