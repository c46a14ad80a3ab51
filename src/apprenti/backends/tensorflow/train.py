"""Training: Keras goes through one epoch, we look at the result and go on."""

import json
import math
import os
import time
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")  # Before Keras is loaded

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.augment_images import augmented
from apprenti.backends.tensorflow.batches import as_tensors, shuffled
from apprenti.backends.tensorflow.classification import build_loss, predict
from apprenti.backends.tensorflow.updates import copy_of, record_updates


def compile_model(model: keras.Model, optimizer, rows: int, config: Config) -> None:
    loss = build_loss(config)
    if config.warm_up or config.schedule in ("step", "one_cycle"):
        steps = math.ceil(rows / config.batch_size)
        every, updates = [], optimizer.iterations
        for update in range(config.epochs * steps):
            rate = rate_of(update, steps, config)
            every.append(rate)
        rates = tf.constant(every, "float32")
        optimizer.learning_rate = lambda: tf.gather(rates, updates)  # Asked before each update
    steps = max(1, min(500, rows // config.batch_size // 5))  # In one go
    model.compile(optimizer, loss, steps_per_execution=steps, jit_compile=False)  # XLA is slower
    optimizer.build(model.trainable_variables)


def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    inputs, targets = as_tensors(data, config)
    for epoch in range(len(history) + 1, config.epochs + 1):
        if config.early_stopping:
            # Patience: so many epochs have passed since the one with the lowest validation loss
            losses = [row["valid_loss"] for row in history]
            if losses and len(losses) - losses.index(min(losses)) > config.early_stopping:
                return "stopped early"
        start = time.perf_counter()
        batches = shuffled(inputs, targets, epoch, config)
        batches = augmented(batches, epoch, config)
        if folder and config.record_updates:
            before = copy_of(model)
        train_on(model, batches, len(inputs), epoch, config, folder)
        if folder and config.record_updates:
            record_updates(folder, model, before, data, epoch, config)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        if config.train > 10_000:
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
        else:
            learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            save_checkpoint(folder, model, history, origin)
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model: keras.Model, batches, count: int, epoch: int, config: Config, folder) -> None:
    steps = math.ceil(count / config.batch_size)
    if config.schedule == "cosine" and not config.warm_up:
        wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
        model.optimizer.learning_rate = config.learning_rate * wave
    with open(folder / "progress.csv" if folder else os.devnull, "a", buffering=1) as file:
        line = "{},{},{},{:.4f}\n".format
        watcher = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda i, logs: file.write(line(epoch, i + 1, steps, logs["loss"]))
        )
        if config.class_weights != "none":
            counts = dict(enumerate(config.class_weights))  # A row counts as its class does
            model.fit(batches, shuffle=False, verbose=0, callbacks=[watcher], class_weight=counts)
        else:
            model.fit(batches, shuffle=False, verbose=0, callbacks=[watcher])


def keep_best(folder: Path, model: keras.Model, history: list[dict]) -> None:
    (folder / "model").mkdir(exist_ok=True)
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        model.save_weights(folder / "best.tmp.weights.h5")  # Kept beside the last one
        os.replace(folder / "best.tmp.weights.h5", folder / "model" / "best.weights.h5")


def save_checkpoint(folder: Path, model: keras.Model, history: list[dict], origin: str) -> None:
    report_epoch(folder, history)
    variables = model.variables + model.optimizer.variables  # All that training changes
    np.savez(folder / "new.npz", *variables, origin=origin, history=json.dumps(history))
    os.replace(folder / "new.npz", folder / "checkpoint.npz")
    keep_best(folder, model, history)


def load_checkpoint(folder: Path | None, model: keras.Model, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as state:  # Opening it runs no code
        if str(state["origin"]) != origin:  # Of other code, settings or data
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))
