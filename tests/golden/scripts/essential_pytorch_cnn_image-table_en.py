"""Train a model on album.csv with PyTorch, in short: convolutional network (CNN).
Requires torch, numpy, pandas, pillow. Run it with: python essential.py"""

import math
import os
from pathlib import Path
from typing import NamedTuple

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


def read_image(path: Path, config: Config) -> np.ndarray:
    with Image.open(path, formats=config.formats) as image:
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(config.image_mode), config.image_size[::-1]))


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Small if the truth was likely
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()


config = Config()
torch.set_num_threads(config.threads)
torch.manual_seed(config.seed)
folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
path = next((f for f in folders if (f / config.data).exists()), Path()) / config.data

# %% Columns: the target, and the one that names the files of the images.
table = pd.read_csv(path)
inputs = np.array([path.parent / name for name in table[config.image]])  # Beside the table
labels = table[config.target].to_numpy()

# %% Split: at random, so that each set has its share of every class (stratified).
order = np.random.default_rng(config.split_seed).permutation(len(labels))
test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
# Line the others up by their label and take some at equal distances: all labels are there
by_label = np.argsort(labels[others], kind="stable")
chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
train, valid = np.delete(others, chosen)[: config.train], np.sort(others[chosen])

# %% Preparation: each image is resized; points go from 0 to 1, as networks like small numbers.
train_inputs = np.stack([read_image(path, config) for path in inputs[train]]) / np.float32(255)
valid_inputs = np.stack([read_image(path, config) for path in inputs[valid]]) / np.float32(255)
# Target: a class. The model gives each class a probability, and the highest wins.
classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number

# %% Model: filters slide over the image and look for patterns (convolutional network, CNN).
layers, dense = [], [nn.Flatten()]
for filters in config.filters:
    layers += [nn.LazyConv2d(filters, 5, padding="same"), nn.ReLU()]  # 5 x 5 points
    layers += [nn.MaxPool2d(2, ceil_mode=True)]  # Of 2 x 2 points the strongest stays
for units in config.hidden_units:
    dense += [nn.LazyLinear(units), nn.ReLU()]
model = nn.Sequential(*layers, *dense, nn.LazyLinear(len(classes))).eval()
model.register_forward_pre_hook(lambda _, images: images[0].movedim(-1, 1))  # Colours first
model(torch.zeros(1, *train_inputs.shape[1:]))  # A first image tells each layer how much comes in

# %% Training: an explicit loop, nothing hidden.
optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
inputs, targets = torch.from_numpy(train_inputs), torch.from_numpy(train_targets)
history = []
for epoch in range(1, config.epochs + 1):
    model.train()
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    shuffled = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for batch in torch.from_numpy(shuffled).split(config.batch_size):
        loss = nn.functional.cross_entropy(model(inputs[batch]), targets[batch])  # How wrong is it?
        optimizer.zero_grad()
        loss.backward()  # In which direction should each weight move?
        optimizer.step()  # Move each a little in that direction
    learned = measure("train", predict(model, train_inputs), train_targets)
    history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
    print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
