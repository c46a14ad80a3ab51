"""Predictions: one line for each new row."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    header = ["row", "predicted", "confidence"]
    if not config.many_classes:
        header += [f"probability_{name}" for name in target["classes"]]
    rows = []
    for name, scores in zip(names, outputs, strict=True):
        if config.many_classes:
            numbers = [f"{scores.max():.6f}"]
        else:
            numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, target["classes"][scores.argmax()], *numbers])
    write_table(path, header, rows)
