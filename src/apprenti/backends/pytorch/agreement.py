"""The experiment in PyTorch: each way to learn, from the same start, on the same batches."""

import math
from pathlib import Path

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.agreement import (
    STOPS,
    Arm,
    first_weights,
    in_pieces,
    in_precision,
    look,
    ways_to_learn,
)
from apprenti.backends.common.classification import balanced
from apprenti.backends.common.data import Data
from apprenti.backends.common.load import load_data
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import EachClass, predict
from apprenti.backends.pytorch.mlp import build_model
from apprenti.backends.pytorch.optimizer import build_optimizer
from apprenti.backends.pytorch.train import train_on


class KerasAdam(torch.optim.SGD):
    """Adam with epsilon where Keras adds it: to sqrt(v), before v is corrected for its start."""

    steps = 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        # Keras rounds these two to 32 bits, even when everything else has 64
        beta_1, beta_2 = float(np.float32(0.9)), float(np.float32(0.999))
        change = (1 - beta_2**self.steps) ** 0.5 / (1 - beta_1**self.steps)
        for weight in self.param_groups[0]["params"]:
            mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
            square = self.state[weight].setdefault("square", torch.zeros_like(weight))
            gradient = weight.grad
            if not gradient.is_sparse:
                squared = gradient.square()
            else:
                # Keras squares what each place of a word in the batch says, PyTorch their sum
                places, said = gradient._indices(), gradient._values()
                squared = torch.sparse_coo_tensor(places, said.square(), weight.shape).to_dense()
                gradient = gradient.to_dense()
            mean += (gradient - mean) * 0.1
            square += (squared - square) * 0.001
            weight -= self.param_groups[0]["lr"] * change * mean / (square.sqrt() + 1e-7)


def in_keras_order(model: nn.Module, arrays: list[np.ndarray]) -> list[tuple[str, np.ndarray]]:
    """Return arrays, one for each weight of the model, as Keras keeps them, and of which kind."""
    found, channels, rest = [], 1, iter(arrays)
    for layer in model.modules():
        own = [next(rest) for _ in layer.parameters(recurse=False)]
        kinds = ["kernel" if values.ndim > 1 else "bias" for values in own]
        if isinstance(layer, nn.Embedding):
            kinds, own = ["embeddings"], [own[0].T]
        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            kinds = ["gamma", "bias"]
        elif isinstance(layer, nn.Conv2d):
            channels = layer.out_channels
        elif isinstance(layer, nn.GRU):
            # The gates in another order: PyTorch begins with reset, Keras with update
            own = [np.concatenate([np.split(gates, 3)[i] for i in (1, 0, 2)]) for gates in own]
        elif isinstance(layer, nn.Linear):
            # PyTorch flattens an image colour by colour, Keras point by point
            by_colour = own[0].reshape(len(own[0]), channels, -1)
            own[0], channels = by_colour.swapaxes(1, 2).reshape(own[0].shape), 1
        # PyTorch keeps outputs x inputs, Keras inputs x outputs
        axes = {1: (0,), 2: (1, 0), 3: (2, 1, 0), 4: (2, 3, 1, 0)}
        found += [(kind, a.transpose(axes[a.ndim])) for kind, a in zip(kinds, own, strict=True)]
    return found


def weights_of(model) -> list[np.ndarray]:
    arrays = [weights.detach().numpy() for weights in model.parameters()]
    return [values.copy() for _, values in in_keras_order(model, arrays)]


def set_weights(model, config: Config) -> None:
    # Each weight is numbered, to see where Keras keeps it
    sizes = [weights.numel() for weights in model.parameters()]
    numbers = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    shaped = [n.reshape(w.shape) for n, w in zip(numbers, model.parameters(), strict=True)]
    ordered = in_keras_order(model, shaped)
    drawn = first_weights([(kind, places.shape) for kind, places in ordered], config)
    flat = np.empty(sum(sizes))
    for (_, places), values in zip(ordered, drawn, strict=True):
        flat[places] = values
    with torch.no_grad():
        for weights, places in zip(model.parameters(), shaped, strict=True):
            weights.copy_(torch.from_numpy(flat[places]))


def learn(data: Data, arm: Arm, config: Config) -> dict:
    torch.set_default_dtype(getattr(torch, arm.precision))
    data = in_precision(data, arm)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    if config.loss == "binary_cross_entropy":
        model = nn.Sequential(model, EachClass())
    set_weights(model, config)
    if arm.optimizer == "keras_adam":
        if not config.clip_norm:  # There Keras, too, adds the gradients of a word up
            for layer in model.modules():
                if isinstance(layer, nn.Embedding):
                    layer.sparse = True
        optimizer = KerasAdam(model.parameters(), lr=config.learning_rate)
    else:
        optimizer = build_optimizer(model, config._replace(optimizer=arm.optimizer))
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    if config.loss == "binary_cross_entropy":
        # Each class has its share of the truth
        targets = nn.functional.one_hot(targets, data.description["outputs"]).to(inputs.dtype)
    seen = look(0, weights_of(model), lambda x: predict(model, x), data, config)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        pieces = torch.from_numpy(order).split(config.batch_size)
        batches = ((inputs[rows], targets[rows]) for rows in pieces)
        if config.warm_up or config.schedule in ("step", "one_cycle"):
            # A piece of an epoch: a fraction of it is over
            epoch = 1 + (step - len(pieces)) / math.ceil(len(inputs) / config.batch_size)
        train_on(model, optimizer, batches, len(inputs), epoch, config, Path())
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, weights_of(model), lambda x: predict(model, x), data, config)
    return seen


def main(config: Config) -> None:
    torch.set_num_threads(config.threads)
    data = load_data(config)
    if config.class_weights == "balanced":
        config = config._replace(class_weights=balanced(data.train_targets))
    arms = ways_to_learn(len(data.train_inputs), config)
    if config.optimizer == "adam":
        keras = arms["float64"]._replace(optimizer="keras_adam")
        arms |= {"keras_adam_float64": keras, "keras_adam": keras._replace(precision="float32")}
    for name, arm in arms.items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    main(Config())
