"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.report_classification import write_predictions
from apprenti.backends.common.settings import Config


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    """Write what is needed to use the model on new rows, and to judge it."""
    description = {**data.target, "preparation": data.preparation}
    description |= {"input_shape": data.train_inputs.shape[1:], "parameters": parameters}
    text = json.dumps(description, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    rows = data.valid_names, data.valid_labels, outputs
    write_predictions(folder / "predictions.csv", *rows, data.target, config)
