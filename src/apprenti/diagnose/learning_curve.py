"""Would more data help? The model of a run trained on growing parts of its rows, several times.

Each repetition is another fold of the rows that are not test rows, with another seed: its parts are
nested, and all are validated on the same rows of that fold. By time, or in folders, there are no
folds: only the seed differs, and of a model without one there is a single training of each part.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import project as projects
from apprenti.data.source import open_source
from apprenti.diagnose import continuation
from apprenti.diagnose.continuation import Continuation
from apprenti.errors import ApprentiError
from apprenti.measures import VALID, Measure, common_score
from apprenti.new.starting_values import SMALL_STEPS
from apprenti.project import Choices, Project, changed
from apprenti.run_settings import is_own_script
from apprenti.runs import COMPLETE, Run
from apprenti.train.plan import plan, resolve
from apprenti.train.trials import Trial, trials

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
REPEATS = 5

FOLD, SEED = "data.split.fold", "train.seed"
"""What can vary from one repetition to the next."""

FEWEST_ROWS = 10
"""Of the smallest part; and two a class."""

LITTLE = 0.005
"""Half a point: a gain that nobody would collect rows for."""

HELPS, CHANGES_LITTLE, UNKNOWN = "helps", "little", "unknown"


class Part(NamedTuple):
    """The model trained on so many rows, once a repetition."""

    rows: int
    epochs: int | None
    """None of a model that is not trained in epochs."""
    last: Sequence[Mapping[str, float]]
    """Of each training the row of its history whose model was kept; nothing if it went wrong."""

    def values(self, name: str) -> "Array":
        """Return a measure in each repetition; not a number where it was not measured."""
        import numpy as np

        return np.array([row.get(name, math.nan) for row in self.last])

    def mean(self, name: str) -> tuple[float | None, float | None]:
        """Return the mean of a measure and its standard deviation."""
        import numpy as np

        found = self.values(name)
        found = found[np.isfinite(found)]
        spread = float(found.std(ddof=1)) if len(found) > 1 else None
        return (float(found.mean()) if len(found) else None), spread


class LearningCurve(NamedTuple):
    run: Run
    parts: Sequence[Part]
    measure: Measure
    continuation: Continuation | None
    varied: Sequence[str] = (FOLD, SEED)
    """What differs between repetitions; nothing where a part was trained on once."""

    @property
    def verdict(self) -> str:
        """Whether twice the rows would help: helps, little, or unknown."""
        if self.continuation is None:
            return UNKNOWN
        twice = self.continuation.ahead[0]
        if twice.gain_high < LITTLE:
            return CHANGES_LITTLE
        # What the interval includes may be too little to be worth it
        return HELPS if twice.gain_low > 0 and twice.gain >= LITTLE else UNKNOWN

    def as_json(self) -> dict[str, Any]:
        found, ahead = self.continuation, []
        for one in found.ahead if found else ():
            facts = {"rows": one.rows, "score": 1 - one.error, "low": 1 - one.high}
            gains = {"gain": one.gain, "gain_low": one.gain_low, "gain_high": one.gain_high}
            ahead.append({**facts, "high": 1 - one.low, **gains})
        law = {name: getattr(found.law, name) for name in "abc"} if found else None
        return {
            "run": self.run.name,
            "measure": self.measure.name,
            "varied": list(self.varied),
            "parts": [self._of_part(part) for part in self.parts],
            "law": {**law, "unit": found.law.unit} if law and found else None,
            "ahead": ahead,
            "verdict": self.verdict,
        }

    def _of_part(self, part: Part) -> dict[str, Any]:
        told: dict[str, Any] = {"rows": part.rows, "epochs": part.epochs}
        told["repetitions"] = sum(map(bool, part.last))
        for name in ("loss", self.measure.name):
            for side in ("train_", VALID):
                mean, spread = part.mean(f"{side}{name}")
                told |= {f"{side}{name}": mean, f"{side}{name}_spread": spread}
        return told


OnTrial = Callable[[int, int], None]
"""Hears how many trainings have ended, of how many."""


def learning_curve(
    run: Run,
    shares: Sequence[float] = SHARES,
    repeats: int = REPEATS,
    on_trial: OnTrial = lambda done, of: None,
) -> LearningCurve:
    """Train the model of a run on growing parts of its rows, and say whether more would help.

    The test rows are in no part. Raises ApprentiError for a run of somebody's own script, and for
    rows too few to take parts of.
    """
    project = _project(run)
    asked = _ask(project, shares, repeats)
    done = count(1)

    def heard(trial: Trial) -> None:
        on_trial(next(done), len(asked))

    ended = trials(project, [one.settings for one in asked], on_end=heard)
    parts = _parts(asked, ended)
    rows = [row for part in parts for row in part.last if row]
    if not rows:
        raise next((one.error for one in ended if one.error), ApprentiError("curve_of_nothing"))
    measure = common_score(rows)
    varied = [key for key in (FOLD, SEED) if key in asked[0].settings]
    return LearningCurve(run, parts, measure, _continue(parts, f"{VALID}{measure.name}"), varied)


class _Asked(NamedTuple):
    rows: int
    epochs: int | None
    settings: Mapping[str, object]


def _project(run: Run) -> Project:
    """Return a project that trains what the run trained, on the data as they are now."""
    if is_own_script(run):
        raise ApprentiError("curve_of_own_script", run=run.name)
    content = {name: dict(run.choices[name]) for name in ("data", "model", "train")}
    split = dict(content["data"].get("split", {}))
    content["data"]["split"] = {**split, "fold": 0, "folds": 0}
    return Project(run.folder.parent.parent, projects.check(content))


def _ask(project: Project, shares: Sequence[float], repeats: int) -> list[_Asked]:
    """Return the trainings: each part of each repetition."""
    source = open_source(project.choices.data, project.folder)
    used = plan(project, source=source).script.used_settings
    every = _repetitions(project, source, repeats, "seed" in used)
    most = min(_rows(project, given, source) for given in every)
    fewest = max(FEWEST_ROWS, 2 * source.classes)
    sizes = sorted({round(share * most) for share in shares if round(share * most) >= fewest})
    if len(sizes) < 2:
        raise ApprentiError("curve_too_few_rows", rows=most, fewest=2 * fewest)
    asked = []
    for given in every:
        for rows in sizes:
            epochs = _epochs(project.choices, rows, most) if "epochs" in used else None
            settings = {**given, "data.split.train": _whole(project.choices, rows)}
            if epochs:
                settings["train.epochs"] = epochs
            asked.append(_Asked(rows, epochs, settings))
    return asked


def _repetitions(
    project: Project, source: Any, repeats: int, seeded: bool
) -> list[dict[str, object]]:
    """Return the settings by which repetitions differ: once alone, where nothing varies."""
    folded = source.split not in ("time", "folders")
    every: list[dict[str, object]] = []
    for number in range(repeats if folded or seeded else 1):
        given: dict[str, object] = {SEED: project.choices.train.seed + number} if seeded else {}
        every.append(given | ({"data.split.folds": repeats, FOLD: number} if folded else {}))
    return every


def _rows(project: Project, given: Mapping[str, object], source: Any) -> int:
    choices, _ = resolve(changed(project, given).choices, source)
    return int(choices.data.split.train or 0)


def _whole(choices: Choices, rows: int) -> int:
    """Return a number of rows that leaves no batch of a single one."""
    return rows - 1 if rows % choices.train.batch_size == 1 and rows > 2 else rows


def _epochs(choices: Choices, rows: int, most: int) -> int:
    """Return how often rows are gone through: as often as all, or for as many steps as need be.

    Fewer rows make fewer steps an epoch; a network that has hardly begun says nothing of the rows.
    """
    epochs, size = choices.train.epochs, choices.train.batch_size
    of_all = epochs * math.ceil(most / size)
    enough = min(SMALL_STEPS, of_all)
    return max(epochs, math.ceil(enough / math.ceil(rows / size)))


def _parts(asked: Sequence[_Asked], ended: Sequence[Trial]) -> list[Part]:
    found: dict[int, tuple[int | None, list[Mapping[str, float]]]] = {}
    for one, trial in zip(asked, ended, strict=True):
        last = trial.kept if trial.status in COMPLETE else {}
        found.setdefault(one.rows, (one.epochs, []))[1].append(last)
    return [Part(rows, epochs, last) for rows, (epochs, last) in sorted(found.items())]


def _continue(parts: Sequence[Part], name: str) -> Continuation | None:
    """Return how 1 less the score goes on: the error of classes, for R² what is not explained."""
    import numpy as np

    rows = np.array([part.rows for part in parts], float)
    errors = 1 - np.array([part.values(name) for part in parts]).T
    kept = np.isfinite(errors).all(axis=1)
    most = parts[-1].rows
    return continuation.go_on(rows, errors[kept], (2 * most, 10 * most))
