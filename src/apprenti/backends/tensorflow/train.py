"""Training: Keras goes through one epoch, we look at the result and go on."""

import json
import math
import os
import time

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure import measure_epoch
from apprenti.backends.common.report import (
    report_epoch,
    report_progress,
    write_table,
)
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.batches import as_tensors, shuffled
from apprenti.backends.tensorflow.classification import LOSS, predict

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
