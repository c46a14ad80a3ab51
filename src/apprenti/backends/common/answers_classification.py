"""Answers: one line for each new row."""

import numpy as np

from apprenti.backends.common.report import write_table


def write_answers(names: np.ndarray, probabilities: np.ndarray, description: dict) -> None:
    rows, classes = [("row", "predicted", "confidence")], description["classes"]
    for name, scores in zip(names, probabilities, strict=True):
        best = scores.argmax()
        rows.append((name, classes[best], f"{scores[best]:.6f}"))
    write_table("answers.csv", rows)
