"""Predictions: one line for each new row."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config


def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    classes = every = target["classes"]
    if config.many_classes:
        every = []
    header = ["row", "predicted", "confidence", *(f"probability_{name}" for name in every)]
    rows = []
    for name, scores in zip(names, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, classes[scores.argmax()], *numbers])
    write_table(path, header, rows)
