"""Learn album.csv with PyTorch (convolutional network (CNN)). Apprenti 0.1.0.
Needs torch, numpy, pandas, pillow. Run it with: python train.py"""

import csv
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
    # Looked for in this folder, then in the one that APPRENTI_DATA names, then in those above
    data: str = "album.csv"
    # The height and width to which all images are brought
    image_size: tuple[int, int] = (11, 10)
    # RGB: three colours; L: shades of grey
    image_mode: str = "RGB"
    # The column to predict
    target: str = "season"
    # The column of the names of the image files
    image: str = "file"
    # The column by which the rows are shared out: answers, groups or times
    split_by: str = "season"
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 28
    valid: int = 6
    test: int = 6
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each hidden layer: more neurons can learn more, and memorise more
    hidden_units: tuple[int, ...] = (128,)
    # One number for each time the image is halved: how many patterns are looked for there
    filters: tuple[int, ...] = (16, 32)
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


# %% Reading: a table in a text file, one row an example, one column the answer.
def read_table(config: Config) -> pd.DataFrame:
    return pd.read_csv(find(config.data))


# %% Columns: which is the answer, and which names the files of the images.
def find_files(table: pd.DataFrame, config: Config) -> np.ndarray:
    # The names are written from the folder of the table
    folder = find(config.data).parent
    return np.array([folder / name for name in table[config.image]])


def load_data(config: Config) -> Data:
    # A row without an answer teaches nothing
    table = read_table(config).dropna(subset=[config.target])
    split = split_rows(table[config.split_by].to_numpy(), config)
    data = share_out(find_files(table, config), table[config.target].to_numpy(), split)
    # A row is called by the name of its file
    return data._replace(valid_rows=table[config.image].to_numpy()[data.valid_rows])


# %% Preparation: each image is opened and brought to one size, whatever way it was kept.
# Pillow knows more formats; some of them start other programs
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")


def read_image(path: Path) -> np.ndarray:
    height, width = Config().image_size
    with Image.open(path, formats=FORMATS) as image:
        # A large JPEG can be opened at a smaller size at once, which is much faster
        image.draft(None, [2 * max(height, width)] * 2)
        # Cameras note how they were held
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I;16"):
            # Of 16 bits a point, the upper 8 are enough
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        if image.has_transparency_data:
            # What is transparent shows a white page behind it
            page = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(page, image.convert("RGBA"))
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(Config().image_mode), (width, height)))


def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    # Nothing to learn from the training rows: a point is a byte, from 0 to 255
    return {"scale": np.float32(255)}


# %% Preparation: the points of the images become numbers from 0 to 1.
def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    # Networks learn better from small numbers
    return np.stack([read_image(path) for path in inputs[rows]]) / preparation["scale"]


# %% Answer: a class. The model gives each class a probability, and the highest wins.
def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return the targets of both parts, and what turns them back into answers."""
    classes = np.unique(labels[np.concatenate(split)])
    # Each label becomes the number of its class, counted from 0
    coded = [np.searchsorted(classes, labels[rows]) for rows in split]
    return coded, {"classes": classes.tolist(), "outputs": len(classes)}


# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
class ChannelsFirst(nn.Module):
    def forward(self, images):
        # PyTorch wants the colours before the rows and columns; grey counts as one colour
        return images.permute(0, 3, 1, 2) if images.ndim == 4 else images.unsqueeze(1)


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, (height, width, channels) = [ChannelsFirst()], (*shape, 1)[:3]
    for filters in config.filters:
        # Each filter looks at 5 x 5 points at a time, everywhere, for one pattern
        layers += [nn.Conv2d(channels, filters, 5, padding="same"), nn.ReLU()]
        # Of 2 x 2 points the strongest stays: half the height and width, what counts is kept
        layers += [nn.MaxPool2d(2, ceil_mode=True)]
        height, width, channels = math.ceil(height / 2), math.ceil(width / 2), filters
    layers, size = [*layers, nn.Flatten()], height * width * channels
    for units in config.hidden_units:
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


# %% Batches: each epoch goes through all the rows, in an order of its own.
def as_tensors(data: Data) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)


def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for rows in torch.from_numpy(order).split(config.batch_size):
        yield inputs.index_select(0, rows), targets.index_select(0, rows)


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
    description |= {"preparation": data.preparation, "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1, default=lambda v: v.tolist())


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
