"""Train a model on album.csv with PyTorch: convolutional network (CNN). Apprenti 0.2.0.
Requires torch, numpy, pandas, pillow. Run it with: python train.py"""

import csv
import hashlib
import json
import math
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from PIL import Image, ImageOps
from torch import nn


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    data: str = "album.csv"  # Looked for here, where APPRENTI_DATA says, and above
    image_size: tuple[int, int] = (11, 10)  # The height and width to which all images are brought
    image_mode: str = "RGB"  # RGB: three colours; L: 256 shades of grey; F: more shades of grey
    formats: tuple = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")  # Other formats can be unsafe
    target: str = "season"  # The column to predict
    image: str = "file"  # The column of the names of the image files
    train: int = 28  # Rows of the training set
    valid: int = 6  # Rows of the validation set
    test: int = 6  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    hidden_units: tuple[int, ...] = (128,)  # Neurons of each hidden layer: more can learn more
    filters: tuple[int, ...] = (16, 32)  # Filters of each block; after each, the image is halved
    learning_rate: float = 0.001  # The size of each update; less if the loss jumps around
    batch_size: int = 32  # Rows looked at before each update
    epochs: int = 5  # Passes through all the training rows
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals


# %% Columns: the target, and the one that names the files of the images.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    inputs = np.array([path.parent / name for name in table[config.image]])  # Beside the table
    return inputs, table[config.target].to_numpy(), table[config.image].to_numpy()


# %% Split: at random, so that each set has its share of every class (stratified).
def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(labels))
    test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
    # Line the others up by their label and take some at equal distances: all labels are there
    by_label = np.argsort(labels[others], kind="stable")
    chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test


# %% Preparation: each image is resized; points go from 0 to 1, as networks like small numbers.
def read_image(path: Path, config: Config) -> np.ndarray:
    with Image.open(path, formats=config.formats) as image:
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(config.image_mode), config.image_size[::-1]))


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.stack([read_image(path, config) for path in inputs[some]]) / np.float32(255)


# %% Loading: read, split, prepared. No test row is seen by what follows.
class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again


def origin_of(config: Config, data: Data) -> str:
    """Return what a run must have in common with one that it goes on from."""
    seen = hashlib.sha256(Path(__file__).read_bytes() + repr((config, data.description)).encode())
    for values in data[:4]:  # All inputs and targets
        seen.update(np.ascontiguousarray(values[:]))
    return seen.hexdigest()


def load_data(config: Config) -> Data:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    path = next((f / config.data for f in folders if (f / config.data).exists()), None)
    if path is None:
        raise SystemExit(f"No {config.data} here: put it beside this script, or set APPRENTI_DATA.")
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = {"scale": 255.0}  # Nothing to learn from the training rows: a point is a byte
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, dense = [], [nn.Flatten()]
    for filters in config.filters:
        layers += [nn.LazyConv2d(filters, 5, padding="same"), nn.ReLU()]  # 5 x 5 points
        layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
    for units in config.hidden_units:
        dense += [nn.LazyLinear(units), nn.ReLU()]
    model = nn.Sequential(*layers, *dense, nn.LazyLinear(outputs)).eval()
    model.register_forward_pre_hook(lambda _, images: images[0].movedim(-1, 1))  # Colours first
    model(torch.zeros(1, *shape))  # A first image tells each layer how much comes in
    return model


# %% Model: one score for each class; the loss (cross-entropy) says how wrong the scores are.
@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()


# %% Training: an explicit loop, nothing hidden.
def train(model, optimizer, data, history: list, config: Config, folder, origin, stop) -> str:
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        # The order comes from a seed for this epoch alone: a resumed run finds it again
        order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
        pieces = torch.from_numpy(order).split(config.batch_size)
        batches = ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
        train_on(model, optimizer, batches, len(inputs), epoch, config, folder)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            state = {"origin": origin, "history": history, "model": model.state_dict()}
            torch.save({**state, "optimizer": optimizer.state_dict()}, folder / "checkpoint.tmp")
            os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                torch.save(model.state_dict(), folder / "best.tmp")  # Kept beside the last one
                os.replace(folder / "best.tmp", folder / "model" / "best.pt")
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    for step, (rows, targets) in enumerate(batches, start=1):
        loss = nn.functional.cross_entropy(model(rows), targets)  # How wrong is it?
        optimizer.zero_grad()
        loss.backward()  # In which direction should each weight move?
        optimizer.step()  # Move each a little in that direction
        if folder and step % max(1, min(100, steps // 20)) == 0:
            with open(folder / "progress.csv", "a", encoding="utf-8") as file:
                file.write(f"{epoch},{step},{steps},{loss.item():.4f}\n")


def load_checkpoint(folder: Path | None, model, optimizer, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    state = torch.load(folder / "checkpoint.pt", weights_only=True)  # Opening it runs no code
    if state["origin"] != origin:  # Of other code, settings or data
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]


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


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
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


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, optimizer, origin)
    try:
        status = train(model, optimizer, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, optimizer, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
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
