"""Learn small with TensorFlow (perceptron (MLP)). Apprenti 0.1.0.
Needs tensorflow, keras, numpy. Run it with: python train.py"""

import gzip
import math
import os
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import tensorflow as tf


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    # Looked for in this folder, then in the one that APPRENTI_DATA names, then in those above
    data: str = "small"
    # The files inside that folder: the images, and their labels
    files: tuple[str, str] = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
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


# %% Reading: grey images in the format of MNIST (IDX), one file of images and one of labels.
def read_idx(path: Path) -> np.ndarray:
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        content = file.read()
    # The fourth byte counts the dimensions; the size of each follows, on four bytes
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load_data(config: Config) -> Data:
    folder = find(config.data)
    images, labels = (read_idx(folder / name) for name in config.files)
    return share_out(images, labels, split_rows(labels, config))


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
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    # An image becomes one long row of numbers
    stack = [keras.Input(shape), keras.layers.Flatten()]
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        stack += [keras.layers.Dense(units, activation="relu")]
    return keras.Sequential([*stack, keras.layers.Dense(outputs)])


# %% Answer: one score for each class; the loss (cross-entropy) says how wrong the scores are.
LOSS = partial(keras.losses.SparseCategoricalCrossentropy, from_logits=True)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))


# %% Training: Keras goes through one epoch, we look at the result and go on.
OPTIMIZERS = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


def compile_model(model: keras.Model, rows: int, config: Config) -> None:
    model.compile(
        loss=LOSS(),
        optimizer=OPTIMIZERS[config.optimizer](config.learning_rate),
        # A fifth of an epoch in TensorFlow before coming back to Python: several times faster
        steps_per_execution=max(1, min(500, rows // config.batch_size // 5)),
        jit_compile=False,  # XLA costs more than it saves on so small a model
    )
    model.optimizer.build(model.trainable_variables)


def train_on(model: keras.Model, batches, steps: int, epoch: int, config: Config) -> None:
    # Large corrections to come near, then smaller and smaller ones to settle: half a wave
    done = (epoch - 1) / config.epochs if config.schedule == "cosine" else 0
    model.optimizer.learning_rate = config.learning_rate * (1 + math.cos(math.pi * done)) / 2
    options = tf.data.Options()
    options.autotune.enabled = False  # searching for faster settings costs more than it saves
    progress = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda step, logs: report_progress(epoch, step + 1, steps, logs["loss"])
    )
    model.fit(batches.with_options(options), shuffle=False, verbose=0, callbacks=[progress])


# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Return the loss (cross-entropy) and the accuracy, under names that begin with the part."""
    # The loss is small when the true class was given a high probability
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% What is left behind: the history, the predictions and a description of the model.
def report_progress(epoch: int, step: int, steps: int, loss: float) -> None:
    with open("progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


# %% Parity: one start and one order of the rows for both frameworks, to see where they part.
# Stop after so many steps and look; the causes are plain long before the end
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


def first_weights(shapes: list[tuple[int, ...]], config: Config) -> list[np.ndarray]:
    """Return weights of these shapes (inputs x outputs), the same in both frameworks."""
    random = np.random.default_rng(config.seed)
    # Glorot and Bengio, 2010: neither too small nor too large, whatever the width; biases are 0
    limits = {shape: np.sqrt(6 / sum(shape)) if len(shape) > 1 else 0 for shape in shapes}
    return [random.uniform(-1, 1, shape) * limits[shape] for shape in shapes]


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


def look(step: int, weights: list[np.ndarray], predict, data: Data) -> dict:
    """Return what the frameworks are compared by, under names that end with the step."""
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    probabilities = predict(data.valid_inputs)
    scores = train | measure("valid", probabilities, data.valid_targets)
    flat = np.concatenate([values.ravel() for values in weights])
    seen = {"scores": [*scores.values()], "weights": flat, "probabilities": probabilities}
    return {f"{name}_{step}": np.asarray(values) for name, values in seen.items()}


# %% The experiment in Keras: each way to learn, from the same start, on the same batches.
def learn(data: Data, arm: Arm, config: Config) -> dict:
    keras.config.set_floatx(arm.precision)
    keras.config.set_dtype_policy(arm.precision)
    numbers = [data.train_inputs.astype(arm.precision), data.valid_inputs.astype(arm.precision)]
    data = data._replace(train_inputs=numbers[0], valid_inputs=numbers[1])
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    model.set_weights(first_weights([weights.shape for weights in model.get_weights()], config))
    compile_model(model, len(data.train_inputs), config._replace(optimizer=arm.optimizer))
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    seen = look(0, model.get_weights(), lambda x: predict(model, x), data)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        rows = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
        batches = rows.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
        train_on(model, batches, len(batches), epoch, config)
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, model.get_weights(), lambda x: predict(model, x), data)
    return seen


def main(config: Config) -> None:
    data = load_data(config)
    for name, arm in ways_to_learn(len(data.train_inputs), config).items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(Config().threads)
    main(Config())
