"""Learn digits with scikit-learn (perceptron (MLP)). Apprenti 0.1.0.
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
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 1257
    valid: int = 270
    test: int = 270
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each hidden layer: more neurons can learn more, and memorise more
    hidden_units: tuple[int, ...] = (128,)
    # How the weights are corrected: "adam" or "sgd"
    optimizer: str = "adam"
    # The size of each correction; divide it by ten if the loss jumps around
    learning_rate: float = 0.001
    # How many rows are looked at before each correction
    batch_size: int = 32
    # How many times all the rows are gone through
    epochs: int = 5
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


# %% Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP).
def build_classifier(config: Config, data: Data) -> MLPClassifier:
    return MLPClassifier(**choices(config, data))


def choices(config: Config, data: Data) -> dict:
    return {
        "hidden_layer_sizes": config.hidden_units,
        "solver": config.optimizer,
        "learning_rate_init": config.learning_rate,
        "batch_size": min(config.batch_size, len(data.train_inputs)),
        # scikit-learn pulls the weights towards 0 and adds momentum unless told not to
        "alpha": 0,
        "momentum": 0,
        "nesterovs_momentum": False,
        "random_state": config.seed,
    }


def count_parameters(model) -> int:
    return sum(weights.size for weights in model.coefs_ + model.intercepts_)


# %% Answer of the model: a probability for each class.
def build_model(config: Config, data: Data):
    return build_classifier(config, data)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def train_one_epoch(model, data: Data) -> None:
    # partial_fit goes once through all the rows, in batches, and remembers where it stands
    classes = np.arange(len(data.target["classes"]))
    model.partial_fit(as_rows(data.train_inputs), data.train_targets, classes=classes)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return what the model says of each row."""
    return model.predict_proba(as_rows(inputs))


# %% Training: scikit-learn goes through one epoch, we look at the result and go on.
# The only things besides ordinary models that a checkpoint may contain
TRUSTED = [
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
]


# In the middle of an epoch scikit-learn answers Ctrl-C with a warning and goes on: stop instead
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config) -> list[dict]:
    history = load_checkpoint(model, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, history, config)
    except (KeyboardInterrupt, UserWarning):
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(model, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    return history


def save_checkpoint(model, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "model": model, "history": history}
    skops.io.dump(state, "checkpoint.tmp")
    os.replace("checkpoint.tmp", "checkpoint.skops")


def load_checkpoint(model, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not os.path.exists("checkpoint.skops"):
        return []
    # skops runs no code, and refuses what is neither ordinary nor listed above
    state = skops.io.load("checkpoint.skops", trusted=TRUSTED)
    # Other settings make another run, which starts from nothing
    if state["settings"] != repr(config):
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]


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
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.skops")


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
