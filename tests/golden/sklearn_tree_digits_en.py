"""Learn digits with scikit-learn (decision tree). Apprenti 0.1.0.
Needs scikit-learn, skops, threadpoolctl, numpy. Run it with: python train.py"""

import csv
import json
import os
import time
import warnings
from typing import Any, NamedTuple

import numpy as np
import skops.io
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 1257
    valid: int = 270
    test: int = 270
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # How many questions in a row a tree may ask: more of them learn more, and memorise more
    max_depth: int = 6
    # The same seed gives the same first weights and the same order of the rows
    seed: int = 0
    # Processor threads; another number changes the last decimals
    threads: int = 1


# %% Data: find it, put the test rows aside, hand over what every model needs.
class Data(NamedTuple):
    train_inputs: np.ndarray
    train_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_rows: np.ndarray
    target: dict[str, Any]
    preparation: Any


def share_out(inputs, labels: np.ndarray, split: tuple[np.ndarray, np.ndarray]) -> Data:
    # Nothing below sees a test row: neither the answers nor the preparation
    preparation = fit_preparation(inputs, split[0])
    ready = [prepare(inputs, rows, preparation) for rows in split]
    coded, target = code_targets(labels, split)
    return Data(ready[0], coded[0], ready[1], coded[1], split[1], target, preparation)


# %% Split: at random, and so that each part has its share of every class.
def split_rows(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    # The test rows leave first, before anything about them was looked at
    rows = np.random.default_rng(config.split_seed).permutation(len(labels))[config.test :]
    # Line the others up by their answer and take some at equal distances: all answers are there
    lined_up = np.argsort(labels[rows], kind="stable")
    valid = lined_up[np.arange(config.valid) * len(lined_up) // config.valid]
    return np.delete(rows, valid)[: config.train], np.sort(rows[valid])


# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def load_data(config: Config) -> Data:
    digits = load_digits()
    return share_out(digits.images, digits.target, split_rows(digits.target, config))


# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    # The largest value of the training rows becomes 1
    largest = np.abs(inputs[train]).max()
    return {"scale": np.float32(largest if largest > 0 else 1)}


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    return np.divide(inputs[rows], preparation["scale"], dtype=np.float32)


# %% Answer: a class. The model gives each class a probability, and the highest wins.
def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return the targets of both parts, and what turns them back into answers."""
    classes = np.unique(labels[np.concatenate(split)])
    # Each label becomes the number of its class, counted from 0
    coded = [np.searchsorted(classes, labels[rows]) for rows in split]
    return coded, {"classes": classes.tolist(), "outputs": len(classes)}


# %% Model: a decision tree. It asks one question after the other, each answered by yes or no.
def build_classifier(config: Config, data: Data):
    return DecisionTreeClassifier(max_depth=config.max_depth, random_state=config.seed)


def count_parameters(model) -> int:
    return model.tree_.node_count


# %% Answer of the model: a probability for each class.
def build_model(config: Config, data: Data):
    return build_classifier(config, data)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return what the model says of each row."""
    return model.predict_proba(as_rows(inputs))


# %% Training: scikit-learn does it in one call, so the history has one line.
# It stops after a fixed number of rounds, and that is wanted
warnings.simplefilter("ignore", ConvergenceWarning)


def train(model, data: Data, config: Config) -> list[dict]:
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets.ravel())
    seconds = time.perf_counter() - start
    history = [measure_epoch(1, lambda inputs: predict(model, inputs), data, seconds)]
    report_epoch(history)
    return history


# %% Measuring: how good are the predictions?
def measure_epoch(epoch: int, predict, data: Data, seconds: float) -> dict:
    """Return one row of the history: the scores on rows learned from, and on rows never seen."""
    # Of the rows learned from, ten thousand are enough to tell, always the same ones
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    valid = measure("valid", predict(data.valid_inputs), data.valid_targets)
    return {"epoch": epoch, **train, **valid, "seconds": round(seconds, 3)}


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Return the loss (cross-entropy) and the accuracy, under names that begin with the part."""
    # The loss is small when the true class was given a high probability
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: str, rows) -> None:
    with open("table.tmp", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Replaced in one go: whoever reads the file finds it whole, even after a crash
    os.replace("table.tmp", path)


def report_epoch(history: list[dict]) -> None:
    write_table("history.csv", [history[0], *map(dict.values, history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def predictions(probabilities: np.ndarray, data: Data):
    classes = data.target["classes"]
    yield "row", "truth", "predicted", "confidence"
    for row, truth, scores in zip(data.valid_rows, data.valid_targets, probabilities, strict=True):
        best = scores.argmax()
        yield row, classes[truth], classes[best], f"{scores[best]:.6f}"


def describe_model(data: Data, parameters: int) -> None:
    """Write what somebody needs, besides the weights, to use the model on new rows."""
    description = {**data.target, "input_shape": data.train_inputs.shape[1:]}
    description |= {"preparation": data.preparation, "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1, default=lambda v: v.tolist())


# %% The whole run, from the data to the predictions.
def main(config: Config) -> None:
    data = load_data(config)
    model = build_model(config, data)
    train(model, data, config)
    os.makedirs("model", exist_ok=True)
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
