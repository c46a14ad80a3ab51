"""Predictions as Python has them: a table, or an array where one was given."""

from collections.abc import Mapping
from typing import Any

from apprenti.predict.columns import added
from apprenti.predict.predictions import Predictions


def as_python(found: Predictions, given: Any, score: Mapping[str, Any] | None) -> Any:
    """Return a DataFrame with a line for each row, or for an array an array."""
    import numpy as np
    import pandas as pd

    frame = added(found)
    frame[found.name] = frame[found.name].infer_objects()
    if isinstance(given, np.ndarray):
        return frame[found.name].to_numpy()
    if isinstance(given, pd.DataFrame | pd.Series):
        frame.index = given.index
    elif any(part.asked.given.name for part in found.parts):
        names = ["file", "row"] if len(found.parts) > 1 else ["row"]
        frame.index = found.answers.set_index(names).index
    frame.attrs = {
        "run": found.run,
        "score": score,
        "known": found.known.as_json(),
        "notes": [note.as_json() for note in found.notes],
    }
    return frame
