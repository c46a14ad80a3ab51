"""The experiment in PyTorch: each way to learn, from the same start, on the same batches."""

from pathlib import Path

import numpy as np
import torch

from apprenti.backends.common.agreement import (
    STOPS,
    Arm,
    first_weights,
    in_pieces,
    in_precision,
    look,
    ways_to_learn,
)
from apprenti.backends.common.data import Data
from apprenti.backends.common.load import load_data
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import predict
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
            mean += (weight.grad - mean) * 0.1
            square += (weight.grad.square() - square) * 0.001
            weight -= self.param_groups[0]["lr"] * change * mean / (square.sqrt() + 1e-7)


def weights_of(model) -> list[np.ndarray]:
    # PyTorch keeps outputs x inputs, Keras inputs x outputs
    return [weights.detach().numpy().T.copy() for weights in model.parameters()]


def learn(data: Data, arm: Arm, config: Config) -> dict:
    torch.set_default_dtype(getattr(torch, arm.precision))
    data = in_precision(data, arm)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    start = first_weights([weights.shape for weights in weights_of(model)], config)
    with torch.no_grad():
        for weights, values in zip(model.parameters(), start, strict=True):
            weights.copy_(torch.from_numpy(values.T))
    if arm.optimizer == "keras_adam":
        optimizer = KerasAdam(model.parameters(), lr=config.learning_rate)
    else:
        optimizer = build_optimizer(model, config._replace(optimizer=arm.optimizer))
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    seen = look(0, weights_of(model), lambda x: predict(model, x), data, config)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        pieces = torch.from_numpy(order).split(config.batch_size)
        batches = ((inputs[rows], targets[rows]) for rows in pieces)
        train_on(model, optimizer, batches, len(inputs), epoch, config, Path())
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, weights_of(model), lambda x: predict(model, x), data, config)
    return seen


def main(config: Config) -> None:
    torch.set_num_threads(config.threads)
    data = load_data(config)
    arms = ways_to_learn(len(data.train_inputs), config)
    if config.optimizer == "adam":
        keras = arms["float64"]._replace(optimizer="keras_adam")
        arms |= {"keras_adam_float64": keras, "keras_adam": keras._replace(precision="float32")}
    for name, arm in arms.items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    main(Config())
