"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.report_classification import write_predictions
from apprenti.backends.common.settings import Config


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # For new rows
    text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    write_predictions(folder / "predictions.csv", data.valid_rows, outputs, facts, config)
