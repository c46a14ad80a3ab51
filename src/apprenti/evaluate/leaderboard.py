"""The leaderboard: every model that suits the data, the best first, each with its interval.

All of them learned from the same rows and are judged on the same validation rows. The interval of a
score says how much it would move with other rows; whether one model is behind the best is decided
on paired rows (`apprenti.evaluate.verdict`), which tells smaller differences apart.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from apprenti import drawing, ledger
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.evaluate.intervals import of_errors, of_share
from apprenti.evaluate.verdict import Rows, diverged, hold_against, predictions_of
from apprenti.language import say
from apprenti.measures import VALID, Measure, of_task
from apprenti.model.catalogue import NETWORKS, words_for
from apprenti.printable import printable
from apprenti.project import Project
from apprenti.runs import Run, read, short_names
from apprenti.train.audience import Audience
from apprenti.train.candidates import Candidates, LeftOut, candidates, cost
from apprenti.train.effects import check_effects
from apprenti.train.several import train_each

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Standing = Literal["best", "level", "behind", "doubtful", "lost"]
"""How a model stands against the best: level if the difference may be chance. Doubtful: nobody is
the best, since something makes the scores doubtful."""


class Entry(NamedTuple):
    """One line of the leaderboard."""

    run: str
    short: str
    """The number of the run, by which it may be named."""
    model: str
    framework: str
    task: str
    status: str
    standing: Standing
    score: float | None
    """The main score of the task on the validation rows; None where there is none to be given."""
    low: float | None
    high: float | None
    """Between these the score lies with a confidence of 95 %; None where the rows set no bound."""
    loss: float | None
    seconds: float
    """What the training took."""
    memory_mb: int | None
    """The most that its process held, its packages included; None where that is not known."""
    size: int
    """Bytes of the model in its file."""
    parameters: int | None
    error: str | None = None
    """The key of what went wrong with it."""
    gap: float | None = None
    """By how much the best has more of the score, on the same rows; None where there is no best."""
    gap_low: float | None = None
    gap_high: float | None = None
    """Between these the gap lies with a confidence of 95 %."""

    @property
    def is_network(self) -> bool:
        """Whether other frameworks train the same model."""
        return self.framework in NETWORKS


class Board(NamedTuple):
    """The leaderboard of a project."""

    measure: Measure
    rows: int
    """How many validation rows the models were judged on."""
    entries: Sequence[Entry]
    """The best first; those that diverged or did not end come last."""
    left_out: Sequence[LeftOut]
    errors: Mapping[str, ApprentiError]
    """What went wrong with a run, by its name."""
    stopped: bool
    """Whether it was stopped by hand, and some models are missing."""
    runs: Sequence[Run]
    """Those of the entries, in their order."""

    @property
    def best(self) -> Entry | None:
        return next((one for one in self.entries if one.standing == "best"), None)

    def in_doubt(self) -> "Board":
        """Return the same where the scores cannot be relied on: nobody is the best."""
        entries = [
            one if one.standing == "lost" else one._replace(standing="doubtful")
            for one in self.entries
        ]
        return self._replace(entries=entries)

    def as_json(self) -> dict[str, Any]:
        """Return the whole of it, numbers as numbers and no words of a language."""
        return {
            "measure": self.measure.name,
            "validation_rows": self.rows,
            "best": self.best.run if self.best else None,
            "models": [
                _numbered(one, run) for one, run in zip(self.entries, self.runs, strict=True)
            ],
            "left_out": [one._asdict() for one in self.left_out],
            "stopped": self.stopped,
        }


def _numbered(one: Entry, run: Run) -> dict[str, Any]:
    """Return what JSON says of an entry: what its run is called for short is its number."""
    told = one._asdict()
    del told["short"]
    selected = ledger.selected_on_test(run)
    return {"run": one.run, "number": run.number, **told, "selected_on_test": selected}


def choose(project: Project, overridden: Sequence[str] = ()) -> Candidates:
    """Return the models that suit the data of a project, and those that are left out.

    A setting given on the command line (`overridden`, full names) must have an effect in one.
    """
    chosen = candidates(project, open_source(project.choices.data, project.folder))
    check_effects(overridden, chosen.plans)
    return chosen


def make(chosen: Candidates, audience: Audience, again: bool = False) -> Board:
    """Train these models, and return how they stand."""
    source = chosen.plans[0].source
    costs = [cost(planned) for planned in chosen.plans]
    made = train_each(chosen.projects, chosen.plans, audience, costs, again)
    board = of_runs(made.runs, source.task)
    keys = {name: error.key for name, error in made.errors.items()}
    return board._replace(
        entries=[one._replace(error=keys.get(one.run)) for one in board.entries],
        left_out=chosen.left_out,
        errors=made.errors,
        stopped=made.stopped,
    )


def of_runs(runs: Sequence[Run], task: str) -> Board:
    """Return how runs stand that were judged on the same validation rows."""
    measure = of_task(task)
    predictions = {run.name: predictions_of(run) for run in runs}
    lost = {run.name for run in diverged(runs)} | {run.name for run in runs if not run.complete}
    called = short_names(runs)
    found = [
        _entry(run, called[run], task, measure, predictions[run.name], run.name in lost)
        for run in runs
    ]
    found.sort(key=lambda one: _rank(one, measure))
    best = found[0].run if found and found[0].standing != "lost" else ""
    found = [_against(one, best, predictions, measure) for one in found]
    by_name = {run.name: run for run in runs}
    rows = max((len(predictions[one.run]) for one in found), default=0)
    return Board(measure, rows, found, (), {}, False, [by_name[one.run] for one in found])


def _entry(run: Run, called: str, task: str, measure: Measure, rows: Rows, is_lost: bool) -> Entry:
    facts = read(run)
    score = None if is_lost else facts.kept.get(f"{VALID}{measure.name}")
    low, high = (None, None) if score is None else _interval(rows)
    weights = run.weights
    loss = facts.kept.get(f"{VALID}loss")
    return Entry(
        run.name,
        called,
        facts.model,
        facts.framework,
        task,
        facts.status,
        "lost" if score is None else "behind",
        score,
        low,
        high,
        loss if loss is not None and math.isfinite(loss) else None,
        float(facts.last.get("seconds", 0.0)),
        run.environment.get("peak_memory_mb") or None,
        weights.stat().st_size if weights else 0,
        facts.parameters,
    )


def _rank(one: Entry, measure: Measure) -> tuple[float, float]:
    score = -math.inf if one.score is None else measure.goodness(one.score)
    return -score, math.inf if one.loss is None else one.loss


def _against(one: Entry, best: str, predictions: Mapping[str, Rows], measure: Measure) -> Entry:
    """Return an entry with how it stands against the best."""
    if one.standing == "lost" or not best:
        return one
    if one.run == best:
        return one._replace(standing="best")
    judged = hold_against(best, one.run, predictions)
    if judged is None:
        return one._replace(standing="level")
    gap, low, high = (
        value / measure.scale if math.isfinite(value) else None
        for value in (judged.difference, judged.low, judged.high)
    )
    standing: Standing = "behind" if judged.low > 0 else "level"
    return one._replace(standing=standing, gap=gap, gap_low=low, gap_high=high)


def _interval(rows: Rows) -> tuple[float | None, float | None]:
    """Return the interval of the score that these predictions have."""
    if not rows:
        return None, None
    if "confidence" in rows[0]:
        right = sum(row["truth"] == row["predicted"] for row in rows)
        return of_share(right, len(rows))
    import numpy as np

    truth, said = (np.array([float(row[name]) for row in rows]) for name in ("truth", "predicted"))
    low, high = of_errors(np.square(truth - said), np.square(truth - truth.mean()))
    return (low if math.isfinite(low) else None), high


# The picture


LOOKS: Mapping[Standing, tuple[str, str]] = {
    "best": ("#2b8a3e", "#2b8a3e"),
    "level": ("#1864ab", "white"),
    "behind": ("#868e96", "#868e96"),
    "doubtful": ("#868e96", "white"),
}
"""The colour of a line, and that of the dot on it: told apart without colours too."""


def draw(board: Board, path: Path) -> Path:
    """Write the leaderboard as a picture (PNG)."""
    return drawing.save(figure(board), path, dpi=120)


@drawing.our_settings()
def figure(board: Board) -> "Figure":
    """Draw a dot for each model, the best at the top, with the interval of its score."""
    from matplotlib.figure import Figure

    scored = [one for one in board.entries if one.score is not None]
    shown = _near(scored)
    drawn = Figure(figsize=(8, 1.6 + 0.42 * max(1, len(shown))), layout="constrained")
    axes = drawn.subplots()
    for place, one in enumerate(reversed(shown)):
        _dot(axes, place, one, board.measure.scale)
    axes.set_yticks(range(len(shown)), [label(one) for one in reversed(shown)])
    words = say(f"train.board.axis.{board.measure.name}")
    far = [board.measure.written(one.score) for one in scored if one not in shown]
    axes.set_xlabel(words if not far else f"{words}\n{say('train.board.far', score=far[0])}")
    axes.set_title(say("train.board.picture", rows=board.rows), loc="left", fontsize="medium")
    _explain(axes, {one.standing for one in shown})
    axes.grid(axis="x", alpha=0.25)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return drawn


def _explain(axes: "Axes", standings: Collection[Standing]) -> None:
    """Say under the picture what its dots mean."""
    for standing, (colour, inside) in LOOKS.items():
        if standing in standings:
            words = say(f"train.board.dot.{standing}")
            axes.plot([], [], "o-", color=colour, markerfacecolor=inside, label=words)
    place = {"loc": "outside lower center", "ncols": 3, "frameon": False, "fontsize": "small"}
    axes.figure.legend(**place)


def _near(scored: Sequence[Entry]) -> list[Entry]:
    """Leave out the trivial model where it is so far off that the others would merge."""
    others = [one for one in scored if one.model != "trivial"]
    ends = [end for one in others for end in (one.score, one.low, one.high) if end is not None]
    if not ends:
        return list(scored)
    edge = min(ends) - (max(ends) - min(ends))
    return [one for one in scored if one in others or (one.score or 0.0) >= edge]


def _dot(axes: "Axes", place: int, one: Entry, scale: float) -> None:
    assert one.score is not None  # noqa: S101
    score = scale * one.score
    low, high = (score if bound is None else scale * bound for bound in (one.low, one.high))
    colour, inside = LOOKS[one.standing]
    axes.plot([low, high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
    axes.plot([low, high], [place, place], "|", color=colour, markersize=9, markeredgewidth=2)
    axes.plot([score], [place], "o", color=colour, markerfacecolor=inside, markersize=7)


def label(one: Entry) -> str:
    """Return what a model is called in the picture: its name, and the number of its run."""
    name = words_for(one.model, one.task)
    if one.is_network:
        name = f"{name}, {say(f'words.framework_{one.framework}')}"
    return printable(f"{name}  {one.short}")
