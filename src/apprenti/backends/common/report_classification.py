"""What is left behind: the history, the predictions and a description of the model."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_predictions(path: Path, known, outputs: np.ndarray, target: dict, config: Config):
    header = ["row", "truth", "predicted", "confidence"]
    if config.many_classes:
        # They would make a table too wide: their probabilities have a file of their own
        np.savez_compressed(path.with_suffix(".npz"), probabilities=outputs)
    else:
        header += [f"probability_{name}" for name in target["classes"]]
    rows = []
    for name, truth, scores in zip(*known, outputs, strict=True):
        if config.many_classes:
            numbers = [f"{scores.max():.6f}"]
        else:
            numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, truth, target["classes"][scores.argmax()], *numbers])
    write_table(path, header, rows)
