"""What is left behind: the history, the predictions and a description of the model."""

import csv
import json
import os

import numpy as np

from apprenti.backends.common.data import Data


def write_table(path: str, rows: list[dict]) -> None:
    with open("table.tmp", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([rows[0].keys(), *(row.values() for row in rows)])
    # Replaced in one go: whoever reads the file finds it whole, even after a crash
    os.replace("table.tmp", path)


def report_progress(epoch: int, step: int, steps: int, loss: float) -> None:
    with open("progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


def report_epoch(history: list[dict]) -> None:
    write_table("history.csv", history)
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def write_predictions(probabilities: np.ndarray, data: Data) -> None:
    rows = []
    for row, truth, scores in zip(data.valid_rows, data.valid_targets, probabilities, strict=True):
        best = scores.argmax()
        names = {"truth": data.classes[truth], "predicted": data.classes[best]}
        rows.append({"row": row, **names, "confidence": f"{scores[best]:.6f}"})
    write_table("predictions.csv", rows)


def describe_model(data: Data, parameters: int) -> None:
    """Write what somebody needs, besides the weights, to use the model on new rows."""
    description = {"classes": data.classes, "input_shape": data.train_inputs.shape[1:]}
    preparation = {name: values.tolist() for name, values in data.preparation.items()}
    description |= {"preparation": preparation, "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1)
