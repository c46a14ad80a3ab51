"""Predicting: the model is loaded, and predicts each new row."""

import json
import sys
from pathlib import Path

import numpy as np

from apprenti.backends.common.answers_classification import write_answers
from apprenti.backends.common.impute_scale_encode import prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.table import read
from apprenti.backends.pytorch.classification import predict
from apprenti.backends.pytorch.open_model import open_model


def main(config: Config, path: Path, answers: Path) -> None:
    model, description = open_model(config, Path(__file__).parent / "model")
    inputs, _, names = read(path, config)
    inputs = prepare(inputs, np.arange(len(names)), description["preparation"], config)
    outputs = predict(model, inputs)
    if not np.isfinite(outputs).all():
        raise SystemExit("The model gives what is no number: its file or the new rows are damaged.")
    write_answers(answers, names, outputs, description, config)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("To predict: python predict.py FILE [PREDICTIONS.csv]")
    # The new rows, where the predictions go, and settings that differ from those above
    given = [*sys.argv[1:], *("answers.csv", "{}")[len(sys.argv) - 2 :]]
    main(Config()._replace(**json.loads(given[2])), Path(given[0]), Path(given[1]))
