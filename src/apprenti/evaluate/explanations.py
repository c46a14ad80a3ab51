"""What a model relies on: the importance of its columns, and how they move its predictions.

On validation rows alone, and through the own predict.py of the run: so nothing of the test set is
opened, and it is the same for every framework. What is found says how this model decides, not what
causes what.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import measures
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.evaluate import changed_rows, importance, removed_words
from apprenti.evaluate import dependence as dependences
from apprenti.evaluate.changed_rows import Rows, Said
from apprenti.evaluate.dependence import Curve, Dependence, Grid
from apprenti.evaluate.importance import Importance
from apprenti.evaluate.removed_words import Word
from apprenti.measures import Measure
from apprenti.run_files import NUMBER, ListOf, Needed, read_json
from apprenti.runs import Run
from apprenti.script.run_local import Watcher
from apprenti.writing import write_json

if TYPE_CHECKING:
    import pandas as pd

FILE = "explanations.json"

SEED = 0
REPEATS = 10
MOST_ROWS = 1000
BUDGET = 100_000
"""So many rows are predicted for the importance of all columns, where these have enough."""

FEWEST_ROWS, FEWEST_REPEATS = 100, 5

ONE_ROWS = 100
"""So many rows are followed for partial dependence."""

FIRST = 6
"""Of so many columns, the most important ones, the dependence is told."""

MANY = 40
"""Of more columns the dependence is asked for once the first of them are known."""


class Explanations(NamedTuple):
    """How a model decides, on validation rows."""

    run: Run
    measure: Measure
    score: float
    """What the model reaches on these rows as they are."""
    rows: int
    of_rows: int
    """How many validation rows there are."""
    repeats: int
    columns: Sequence[Importance]
    """Each column alone, the most important first; nothing of texts."""
    groups: Sequence[Importance]
    """Strongly related columns, shuffled together."""
    dependence: Sequence[Dependence]
    followed: int
    """The rows of which the dependence is."""
    words: Sequence[Word]
    """Of texts: whose removal changes predictions the most."""

    def as_json(self) -> dict[str, Any]:
        facts = {"run": self.run.name, "measure": self.measure.name, "score": self.score}
        facts |= {"rows": self.rows, "of_rows": self.of_rows, "repeats": self.repeats}
        facts |= {"seed": SEED, "related_from": importance.STRONG, "followed": self.followed}
        parts = ("columns", "groups", "dependence", "words")
        return {**facts, **{name: [one.as_json() for one in getattr(self, name)] for name in parts}}


def explain(run: Run, watcher: Watcher, trusted: bool = False) -> Explanations:
    """Measure what a model relies on, and keep it in explanations.json of the run.

    A script that neither this version nor this machine has written is executed if it is `trusted`.
    Raises ApprentiError for a model that has neither columns nor texts.
    """
    rows = changed_rows.draw(run, MOST_ROWS, SEED, trusted)
    found = (
        _of_text(rows, watcher) if rows.opened.settings.get("text") else _of_columns(rows, watcher)
    )
    write_json(run.folder / FILE, {**found.as_json(), "model": _model(run)})
    return found


def _model(run: Run) -> str:
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    return digest(run.weights)


def _of_text(rows: Rows, watcher: Watcher) -> Explanations:
    base, words = removed_words.words(rows, watcher)
    measure = measures.of_task(rows.opened.material.task)
    score = importance.score(rows.truth, base)
    counts = len(rows.names), rows.of
    return Explanations(rows.opened.run, measure, score, *counts, 0, (), (), (), 0, words)


def _of_columns(rows: Rows, watcher: Watcher) -> Explanations:
    columns = [str(name) for name in rows.frame.columns]
    repeats = REPEATS if REPEATS * len(columns) * FEWEST_ROWS <= BUDGET else FEWEST_REPEATS
    each = max(FEWEST_ROWS, BUDGET // (repeats * len(columns)))
    rows = changed_rows.fewer(rows, each, SEED)
    followed = changed_rows.fewer(rows, ONE_ROWS, SEED)
    looked_at = [*((name,) for name in columns), *importance.related(rows.values, columns)]
    made = importance.orders(len(rows.names), repeats, SEED)
    tables = [table for one in looked_at for table in importance.shuffled(rows.frame, one, made)]
    grids = _grids(rows, columns if len(columns) <= MANY else ())
    asked = [rows.frame, *tables, *_tables(followed, grids)]
    base, *said = changed_rows.ask(rows, asked, watcher)
    score = importance.score(rows.truth, base)
    found = []
    for place, one in enumerate(looked_at):
        some = said[place * repeats : (place + 1) * repeats]
        drops = (score - importance.score(rows.truth, shuffled) for shuffled in some)
        found.append(Importance(one, tuple(drops)))
    ranked = sorted(found[: len(columns)], key=lambda one: -one.mean)
    said = said[len(tables) :]
    if len(columns) > MANY:
        grids = _grids(rows, [one.columns[0] for one in ranked[:FIRST]])
        said = changed_rows.ask(rows, _tables(followed, grids), watcher) if grids else []
    told = _dependence(grids, said, ranked, rows.classes, base)
    measure, run = measures.of_task(rows.opened.material.task), rows.opened.run
    groups, counts = found[len(columns) :], (len(rows.names), rows.of, repeats)
    return Explanations(run, measure, score, *counts, ranked, groups, told, len(followed.names), ())


def _grids(rows: Rows, columns: Sequence[str]) -> dict[str, Grid]:
    """Return what to set each column to; a column of free texts, or of one value, is left out."""
    values, texts = rows.values, rows.opened.preparation.get("texts", {})
    made = {n: dependences.grid(rows.frame[n], values[n]) for n in columns if n not in texts}
    return {name: one for name, one in made.items() if one}


def _tables(followed: Rows, grids: Mapping[str, Grid]) -> "list[pd.DataFrame]":
    return [one for grid in grids.values() for one in dependences.tables(followed.frame, grid)]


def _dependence(
    grids: Mapping[str, Grid],
    said: "Sequence[Said]",
    ranked: Sequence[Importance],
    classes: Sequence[str] | None,
    base: "Said",
) -> list[Dependence]:
    """Return what was said of the grids of the first columns, the most important first."""
    answers, of = iter(said), dict[str, list[Said]]()
    for name, grid in grids.items():
        of[name] = [next(answers) for _ in grid.cells]
    shown = dependences.classes_shown(classes, base) if classes else []
    first = [one.columns[0] for one in ranked if one.columns[0] in grids][:FIRST]
    return [dependences.dependence(grids[name], of[name], classes, shown) for name in first]


def read(run: Run) -> Explanations | None:
    """Return what was kept of a run; None where nothing was, or its model is another since."""
    found = read_json(run.folder / FILE, SHAPE)
    if not found or run.weights is None or found["model"] != digest(run.weights):
        return None
    columns, groups = (
        [Importance(tuple(one["columns"]), tuple(one["drops"])) for one in found[name]]
        for name in ("columns", "groups")
    )
    return Explanations(
        run,
        measures.measure_named(found["measure"]),
        found["score"],
        found["rows"],
        found["of_rows"],
        found["repeats"],
        columns,
        groups,
        [_read_dependence(one) for one in found["dependence"]],
        found["followed"],
        [Word(one["word"], one["class"], *(one[n] for n in IN_WORD)) for one in found["words"]],
    )


def _read_dependence(told: Mapping[str, Any]) -> Dependence:
    curves = [
        Curve(one["class"], *(tuple(one[name]) for name in dependences.ENDS))
        for one in told["curves"]
    ]
    values, labels = tuple(told["values"]), tuple(told["labels"])
    return Dependence(told["column"], told["kind"], values, labels, tuple(curves))


IN_WORD = ("change", "low", "high", "texts")
CLASS = Needed((str, type(None)))
IMPORTANCE = {"columns": Needed(ListOf(str)), "drops": Needed(ListOf(NUMBER))}
CURVE = {"class": CLASS, **{name: Needed(ListOf(NUMBER)) for name in dependences.ENDS}}
DEPENDENCE = {
    "column": Needed(str),
    "kind": Needed([dependences.NUMBERS, dependences.CATEGORIES]),
    "values": Needed(ListOf((*NUMBER, str))),
    "labels": Needed(ListOf(str)),
    "curves": Needed(ListOf(CURVE)),
}
SHAPE = {
    "model": Needed(str),
    "measure": Needed([measures.ACCURACY, measures.R2]),
    **dict.fromkeys(("score", "rows", "of_rows", "repeats", "followed"), Needed(NUMBER)),
    "columns": Needed(ListOf(IMPORTANCE)),
    "groups": Needed(ListOf(IMPORTANCE)),
    "dependence": Needed(ListOf(DEPENDENCE)),
    "words": Needed(
        ListOf({"word": Needed(str), "class": CLASS, **dict.fromkeys(IN_WORD, Needed(NUMBER))})
    ),
}
"""What explanations.json says, as far as it is read again."""
