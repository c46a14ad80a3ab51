"""What the model of a run says of validation rows in which columns were changed.

Its own predict.py is asked, once for all of them where memory allows: so it holds for every
framework, and no test row is read.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import as_written, large_table
from apprenti.errors import ApprentiError
from apprenti.predict import known_rows, script, tables
from apprenti.predict.opened import Opened, open_run
from apprenti.predict.predictions import PROBABILITY
from apprenti.runs import Run, read_predictions
from apprenti.script.run_local import Watcher

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

PREDICTIONS = "predictions.csv"

MOST_CELLS = 20_000_000
"""So many prepared numbers are in the memory of predict.py at a time."""


class Rows(NamedTuple):
    """Validation rows as predict.py reads them, and the truth about them."""

    opened: Opened
    frame: "pd.DataFrame"
    """The columns that the model sees, their cells as they are written."""
    truth: Sequence[str]
    names: Sequence[str]
    of: int
    """How many validation rows there are; these are some of them, or all."""

    @property
    def classes(self) -> list[str] | None:
        """The names of the classes as answers have them; None of numbers."""
        known = self.opened.classes
        return None if known is None else [str(name) for name in known]

    @property
    def values(self) -> "pd.DataFrame":
        """The same rows as the script converts them: numbers, dates as days, tidy categories."""
        return as_written.converted(self.frame, self.opened.settings)


class Said(NamedTuple):
    """What the model says of some rows."""

    predicted: "Array"
    """Classes as texts, or numbers."""
    probabilities: "Array | None"
    """A column a class; None of numbers, and of very many classes."""

    def values(self, classes: Sequence[str] | None) -> "Array":
        """Return a column a class with its probability, or one with the numbers.

        Of very many classes the one that is predicted has 1, all others 0.
        """
        import numpy as np

        if classes is None:
            numbers: Array = self.predicted[:, None]
            return numbers
        if self.probabilities is not None:
            return self.probabilities
        is_it: Array = (self.predicted[:, None] == np.array(classes)).astype(float)
        return is_it


def draw(run: Run, most: int, seed: int, trusted: bool = False) -> Rows:
    """Return validation rows of a run, drawn if there are more than `most`.

    Raises ApprentiError for rows that have no columns, and where the data are gone or changed.
    """
    import numpy as np

    opened = open_run(run, trusted)
    if not opened.is_table:
        raise ApprentiError("importance_no_columns", run=run.name)
    said = read_predictions(run.folder / PREDICTIONS)
    if not said or not {"row", "truth", "predicted"} <= said[0].keys():
        raise ApprentiError("fairness_no_valid", run=run.name)
    chosen = np.arange(len(said))
    if len(said) > most:
        chosen = np.sort(np.random.default_rng(seed).choice(len(said), most, replace=False))
    rows = [said[place] for place in chosen]
    names = [row["row"] for row in rows]
    return Rows(opened, _frame(opened, names), [row["truth"] for row in rows], names, len(said))


def fewer(rows: Rows, most: int, seed: int) -> Rows:
    """Return so many of some rows at most, drawn, in their order."""
    import numpy as np

    if len(rows.names) <= most:
        return rows
    chosen = np.sort(np.random.default_rng(seed).choice(len(rows.names), most, replace=False))
    frame = rows.frame.iloc[chosen].reset_index(drop=True)
    truth, names = ([column[place] for place in chosen] for column in (rows.truth, rows.names))
    return rows._replace(frame=frame, truth=truth, names=names)


def _frame(opened: Opened, names: Sequence[str]) -> "pd.DataFrame":
    path, run = known_rows.data_of(opened), opened.run
    if path is None:
        raise ApprentiError("importance_data_gone", run=run.name)
    if known_rows.has_changed(opened, path):
        raise ApprentiError("data_since_changed", run=run.name, name=path.name)
    if opened.material.streamed:
        table = large_table.rows(path, [int(name) for name in names])
    else:
        table = known_rows.training_table(opened, path)
        places = {str(place): place for place in table.index}
        if missing := [name for name in names if name not in places]:
            raise ApprentiError("fairness_rows", run=run.name, row=missing[0])
        table = table.loc[[places[name] for name in names]]
    is_text = opened.material.reading == "csv_table"
    table = as_written.with_gaps(table, opened.settings, is_text)
    wanted = tables.wanted_columns(opened.preparation, opened.settings)
    wanted += [name for name in as_written.named(opened.settings) if name not in wanted]
    return table[[name for name in wanted if name in table]].reset_index(drop=True)


def ask(rows: Rows, changed: Sequence["pd.DataFrame"], watcher: Watcher) -> list[Said]:
    """Return what the model says of each of some tables of changed rows."""
    said: list[Said] = []
    for some in _pieces(changed, _width(rows.opened.preparation)):
        said += _ask(rows, some, watcher)
    return said


def _pieces(changed: Sequence["pd.DataFrame"], width: int) -> list[list["pd.DataFrame"]]:
    """Return the tables in piles that fit into the memory."""
    pieces: list[list[pd.DataFrame]] = [[]]
    count = 0
    for table in changed:
        if count and (count + len(table)) * width > MOST_CELLS:
            pieces.append([])
            count = 0
        pieces[-1].append(table)
        count += len(table)
    return pieces


def _width(preparation: Mapping[str, Any]) -> int:
    """Return about how many numbers a prepared row has."""
    categories = preparation.get("categories", {}).values()
    texts = [*preparation.get("texts", {}).values(), preparation]
    width = 2 * len(preparation.get("numbers", ()))
    width += sum(2 + len(known["frequent"]) for known in categories)
    return 1 + width + sum(len(known.get("words", ())) for known in texts)


def _ask(rows: Rows, changed: Sequence["pd.DataFrame"], watcher: Watcher) -> list[Said]:
    import numpy as np
    import pandas as pd

    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "rows.parquet")
        script.write_table(path, pd.concat(changed, ignore_index=True))
        answers = script.execute(rows.opened.run, path, {}, Path(name, "answers.csv"), watcher)
    columns = [name for name in answers[0] if name.startswith(PROBABILITY)]
    kind = float if rows.classes is None else str
    predicted = np.array([kind(answer["predicted"]) for answer in answers])
    shares = None
    if columns:
        shares = np.array([[float(answer[name]) for name in columns] for answer in answers])
    ends = np.cumsum([len(table) for table in changed])[:-1]
    split = [None] * len(changed) if shares is None else np.split(shares, ends)
    return [Said(*one) for one in zip(np.split(predicted, ends), split, strict=True)]
