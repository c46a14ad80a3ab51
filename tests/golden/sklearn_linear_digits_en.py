"""Learn digits with scikit-learn (logistic regression). Run it with: python train.py
Needs scikit-learn, skops, threadpoolctl, numpy. Written by Apprenti 0.1.0, and runs without it."""

import csv
import json
import os
import time
import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import skops.io
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
@dataclass(frozen=True)
class Config:
    # How many rows to learn from at most: a share (0.7) or a number (5000)
    train: float = 1.0
    # How many rows to check with, and how many to put aside for the very end
    valid: float = 0.15
    test: float = 0.15
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # How many rounds of correction the exact method may take (logistic regression)
    iterations: int = 100
    # Processor threads; another number changes the last decimals
    threads: int = 1


# %% Data: find it, put the test rows aside, hand over what every model needs.
class Data(NamedTuple):
    train_inputs: np.ndarray
    train_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_rows: np.ndarray
    classes: list[str]
    preparation: dict[str, np.ndarray]


def rows_in(share: float, rows: int) -> int:
    """Return a number of rows: 0.15 is a share of them, 10000 is that many."""
    return share if isinstance(share, int) else round(share * rows)


def split_rows(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    rows = np.random.default_rng(config.split_seed).permutation(len(labels))
    # The test rows leave first, before anything about them was looked at
    rows = rows[rows_in(config.test, len(labels)) :]
    # Line the others up class by class and take some at equal distances: each class gives its share
    lined_up = rows[np.argsort(labels[rows], kind="stable")]
    n_valid = rows_in(config.valid, len(labels))
    valid = lined_up[np.arange(n_valid) * len(lined_up) // n_valid]
    train = rows[~np.isin(rows, valid)]
    return train[: rows_in(config.train, len(labels))], np.sort(valid)


def share_out(inputs: np.ndarray, labels: np.ndarray, config: Config) -> Data:
    train, valid = split_rows(labels, config)
    # Nothing below sees a test row: neither the class names nor the preparation
    classes = np.unique(labels[np.concatenate([train, valid])])
    preparation = fit_preparation(inputs[train])
    parts = []
    for rows in (train, valid):
        # Each label becomes the number of its class, counted from 0
        parts += [prepare(inputs[rows], preparation), np.searchsorted(classes, labels[rows])]
    return Data(*parts, valid, [str(name) for name in classes], preparation)


# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def load_data(config: Config) -> Data:
    digits = load_digits()
    return share_out(digits.images, digits.target, config)


# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
def fit_preparation(inputs: np.ndarray) -> dict[str, np.ndarray]:
    # The largest value of the training rows becomes 1
    largest = np.abs(inputs).max()
    return {"scale": np.float32(largest if largest > 0 else 1)}


def prepare(inputs: np.ndarray, preparation: dict[str, np.ndarray]) -> np.ndarray:
    return np.divide(inputs, preparation["scale"], dtype=np.float32)


# %% Model: one weight for each input and each class, nothing in between (logistic regression).
def build_model(config: Config, data: Data) -> LogisticRegression:
    return LogisticRegression(max_iter=config.iterations)


def count_parameters(model: LogisticRegression) -> int:
    return model.coef_.size + model.intercept_.size


# %% Training: scikit-learn does it in one call, so the history has one line.
# It stops after a fixed number of rounds, and that is wanted
warnings.simplefilter("ignore", ConvergenceWarning)


def train(model, data: Data, config: Config) -> list[dict]:
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets)
    seconds = time.perf_counter() - start
    history = [measure_epoch(1, lambda inputs: predict(model, inputs), data, seconds)]
    report_epoch(history)
    return history


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    return model.predict_proba(as_rows(inputs))


def save_model(model, data: Data) -> None:
    os.makedirs("model", exist_ok=True)
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))


# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Return the loss (cross-entropy) and the accuracy, under names that begin with the part."""
    # The loss is small when the true class was given a high probability
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = -np.log(np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


def measure_epoch(epoch: int, predict, data: Data, seconds: float) -> dict:
    """Return one row of the history: the scores on rows learned from, and on rows never seen."""
    # Of the rows learned from, ten thousand are enough to tell, always the same ones
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    valid = measure("valid", predict(data.valid_inputs), data.valid_targets)
    return {"epoch": epoch, **train, **valid, "seconds": round(seconds, 3)}


# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: str, rows: list[dict]) -> None:
    with open("table.tmp", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([rows[0].keys(), *(row.values() for row in rows)])
    # Replaced in one go: whoever reads the file finds it whole, even after a crash
    os.replace("table.tmp", path)


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


# %% The whole run, from the data to the predictions.
def main(config: Config) -> None:
    data = load_data(config)
    model = build_model(config, data)
    train(model, data, config)
    save_model(model, data)
    write_predictions(predict(model, data.valid_inputs), data)


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
