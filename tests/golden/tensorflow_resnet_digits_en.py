"""Learn digits with TensorFlow (residual network (ResNet)). Apprenti 0.1.0.
Needs tensorflow, keras, scikit-learn, numpy. Run it with: python train.py"""

import csv
import json
import math
import os
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 1257
    valid: int = 270
    test: int = 270
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each time the image is halved: how many patterns are looked for there
    filters: tuple[int, ...] = (16, 32)
    # How many blocks follow one another at each size of the image
    residual_blocks: int = 2
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


# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def load_data(config: Config) -> Data:
    digits = load_digits()
    return share_out(digits.images, digits.target, split_rows(digits.target, config))


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


# %% Model: a deep CNN whose blocks add a correction to what they are given (residual, ResNet).
def convolution(images, filters: int):
    # Batch normalisation brings what each filter finds to one scale, so training stays steady
    found = layers.Conv2D(filters, 3, padding="same", use_bias=False)(images)
    # Momentum counts the other way round than in PyTorch: 0.9 here is 0.1 there
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(found)


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    inputs = keras.Input(shape)
    # Keras wants the colours after the rows and columns; grey counts as one colour
    images = layers.Reshape((*shape, 1)[:3])(inputs)
    for filters in config.filters:
        images = layers.ReLU()(convolution(images, filters))
        # Of 2 x 2 points the strongest stays: half the height and width, what counts is kept
        images = layers.MaxPooling2D(padding="same")(images)
        for _ in range(config.residual_blocks):
            correction = layers.ReLU()(convolution(images, filters))
            correction = convolution(correction, filters)
            # What came in goes on unharmed: that is why a deep network can still learn
            images = layers.ReLU()(layers.Add()([images, correction]))
    # How much of each pattern is there, wherever it is
    found = layers.GlobalAveragePooling2D()(images)
    return keras.Model(inputs, layers.Dense(outputs)(found))


# %% Answer: one score for each class; the loss (cross-entropy) says how wrong the scores are.
LOSS = partial(keras.losses.SparseCategoricalCrossentropy, from_logits=True)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))


# %% Batches: each epoch goes through all the rows, in an order of its own.
def as_tensors(data: Data) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(data.train_inputs), tf.constant(data.train_targets)


def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    order, size, both = tf.constant(order), config.batch_size, (inputs, targets)
    starts = tf.data.Dataset.range(0, len(order), size)
    # Each batch is a piece of the order, in which each number is replaced by its row
    return starts.map(lambda i: tuple(tf.gather(part, order[i : i + size]) for part in both))


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


def train(model: keras.Model, data: Data, config: Config) -> list[dict]:
    compile_model(model, len(data.train_inputs), config)
    inputs, targets = as_tensors(data)
    steps = -(-len(inputs) // config.batch_size)
    history = load_checkpoint(model, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, batches, steps, epoch, config)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, history, config)
    except KeyboardInterrupt:
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(model, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    return history


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


def save_checkpoint(model: keras.Model, history: list[dict], config: Config) -> None:
    # Everything that training changes: the weights and the memory of the optimizer
    state = [variable.numpy() for variable in model.variables + model.optimizer.variables]
    np.savez("checkpoint.tmp.npz", *state, settings=repr(config), history=json.dumps(history))
    os.replace("checkpoint.tmp.npz", "checkpoint.npz")


def load_checkpoint(model: keras.Model, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not os.path.exists("checkpoint.npz"):
        return []
    # allow_pickle stays off: opening a file must never run code
    with np.load("checkpoint.npz", allow_pickle=False) as state:
        # Other settings make another run, which starts from nothing
        if str(state["settings"]) != repr(config):
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))


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
    keras.utils.set_random_seed(config.seed)
    data = load_data(config)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    model.save_weights("model/model.weights.h5")
    describe_model(data, sum(weights.numpy().size for weights in model.trainable_variables))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.npz")
    Path("progress.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(Config().threads)
    main(Config())
