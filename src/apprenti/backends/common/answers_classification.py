"""Answers: one line for each new row."""

import numpy as np

from apprenti.backends.common.report import write_table


def write_answers(names: np.ndarray, probabilities: np.ndarray, description: dict) -> None:
    rows, classes = [], description["classes"]
    for name, scores in zip(names, probabilities, strict=True):
        best = scores.argmax()
        answer = {"predicted": classes[best], "confidence": f"{scores[best]:.6f}"}
        rows.append({"row": name, **answer})
    write_table("answers.csv", rows)
