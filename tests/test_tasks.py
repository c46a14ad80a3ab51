"""The table of tasks: each says what it needs, and how it is measured."""

import pytest

from apprenti.measures import MEASURES, measure_named
from apprenti.project import DataSettings, limits
from apprenti.tasks import TASKS, task_named


def test_there_are_six_tasks_each_once():
    names = [task.name for task in TASKS]
    assert names == [
        "classification",
        "regression",
        "clustering",
        "projection",
        "anomalies",
        "control",
    ]


def test_a_task_that_can_be_asked_for_has_its_row():
    allowed = limits(DataSettings.model_fields["task"]).split(" | ")
    assert allowed == ["classification", "regression"]
    assert all(task_named(name).needs_target for name in allowed)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_task_is_measured_by_measures_that_exist(task):
    assert task.measures
    assert len({measure_named(name) for name in task.measures}) == len(task.measures)


def test_every_measure_is_that_of_a_task():
    assert {name for task in TASKS for name in task.measures} == {one.name for one in MEASURES}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_only_what_has_data_has_a_target_or_a_split(task):
    assert task.needs_data or not (task.needs_target or task.needs_split)


@pytest.mark.parametrize(
    ("source", "task"), [("digits", "classification"), ("diabetes", "regression")]
)
def test_a_finished_run_leaves_the_files_of_its_task(make_project, train, source, task):
    run = train(make_project(source, framework="sklearn", kind="linear", iterations=5))
    for name in task_named(task).files:
        assert (run.folder / name).is_file(), name
    assert f"valid_{task_named(task).measures[0]}" in run.history[-1]
