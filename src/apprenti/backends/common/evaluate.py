"""Evaluating: the model is loaded, and measured on the test set."""

import json
from pathlib import Path

import numpy as np

from apprenti.backends.common.classification import code_test
from apprenti.backends.common.held_out import read_test
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report_classification import write_predictions
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import predict
from apprenti.backends.pytorch.open_model import open_model


def main(config: Config) -> None:
    folder = Path(__file__).parent
    model, description = open_model(config, folder / "model")
    names, labels, outputs = [], [], []
    for inputs, some_labels, some_names in read_test(config, description["preparation"]):
        names, labels = [*names, *some_names], [*labels, *some_labels]
        outputs.append(predict(model, inputs))
    outputs = np.concatenate(outputs)
    if not np.isfinite(outputs).all():
        raise SystemExit("The model gives what is no number: it diverged, or its file is damaged.")
    targets, measured = code_test(labels, outputs, description)
    measures = {"rows": len(labels), **measure("test", measured, targets)}
    known, path = (names, labels), folder / "test_predictions.csv"
    write_predictions(path, known, outputs, description, config)
    (folder / "test_measures.json").write_text(json.dumps(measures))
    print("  ".join(f"{name} {value}" for name, value in measures.items()), flush=True)


if __name__ == "__main__":
    main(Config())
