"""Train a model on digits with PyTorch, in short: multilayer perceptron (MLP).
Requires torch, scikit-learn, numpy. Run it with: python essential.py"""

import math
from typing import NamedTuple

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    train: int = 1257  # Rows of the training set
    valid: int = 270  # Rows of the validation set
    test: int = 270  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    hidden_units: tuple[int, ...] = (128,)  # Neurons of each hidden layer: more can learn more
    learning_rate: float = 0.001  # The size of each update; less if the loss jumps around
    batch_size: int = 32  # Rows looked at before each update
    epochs: int = 5  # Passes through all the training rows
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals


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

# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
digits = load_digits()
inputs, labels = digits.images, digits.target

# %% Split: at random, so that each set has its share of every class (stratified).
order = np.random.default_rng(config.split_seed).permutation(len(labels))
test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
# Line the others up by their label and take some at equal distances: all labels are there
by_label = np.argsort(labels[others], kind="stable")
chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
train, valid = np.delete(others, chosen)[: config.train], np.sort(others[chosen])

# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
unit = float(np.abs(inputs[train]).max() or 1)  # The largest becomes 1
train_inputs, valid_inputs = np.float32(inputs[train]) / unit, np.float32(inputs[valid]) / unit
# Target: a class. The model gives each class a probability, and the highest wins.
classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number

# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
layers, size = [nn.Flatten()], math.prod(train_inputs.shape[1:])  # Each row is laid out flat
for units in config.hidden_units:
    layers += [nn.Linear(size, units), nn.ReLU()]  # Without ReLU, several are worth one
    size = units
model = nn.Sequential(*layers, nn.Linear(size, len(classes)))

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
