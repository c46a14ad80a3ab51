"""Training: Keras goes through one epoch, we look at the result and go on."""

import json
import math
import os
import time
from pathlib import Path

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.data import Data, origin_of
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch, report_progress
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.batches import as_tensors, shuffled
from apprenti.backends.tensorflow.classification import build_loss, predict
from apprenti.backends.tensorflow.optimizer import build_optimizer


def compile_model(model: keras.Model, optimizer, rows: int, config: Config) -> None:
    model.compile(
        loss=build_loss(config),
        optimizer=optimizer,
        # A fifth of an epoch in TensorFlow before coming back to Python: several times faster
        steps_per_execution=max(1, min(500, rows // config.batch_size // 5)),
        jit_compile=False,  # XLA costs more than it saves on so small a model
    )
    model.optimizer.build(model.trainable_variables)


def train(model: keras.Model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures an epoch, and how the training ended."""
    inputs, targets = as_tensors(data)
    compile_model(model, build_optimizer(model, config), len(inputs), config)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, batches, len(inputs), epoch, config, folder)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                save_checkpoint(folder, model, history, origin)
            if stop(history):
                return history, "stopped early"
    except KeyboardInterrupt:
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(folder, model, origin)
        if not history:
            raise
        report_epoch(folder, history)
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
        return history, "interrupted"
    return history, "finished"


def train_on(model: keras.Model, batches, count: int, epoch: int, config: Config, folder) -> None:
    steps = math.ceil(count / config.batch_size)
    if config.schedule == "cosine":
        # Large steps first, smaller and smaller ones at the end
        wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2
        model.optimizer.learning_rate = config.learning_rate * wave
    options = tf.data.Options()
    options.autotune.enabled = False  # searching for faster settings costs more than it saves
    progress = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda step, logs: report_progress(
            folder, epoch, step + 1, steps, logs["loss"]
        )
    )
    watchers = [progress] if folder else []
    model.fit(batches.with_options(options), shuffle=False, verbose=0, callbacks=watchers)


def save_checkpoint(folder: Path, model: keras.Model, history: list[dict], origin: str) -> None:
    # Everything that training changes: the weights and the memory of the optimizer
    state = [variable.numpy() for variable in model.variables + model.optimizer.variables]
    arriving, how = folder / "checkpoint.tmp.npz", {"origin": origin}
    np.savez(arriving, *state, **how, history=json.dumps(history))
    os.replace(arriving, folder / "checkpoint.npz")
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        model.save_weights(folder / "best.tmp.weights.h5")
        os.replace(folder / "best.tmp.weights.h5", folder / "model" / "best.weights.h5")


def load_checkpoint(folder: Path | None, model: keras.Model, origin: str) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    # allow_pickle stays off: opening a file must never run code
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as state:
        # Other code, settings or data make another run, which starts from nothing
        if str(state["origin"]) != origin:
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))
