"""Labels: those that a person has found to be wrong are replaced."""

import csv

import numpy as np

from apprenti.backends.common.settings import Config


def correct(labels: np.ndarray, names: np.ndarray, some, config: Config) -> np.ndarray:
    with open(config.labels, newline="", encoding="utf-8") as file:
        corrected = {line["row"]: line for line in csv.DictReader(file)}
    labels, known = labels.copy(), {str(label): label for label in labels[some].tolist()}
    # Only the rows of the two sets: the labels of the test rows were not looked at
    for place in some:
        line = corrected.get(str(names[place]))
        if line and (str(labels[place]) != line["was"] or line["is"] not in known):
            row, was, now = (line[name] for name in ("row", "was", "is"))
            raise SystemExit(f"{config.labels}, {row}: not {was}, or {now} is no class.")
        if line:
            labels[place] = known[line["is"]]
    return labels
