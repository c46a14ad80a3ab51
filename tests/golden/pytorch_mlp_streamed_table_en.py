"""Learn table.parquet with PyTorch (perceptron (MLP)). Apprenti 0.1.0.
Needs torch, scikit-learn, skops, numpy, pandas, pyarrow. Run it with: python train.py"""

import csv
import json
import math
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet
import skops.io
import torch
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import nn


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    # Looked for in this folder, then in the one that APPRENTI_DATA names, then in those above
    data: str = "table.parquet"
    decimal: str = "."
    # The column to predict
    target: str = "réponse"
    # Columns that no model sees
    ignore: tuple[str, ...] = ()
    # Columns whose numbers are names, not quantities
    categorical: tuple[str, ...] = ()
    # Columns of dates, each with the way it is written
    dates: tuple[tuple[str, str], ...] = (("jour", "%d/%m/%Y"),)
    # Columns of numbers among which words stand
    numbers: tuple[str, ...] = ()
    # The column by which the rows are shared out: answers, groups or times
    split_by: str = "réponse"
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 210
    valid: int = 45
    test: int = 45
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each hidden layer: more neurons can learn more, and memorise more
    hidden_units: tuple[int, ...] = (128,)
    # How the weights are corrected: "adam" or "sgd"
    optimizer: str = "adam"
    # The size of each correction; divide it by ten if the loss jumps around
    learning_rate: float = 0.001
    # How that size goes on: "cosine" (smaller and smaller, to settle) or "constant"
    schedule: str = "cosine"
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


def find(name: str) -> Path:
    for folder in [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]:
        if (folder / name).exists():
            return folder / name
    raise SystemExit(f"{name} is not here. Put it beside this script, or set APPRENTI_DATA.")


# %% Split: at random, and so that each part has its share of every class.
def split_rows(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    # The test rows leave first, before anything about them was looked at
    rows = np.random.default_rng(config.split_seed).permutation(len(labels))[config.test :]
    # Line the others up by their answer and take some at equal distances: all answers are there
    lined_up = np.argsort(labels[rows], kind="stable")
    valid = lined_up[np.arange(config.valid) * len(lined_up) // config.valid]
    return np.delete(rows, valid)[: config.train], np.sort(rows[valid])


# %% Reading: a table in a Parquet file, of which one piece at a time is in the memory.
# Rows: many enough to be fast, few enough for any memory
PIECE = 50_000


def read_pieces(config: Config, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    # Without these two settings a good part of the file would be in the memory all the same
    frugal = {"pre_buffer": False, "buffer_size": 65536}
    with pyarrow.parquet.ParquetFile(find(config.data), **frugal) as file:
        for piece in file.iter_batches(PIECE, columns=columns):
            yield piece.to_pandas(ignore_metadata=True)


# %% Columns: what they are: numbers, dates, categories.
def convert(inputs: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name in config.numbers:
        # Numbers among which some words stand: a word counts as a gap
        texts = inputs[name].astype(str).str.replace(config.decimal, ".")
        inputs[name] = pd.to_numeric(texts, errors="coerce")
    for name in config.categorical:
        inputs[name] = inputs[name].astype(str)
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        date = pd.to_datetime(inputs.pop(name), format=written, errors="coerce", utc=True)
        inputs[name] = (date - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 86400
        inputs[f"{name} month"], inputs[f"{name} weekday"] = date.dt.month, date.dt.weekday
    return inputs


# %% Rows on disk: prepared once, kept in a file, and read again a few at a time.
class OnDisk:
    """An array whose rows lie in a file: a slice of it is read when it is asked for."""

    def __init__(self, kind: type, scale: float = 1):
        folder = Path(tempfile.mkdtemp(dir=Path.cwd(), suffix=".tmp"))
        # Removed when the array is no longer needed, at the latest when this script ends
        weakref.finalize(self, shutil.rmtree, folder)
        self.path = folder / "rows"
        self.kind, self.scale, self.shape = np.dtype(kind), np.float32(scale), (0,)

    def append(self, rows: np.ndarray) -> None:
        with open(self.path, "ab") as file:
            file.write(rows.tobytes())
        self.shape = (len(self) + len(rows), *rows.shape[1:])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> np.ndarray:
        start, stop, _ = rows.indices(len(self))
        width = math.prod(self.shape[1:])
        place = {"count": (stop - start) * width, "offset": start * width * self.kind.itemsize}
        values = np.fromfile(self.path, self.kind, **place)
        return values.reshape(stop - start, *self.shape[1:]) / self.scale


# %% Columns: which is the answer, and which a model may see; the rows pass by piece by piece.
# So many rows tell how the columns are to be prepared
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into the memory; a row without an answer teaches nothing
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels = table[config.target].to_numpy()
    split = split_rows(table[config.split_by].to_numpy(), config)
    # Both parts in the order in which they stand in the file
    split = np.sort(split[0]), np.sort(split[1])
    coded, target = code_targets(labels, split)
    train, valid = (table.index.to_numpy()[rows] for rows in split)
    # Training rows drawn at random settle the preparation
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    sample = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(sample, np.arange(len(sample)))
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    return Data(ready[0], coded[0], ready[1], coded[1], valid, target, preparation)


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table in which some of these rows stand, and where in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            inputs = piece.drop(columns=[config.target, *config.ignore])
            yield convert(inputs, config), places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation))
    return ready


# %% Preparation: gaps filled, numbers brought to one scale, each category a column of 0 and 1.
def fit_preparation(inputs: pd.DataFrame, train: np.ndarray):
    # A gap gets the median, and a column of its own tells where the gaps were
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    # Rare categories (under 1 %) share one column, and those never seen before join them
    named = OneHotEncoder(min_frequency=0.01, handle_unknown="infrequent_if_exist")
    numbers = list(inputs.select_dtypes("number"))
    kinds = [(scaled, numbers), (named, [name for name in inputs if name not in numbers])]
    return make_column_transformer(*kinds, sparse_threshold=0).fit(inputs.iloc[train])


def prepare(inputs: pd.DataFrame, rows: np.ndarray, preparation) -> np.ndarray:
    return preparation.transform(inputs.iloc[rows]).astype(np.float32)


def keep_preparation(preparation) -> dict:
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(preparation, "model/preparation.skops")
    encoder, names = preparation.transformers_[1][1:]
    known = zip(names, getattr(encoder, "categories_", ()), strict=False)
    categories = {name: [str(category) for category in found] for name, found in known}
    return {"columns": preparation.feature_names_in_.tolist(), "categories": categories}


# %% Answer: a class. The model gives each class a probability, and the highest wins.
def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return the targets of both parts, and what turns them back into answers."""
    classes = np.unique(labels[np.concatenate(split)])
    # Each label becomes the number of its class, counted from 0
    coded = [np.searchsorted(classes, labels[rows]) for rows in split]
    return coded, {"classes": classes.tolist(), "outputs": len(classes)}


# %% Model: layers of neurons, each joined to all those of the layer before (perceptron, MLP).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    # An image becomes one long row of numbers
    layers, size = [nn.Flatten()], math.prod(shape)
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))


# %% Answer: one score for each class; the loss (cross-entropy) says how wrong the scores are.
LOSS = nn.CrossEntropyLoss()


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()


# %% Batches: the rows on disk are read in stretches from many places, which are mixed in a pool.
# So many stretches, each as long as a batch, are in the memory at a time
POOL = 64


def pools(
    inputs: OnDisk, targets: np.ndarray, epoch: int, config: Config
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield all the rows and their targets, in an order of its own for each epoch."""
    random, size = np.random.default_rng((config.seed, epoch)), config.batch_size
    starts = random.permutation(-(-len(inputs) // size)) * size
    for i in range(0, len(starts), POOL):
        places = [slice(start, start + size) for start in starts[i : i + POOL]]
        rows = np.concatenate([inputs[place] for place in places])
        # Neighbours in the file may be alike; in a batch they should not stand together
        order = random.permutation(len(rows))
        yield rows[order], np.concatenate([targets[place] for place in places])[order]


# %% Batches: each epoch goes through all the rows, which are read from the disk.
def as_tensors(data: Data) -> tuple[OnDisk, np.ndarray]:
    # They become tensors when they are read
    return data.train_inputs, data.train_targets


def shuffled(inputs, targets, epoch: int, config: Config):
    for pool in pools(inputs, targets, epoch, config):
        rows, answers = (torch.from_numpy(part).split(config.batch_size) for part in pool)
        yield from zip(rows, answers, strict=True)


# %% Training: an explicit loop, nothing hidden.
OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def build_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    # "fused" corrects all the weights in one go, which is the fastest way
    optimizer = OPTIMIZERS[config.optimizer]
    return optimizer(model.parameters(), lr=config.learning_rate, fused=True)


def train(model: nn.Module, data: Data, config: Config) -> list[dict]:
    optimizer = build_optimizer(model, config)
    inputs, targets = as_tensors(data)
    steps = -(-len(inputs) // config.batch_size)
    history = load_checkpoint(model, optimizer, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, optimizer, batches, steps, epoch, config)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, optimizer, history, config)
    except KeyboardInterrupt:
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(model, optimizer, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    return history


def train_on(model, optimizer, batches, steps: int, epoch: int, config: Config) -> None:
    model.train()
    # Large corrections to come near, then smaller and smaller ones to settle: half a wave
    done = (epoch - 1) / config.epochs if config.schedule == "cosine" else 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * (1 + math.cos(math.pi * done)) / 2
    pause = max(1, min(100, steps // 20))
    for step, (rows, targets) in enumerate(batches, start=1):
        # How wrong is the model on these rows?
        loss = LOSS(model(rows), targets)
        # In which direction should each weight move?
        optimizer.zero_grad()
        loss.backward()
        # Move each a little in that direction
        optimizer.step()
        if step % pause == 0:
            report_progress(epoch, step, steps, loss.item())


def save_checkpoint(model, optimizer, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "history": history}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, "checkpoint.tmp")
    os.replace("checkpoint.tmp", "checkpoint.pt")


def load_checkpoint(model, optimizer, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not os.path.exists("checkpoint.pt"):
        return []
    # weights_only: opening a file must never run code
    state = torch.load("checkpoint.pt", weights_only=True)
    # Other settings make another run, which starts from nothing
    if state["settings"] != repr(config):
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
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


def report_progress(epoch: int, step: int, steps: int, loss: float) -> None:
    with open("progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


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
    description |= {"preparation": keep_preparation(data.preparation), "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1)


# %% The whole run, from the data to the predictions.
def main(config: Config) -> None:
    torch.manual_seed(config.seed)
    data = load_data(config)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    torch.save(model.state_dict(), "model/weights.pt")
    describe_model(data, sum(weights.numel() for weights in model.parameters()))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.pt")
    Path("progress.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    torch.set_num_threads(Config().threads)
    main(Config())
