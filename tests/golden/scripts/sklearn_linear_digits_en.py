"""Train a model on digits with scikit-learn: logistic regression. Apprenti 0.2.0.
Requires scikit-learn, skops, threadpoolctl, numpy. Run it with: python train.py"""

import csv
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    train: int = 1257  # Rows of the training set
    valid: int = 270  # Rows of the validation set
    test: int = 270  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    iterations: int = 100  # Maximum number of iterations of the solver
    threads: int = 1  # Processor threads; another number changes the last decimals


# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def read(path: Path, config: Config) -> tuple:
    digits = load_digits()
    return digits.images, digits.target, np.arange(len(digits.target))


# %% Split: at random, so that each set has its share of every class (stratified).
def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(labels))
    test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
    # Line the others up by their label and take some at equal distances: all labels are there
    by_label = np.argsort(labels[others], kind="stable")
    chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test


# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    return {"scale": float(np.abs(inputs[train]).max() or 1)}  # The largest becomes 1


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.divide(inputs[some], np.float32(preparation["scale"]), dtype=np.float32)


# %% Loading: read, split, prepared. No test row is seen by what follows.
class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again


def load_data(config: Config) -> Data:
    path = Path()
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = fit_preparation(inputs, train, config)  # On the training rows alone
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Model: one weight for each input and each output, nothing in between (a linear model).
def build_model(config: Config, count: int):
    # It stops after a fixed number of iterations, and that is wanted
    warnings.simplefilter("ignore", ConvergenceWarning)
    return LogisticRegression(max_iter=config.iterations)


# %% Model: what it predicts: a probability for each class.
def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


# %% Training: scikit-learn does it in one call, so the history has one line.
def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    model.fit(rows, data.train_targets.ravel())
    seconds = time.perf_counter() - start
    learned = measure("train", predict(model, data.train_inputs), data.train_targets)
    checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
    history = [{"epoch": 1, **learned, **checked, "seconds": round(seconds, 3)}]
    if folder:
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
    return history, "finished"


# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Small if the truth was likely
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: Path, header, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: no reader ever sees half a file


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    history, status = train(model, data, config, folder, stop)
    if folder:
        (folder / "model").mkdir(exist_ok=True)
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = model.coef_.size + np.size(model.intercept_)
        outputs = predict(model, data.valid_inputs)
        facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # For new rows
        text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
        (folder / "model" / "model.json").write_text(text, encoding="utf-8")
        header = ["row", "truth", "predicted", "confidence"]
        header += [f"probability_{name}" for name in facts["classes"]]
        rows = []
        for name, truth, scores in zip(*data.valid_rows, outputs, strict=True):
            numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
            rows.append([name, truth, facts["classes"][scores.argmax()], *numbers])
        write_table(folder / "predictions.csv", header, rows)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history


# %% The whole run, from the data to the predictions.
if __name__ == "__main__":
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(Config(), load_data(Config()), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise
