"""Labels: those that a person has found to be wrong are replaced."""

import csv

import numpy as np

from apprenti.backends.common.settings import Config


def correct(labels: np.ndarray, names: np.ndarray, seen, config: Config) -> np.ndarray:
    # A person found some labels to be wrong; those of the test rows were not looked at
    with open(config.labels, newline="", encoding="utf-8") as file:
        found = {line["row"]: (line["was"], line["is"]) for line in csv.DictReader(file)}
    labels, of_name = labels.copy(), {str(label): label for label in labels[seen].tolist()}
    for place in [place for place in seen if str(names[place]) in found]:
        was, now = found[str(names[place])]
        if str(labels[place]) != was or now not in of_name:
            raise SystemExit(f"{config.labels}, {names[place]}: not {was}, or {now} is no class.")
        labels[place] = of_name[now]
    return labels
