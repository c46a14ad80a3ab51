"""Cross-validation: the model of a run trained again once for each fold, beside the run.

What the folds left lies in the folder of the run: `folds.json` (how each ended), `folds.csv` (their
curves) and `out_of_fold.csv` (what was said of each row by the model that had not seen it).
"""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import runs
from apprenti.data.source import open_source
from apprenti.data.split.written import share_out
from apprenti.errors import Interrupted
from apprenti.evaluate import probabilities
from apprenti.evaluate.cross_validated import CURVES, FOLDS, OUT_OF_FOLD
from apprenti.evaluate.mistakes import PREDICTIONS
from apprenti.language import say
from apprenti.project import Project, changed
from apprenti.runs import Run
from apprenti.script.run_local import Progress, Watcher
from apprenti.script.workers import History
from apprenti.train.audience import Audience, Watched
from apprenti.train.one_run import keeping
from apprenti.train.plan import placed, resolve
from apprenti.train.trials import Trial, trials
from apprenti.writing import write_json, write_text

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

OF_MANY_CLASSES = "out_of_fold.npz"
"""The probabilities, where there are too many classes for columns: `classes`, `probabilities`."""

AT_WORK = ".folds"
"""The folder of a run in which its folds are trained."""


class Asked(NamedTuple):
    """The folds that a project is to be trained in."""

    how: str
    """random, groups or time."""
    settings: Sequence[Mapping[str, object]]
    rows: Sequence[tuple[int, int]]
    """Of each fold: how many it learns from, and how many it is validated on."""


def ask(project: Project, folds: int) -> Asked:
    """Return the folds of a project; refuses those that cannot be, before anything is trained."""
    project = project._replace(choices=placed(project.choices))
    source = open_source(project.choices.data, project.folder)
    settings = [{"data.split.folds": folds, "data.split.fold": fold} for fold in range(folds)]
    rows = []
    for given in settings:
        choices, _ = resolve(changed(project, given).choices, source)
        rows.append((int(choices.data.split.train or 0), int(choices.data.split.valid)))
    # Whether no fold is empty is seen when the rows are shared out
    share_out(source, choices.data)
    return Asked(source.split, settings, rows)


def cross_validate(
    project: Project,
    run: Run,
    asked: Asked,
    audience: Audience,
    time_limit: float | None = None,
) -> None:
    """Train a finished run's project once for each fold, and leave what came of it in its folder.

    `time_limit` is in seconds, of each fold. Raises what went wrong where no fold was trained.
    """
    folder = run.folder / AT_WORK
    shutil.rmtree(folder, ignore_errors=True)
    told = _Told(audience, len(asked.settings), len(run.history))
    try:
        ended = trials(
            project,
            asked.settings,
            time_limit=time_limit,
            on_epoch=told.epoch,
            folder=folder,
            on_end=told.end,
        )
        _leave(run, asked, ended)
    except KeyboardInterrupt:
        folds = len(asked.settings)
        stopped = Interrupted("folds_interrupted", run=run.name, folds=folds)
        raise keeping([run], stopped) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Told:
    """Tells an audience of each fold as of a script of its own."""

    def __init__(self, audience: Audience, folds: int, epochs: int) -> None:
        self.audience, self.folds, self.epochs = audience, folds, epochs
        self.watchers: dict[int, Watcher] = {}

    def epoch(self, trial: Trial, history: History) -> bool:
        watcher = self._watcher(trial.number)
        loss = float(history[-1].get("train_loss", float("nan")))
        watcher.progress_to(Progress(len(history), 1, 1, loss))
        return False

    def end(self, trial: Trial) -> None:
        watcher = self._watcher(trial.number)
        if trial.history:
            row = trial.history[-1]
            measures = [f"{name} {row[name]}" for name in row if name.startswith(runs.NOTED[2:])]
            watcher.line("  ".join([f"epoch {len(trial.history)}", *measures]))
        self.audience.leave(watcher)

    def _watcher(self, number: int) -> Watcher:
        if number not in self.watchers:
            name = say("evaluate.folds.watched", fold=number, folds=self.folds)
            self.watchers[number] = self.audience.watch(Watched(name, epochs=self.epochs))
        return self.watchers[number]


def _leave(run: Run, asked: Asked, ended: Sequence[Trial]) -> None:
    errors = [trial.error for trial in ended if trial.error]
    if errors and len(errors) == len(ended):
        raise errors[0]
    folds = [
        {
            "fold": trial.number,
            "status": runs.INTERRUPTED if trial.status == "timed out" else trial.status,
            "train_rows": asked.rows[trial.number][0],
            "valid_rows": asked.rows[trial.number][1],
            "epoch": _epoch_kept(trial),
            "seconds": round(trial.seconds, 3),
        }
        for trial in ended
    ]
    write_json(run.folder / FOLDS, {"how": asked.how, "folds": folds})
    rows = [
        {"fold": trial.number, "epoch": epoch, **{n: row[n] for n in row if n != "epoch"}}
        for trial in ended
        for epoch, row in enumerate(trial.history, start=1)
    ]
    write_text(run.folder / CURVES, _table(rows))
    _leave_predictions(run, [trial for trial in ended if trial.status in runs.COMPLETE])


def _epoch_kept(trial: Trial) -> int:
    """Return the number of the epoch whose model made the predictions; 0 where there is none."""
    return runs.best_epoch(trial.history) if trial.early_stopping else len(trial.history)


def _leave_predictions(run: Run, ended: Sequence[Trial]) -> None:
    """Write what the folds say of their validation rows as one table, fold by fold."""
    found = [(trial.number, *_said(trial)) for trial in ended]
    found = [one for one in found if one[1]]
    classes = list(dict.fromkeys(name for *_, known in found if known for name in known.classes))
    columns = bool(found) and any(n.startswith(probabilities.COLUMN) for n in found[0][1][0])
    table = _table([*_rows(found, classes if columns else ())])
    write_text(run.folder / OUT_OF_FOLD, table)
    every = [known.among(classes) for *_, known in found if known and not columns]
    whole = [part for part in every if part is not None]
    if every and len(whole) == len(every):
        import numpy as np

        with open(run.folder / OF_MANY_CLASSES, "wb") as file:
            np.savez(file, classes=np.array(classes), probabilities=np.concatenate(whole))


Said = tuple[list[dict[str, str]], "probabilities.Probabilities | None"]


def _said(trial: Trial) -> Said:
    """Return the rows of the predictions of a fold and, of classes, their probabilities."""
    left = Run(trial.folder or Path())
    rows = runs.read_predictions(left.folder / PREDICTIONS)
    return rows, probabilities.read(left, rows) if rows and "confidence" in rows[0] else None


def _rows(
    found: Sequence[tuple[int, list[dict[str, str]], Any]], classes: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield the rows with their fold; what the model of a fold does not know has no probability."""
    for number, rows, _ in found:
        for row in rows:
            unknown = {f"{probabilities.COLUMN}{name}": 0.0 for name in classes}
            yield {"row": row["row"], "fold": number, **unknown, **row}


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as a table with commas; its columns are those of the first row."""
    written = io.StringIO()
    if rows:
        writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return written.getvalue()


def files(run: Run) -> list[Path]:
    """Return the files of the folds that a run has."""
    names = (FOLDS, CURVES, OUT_OF_FOLD, OF_MANY_CLASSES)
    return [run.folder / name for name in names if (run.folder / name).exists()]
