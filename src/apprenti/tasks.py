"""What can be learned: one row a task, with what it needs, how it is measured, what it leaves."""

from dataclasses import dataclass

CLASSIFICATION, REGRESSION = "classification", "regression"
CLUSTERING, PROJECTION, ANOMALIES, CONTROL = "clustering", "projection", "anomalies", "control"


@dataclass(frozen=True)
class Task:
    """One thing that can be learned.

    `needs_data`: it learns from rows that are there before it begins. `needs_target`: each row has
    its answer. `needs_split`: part of the rows is kept from training, to check with.
    `measures` are names of measures.py, the main score first. `files` are what a finished run
    leaves in its folder, beside the script and what was asked for.
    """

    name: str
    needs_data: bool
    needs_target: bool
    needs_split: bool
    measures: tuple[str, ...]
    files: tuple[str, ...]


EVERY = ("history.csv", "model/model.json")
"""What each task leaves: one row an epoch, and what the model is."""

SUPERVISED = (*EVERY, "predictions.csv", "curves.png")

TASKS = (
    Task(
        CLASSIFICATION,
        needs_data=True,
        needs_target=True,
        needs_split=True,
        measures=("accuracy", "loss", "auc"),
        files=SUPERVISED,
    ),
    Task(
        REGRESSION,
        needs_data=True,
        needs_target=True,
        needs_split=True,
        measures=("r2", "loss"),
        files=SUPERVISED,
    ),
    Task(
        CLUSTERING,
        needs_data=True,
        needs_target=False,
        needs_split=False,
        measures=("silhouette",),
        files=(*EVERY, "clusters.csv"),
    ),
    Task(
        PROJECTION,
        needs_data=True,
        needs_target=False,
        needs_split=False,
        measures=("trustworthiness",),
        files=(*EVERY, "projection.csv"),
    ),
    Task(
        ANOMALIES,
        needs_data=True,
        needs_target=False,
        needs_split=True,
        measures=("average_precision", "loss"),
        files=(*EVERY, "scores.csv"),
    ),
    Task(
        CONTROL,
        needs_data=False,
        needs_target=False,
        needs_split=False,
        measures=("episode_return",),
        files=(*EVERY, "episodes.csv", "curves.png"),
    ),
)


def task_named(name: str) -> Task:
    """Return the task of this name; KeyError where there is none."""
    return {task.name: task for task in TASKS}[name]
