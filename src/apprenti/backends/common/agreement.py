"""Agreement: the same start and order of the rows in both frameworks, to see where they differ."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.settings import Config

# Stop after these numbers of steps and compare; the causes show long before the end
STOPS = [0, 1, 100, 300]


class Arm(NamedTuple):
    optimizer: str
    precision: str
    last_step: int


def ways_to_learn(rows: int, config: Config) -> dict[str, Arm]:
    steps = -(-rows // config.batch_size) * config.epochs
    few = min(STOPS[-1], steps)
    return {
        "chosen": Arm(config.optimizer, "float32", steps),
        # Plain SGD: no memory, hence nothing that could blow up a difference
        "sgd": Arm("sgd", "float32", few),
        # Twice as many bits: whatever difference remains does not come from rounding
        "float64": Arm(config.optimizer, "float64", few),
    }


def first_weights(weights: list[tuple[str, tuple[int, ...]]], config: Config) -> list[np.ndarray]:
    """Return weights of these kinds and shapes (inputs x outputs), the same in both frameworks."""
    random = np.random.default_rng(config.seed)
    drawn = []
    for kind, shape in weights:
        # Glorot and Bengio, 2010: neither too small nor too large, whatever the width; biases are 0
        limit = np.sqrt(6 / (math.prod(shape[:-2]) * sum(shape[-2:]))) if kind == "kernel" else 0
        values = random.uniform(-1, 1, shape) * (1 if kind == "embeddings" else limit)
        # What batch normalisation multiplies by begins at 1
        drawn.append(values + (kind == "gamma"))
    return drawn


def in_pieces(rows: int, arm: Arm, config: Config) -> Iterator[tuple[np.ndarray, int, int]]:
    """Yield the rows in order, cut at the stops, with the epoch and the steps done by then."""
    steps, done = -(-rows // config.batch_size), 0
    for epoch in range(1, config.epochs + 1):
        order = np.random.default_rng((config.seed, epoch)).permutation(rows)
        stops = {stop - done for stop in [*STOPS, arm.last_step] if done < stop < done + steps}
        for begin, end in pairwise(sorted({0, steps, *stops})):
            if done + end <= arm.last_step:
                yield order[begin * config.batch_size : end * config.batch_size], epoch, done + end
        done += steps


def in_precision(data: Data, arm: Arm) -> Data:
    """Return the data, with all but whole numbers in the precision of one way to learn."""
    arrays = {name: values for name, values in data._asdict().items() if hasattr(values, "dtype")}
    numbers = {name: values for name, values in arrays.items() if values.dtype.kind == "f"}
    return data._replace(**{name: values.astype(arm.precision) for name, values in numbers.items()})


def look(step: int, weights: list[np.ndarray], predict, data: Data, config: Config) -> dict:
    """Return what the frameworks are compared by, under names that end with the step."""
    if config.train > 10_000:
        train = measure("train", predict(data.sample_inputs), data.sample_targets)
    else:
        train = measure("train", predict(data.train_inputs), data.train_targets)
    predictions = predict(data.valid_inputs)
    scores = train | measure("valid", predictions, data.valid_targets)
    flat = np.concatenate([values.ravel() for values in weights])
    seen = {"scores": [*scores.values()], "weights": flat, "predictions": predictions}
    return {f"{name}_{step}": np.asarray(values) for name, values in seen.items()}
