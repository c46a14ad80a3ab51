"""Labels that may be wrong: what models say of rows that they did not learn from (cleanlab).

The rows that are not test rows are cut into folds; a model like that of the run is trained for each
fold, without it, and predicts it. Of all these predictions cleanlab estimates how many labels are
wrong, and which (confident learning: Northcutt, Jiang, Chuang, J. Artif. Intell. Res. 70, 2021).
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import optional, run_settings, runs
from apprenti import project as projects
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.evaluate import probabilities
from apprenti.evaluate.data_rows import DataRows, look_up
from apprenti.evaluate.mistakes import PREDICTIONS, Prediction
from apprenti.model.catalogue import longest_history
from apprenti.project import Project
from apprenti.runs import Run
from apprenti.tasks import CLASSIFICATION
from apprenti.train.trials import Trial, trials

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

FOLDS = 5

FILTER = "low_self_confidence"
"""Of cleanlab's filters the one of which most suspects are wrong labels, with a share of them found
that is hardly smaller: `benchmarks/label_noise.py`."""

MEASURED = {"precision": 0.89, "recall": 0.79}
"""By that benchmark, on 10,000 images of MNIST with 5 % wrong labels planted at random."""

Epoch = Callable[[int, int], None]
"""Hears how many epochs are done, and of how many, over all the folds."""


class Answers(NamedTuple):
    """What is predicted of rows by models that did not learn from them."""

    rows: Sequence[str]
    labels: Sequence[str]
    classes: tuple[str, ...]
    probabilities: "Array"
    """One row a row, one column a class."""


class Suspects(NamedTuple):
    """The labels that may be wrong, the worst first."""

    run: Run
    rows: int
    """How many rows were looked at."""
    found: Sequence[Prediction]
    """The label is `truth`, what is suggested is `predicted`."""
    content: DataRows
    """What stands in these rows."""

    def as_json(self) -> dict[str, Any]:
        told = [
            {
                "row": one.row,
                "was": one.truth,
                "suggested": one.predicted,
                "probability_was": one.of_truth,
                "probability_suggested": one.confidence,
            }
            for one in self.found
        ]
        return {
            "run": self.run.name,
            "rows": self.rows,
            "folds": FOLDS,
            "filter": FILTER,
            "measured": dict(MEASURED),
            "suspects": told,
        }


def look(run: Run, epoch: Epoch = lambda done, of: None) -> Suspects:
    """Train the model of a run once for each fold, and return the labels that may be wrong.

    Raises ApprentiError where the run cannot be trained like that, or cleanlab is not there.
    """
    optional.require_package("cleanlab")
    project = project_of(run)
    answers = predicted_by_others(project, epoch)
    found = suspects(answers)
    content = look_up(run, [one.row for one in found]) if found else DataRows({})
    return Suspects(run, len(answers.rows), found, content)


def project_of(run: Run) -> Project:
    """Return the project of a run with the settings of the run, if they can be trained again."""
    if run.status == runs.RUNNING:
        raise ApprentiError("still_running", run=run.name)
    if run_settings.is_own_script(run):
        raise ApprentiError("labels_own_script", run=run.name)
    choices = projects.check(run.choices)
    folder = run.folder.parents[1]
    source = open_source(choices.data, folder, accept=True)
    if source.task != CLASSIFICATION:
        raise ApprentiError("labels_no_classes", run=run.name)
    for name, known in run.environment.get("hashes", {}).get("data", {}).items():
        if source.hashes.get(name) != known:
            raise ApprentiError("data_changed", run=run.name, name=name)
    return Project(folder, choices)


def predicted_by_others(project: Project, epoch: Epoch = lambda done, of: None) -> Answers:
    """Return what is said of each row that is no test row by models that did not learn from it."""
    epochs = longest_history(project.choices.model_dump())
    done = [0] * FOLDS

    def heard(trial: Trial, history: Sequence[Any]) -> bool:
        done[trial.number] = len(history)
        epoch(sum(done), FOLDS * epochs)
        return False

    folds = [{"data.split.folds": FOLDS, "data.split.fold": fold} for fold in range(FOLDS)]
    with tempfile.TemporaryDirectory() as name:
        made = trials(project, folds, on_epoch=heard, folder=Path(name, "folds"))
        for one in made:
            if one.error:
                raise one.error
            if one.diverged:
                raise ApprentiError("labels_diverged")
        return _together([Run(one.folder) for one in made if one.folder])


def _together(folds: Sequence[Run]) -> Answers:
    import numpy as np

    said = [runs.read_predictions(fold.folder / PREDICTIONS) for fold in folds]
    left = [probabilities.read(fold, rows) for fold, rows in zip(folds, said, strict=True)]
    classes = tuple(dict.fromkeys(name for one in left for name in one.classes))
    parts = [part for one in left if (part := one.among(classes)) is not None]
    if len(parts) < len(left):
        raise ApprentiError("labels_diverged")
    rows, found = [row for part in said for row in part], np.concatenate(parts)
    # They were written with six decimals
    found /= np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
    return Answers([r["row"] for r in rows], [r["truth"] for r in rows], classes, found)


def suspects(answers: Answers, filter_by: str = FILTER) -> list[Prediction]:
    """Return the labels that may be wrong, the worst first: those of the lowest probability.

    A label that is also what the models say is none of them.
    """
    import numpy as np
    from cleanlab.filter import find_label_issues

    number = {name: place for place, name in enumerate(answers.classes)}
    labels = np.array([number[name] for name in answers.labels])
    wrong = find_label_issues(labels, answers.probabilities, filter_by=filter_by, n_jobs=1)
    said = answers.probabilities.argmax(axis=1)
    of_label = answers.probabilities[np.arange(len(labels)), labels]
    places = np.flatnonzero(wrong & (said != labels))
    return [
        Prediction(
            answers.rows[place],
            answers.labels[place],
            answers.classes[said[place]],
            round(float(answers.probabilities[place].max()), 6),
            round(float(of_label[place]), 6),
        )
        for place in places[np.argsort(of_label[places], kind="stable")]
    ]
