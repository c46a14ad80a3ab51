"""New rows as Python has them (tables, arrays, texts), answered by the model of a run.

They are written into a file of the kind that the script of the run reads; what it answers comes
back as a table, or as an array where one was given.
"""

import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import runs
from apprenti.language import say
from apprenti.run_files import read_json
from apprenti.runs import Run

if TYPE_CHECKING:
    import pandas as pd


def predict(run: Run, given: Any, trusted: bool = False, as_is: bool = False) -> Any:
    """Return a DataFrame of what the model of a run says of new rows, or an array for an array."""
    import numpy as np
    import pandas as pd

    answers = _answers(run, given, trusted, as_is)
    if isinstance(given, np.ndarray):
        return answers["predicted"].to_numpy()
    if isinstance(given, pd.DataFrame | pd.Series):
        answers.index = given.index
    return answers


def _answers(run: Run, given: Any, trusted: bool, as_is: bool) -> "pd.DataFrame":
    import pandas as pd

    from apprenti.predict import drawn_picture, new_rows
    from apprenti.train.audience import Nobody

    with tempfile.TemporaryDirectory() as folder:
        written = _write(given, Path(folder), run)
        answers = new_rows.predict(run, os.fspath(written), Nobody(), trusted, as_is)
    for note in answers.notes:
        warnings.warn(say(f"predict.{note.key}", **note.values), stacklevel=4)
    if answers.told:
        warnings.warn(answers.told, stacklevel=4)
    drawn_picture.show_in_notebook(run.folder, answers.drawn, answers.rows)
    frame = pd.DataFrame(answers.rows).set_index("row")
    frame["predicted"] = _as_known(frame["predicted"], run)
    numbers = [name for name in frame.columns if name != "predicted"]
    return frame.astype(dict.fromkeys(numbers, float))


def _write(given: Any, folder: Path, run: Run) -> Path | str:
    """Return the path of a file with these rows; what is a path or a text already stays so."""
    import numpy as np
    import pandas as pd

    if isinstance(given, str | os.PathLike):
        return os.fspath(given)
    if isinstance(given, np.ndarray):
        path = folder / "rows.npz"
        np.savez(path, x=given)
        return path
    path = folder / "rows.csv"
    if not isinstance(given, pd.DataFrame):
        given = pd.DataFrame({run.choices["data"].get("text", "text"): list(given)})
    given.to_csv(path, index=False)
    return path


def _as_known(predicted: "pd.Series[Any]", run: Run) -> Any:
    """Return what was predicted as the run knows it: classes of their own kind, or numbers."""
    classes = read_json(run.folder / runs.MODEL, runs.IN_MODEL).get("classes")
    if classes is None:
        return predicted.astype(float)
    return predicted.map({str(known): known for known in classes})
