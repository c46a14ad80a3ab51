"""Train a model on digits with TensorFlow: multilayer perceptron (MLP). Apprenti 0.2.0.
Requires tensorflow, keras, scikit-learn, numpy. Run it with: python train.py"""

import csv
import hashlib
import json
import math
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")  # Before Keras is loaded

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits


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


# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def read(path: Path, config: Config) -> tuple:
    digits = load_digits()
    return digits.images, digits.target, np.arange(len(digits.target))


# %% Split: at random, so that each set has its share of every class (stratified).
def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(labels))
    test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
    # Line the others up by their label and take some at equal distances: all labels are there
    by_label = np.argsort(labels[others], kind="stable")
    chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test


# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    return {"scale": float(np.abs(inputs[train]).max() or 1)}  # The largest becomes 1


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.divide(inputs[some], np.float32(preparation["scale"]), dtype=np.float32)


# %% Loading: read, split, prepared. No test row is seen by what follows.
class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again


def origin_of(config: Config, data: Data) -> str:
    """Return what a run must have in common with one that it goes on from."""
    seen = hashlib.sha256(Path(__file__).read_bytes() + repr((config, data.description)).encode())
    for values in data[:4]:  # All inputs and targets
        seen.update(np.ascontiguousarray(values[:]))
    return seen.hexdigest()


def load_data(config: Config) -> Data:
    path = Path()
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = fit_preparation(inputs, train, config)  # On the training rows alone
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Model: layers of neurons, each connected to all of the layer before (multilayer perceptron).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [keras.Input(shape), layers.Flatten()]  # Each row is laid out flat
    for units in config.hidden_units:
        stack += [layers.Dense(units, activation="relu")]  # Without ReLU, several are worth one
    return keras.Sequential([*stack, layers.Dense(outputs)])


# %% Model: one score for each class; the loss (cross-entropy) says how wrong the scores are.
def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))


# %% Training: Keras goes through one epoch, we look at the result and go on.
def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        # The order comes from a seed for this epoch alone: a resumed run finds it again
        order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
        pieces = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
        batches = pieces.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
        train_on(model, batches, len(inputs), epoch, config, folder)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            variables = model.variables + model.optimizer.variables  # All that training changes
            np.savez(folder / "new.npz", *variables, origin=origin, history=json.dumps(history))
            os.replace(folder / "new.npz", folder / "checkpoint.npz")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                model.save_weights(folder / "best.tmp.weights.h5")  # Kept beside the last one
                os.replace(folder / "best.tmp.weights.h5", folder / "model" / "best.weights.h5")
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model: keras.Model, batches, count: int, epoch: int, config: Config, folder) -> None:
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    model.optimizer.learning_rate = config.learning_rate * wave
    with open(folder / "progress.csv" if folder else os.devnull, "a", buffering=1) as file:
        line = "{},{},{},{:.4f}\n".format
        watcher = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda i, logs: file.write(line(epoch, i + 1, steps, logs["loss"]))
        )
        model.fit(batches, shuffle=False, verbose=0, callbacks=[watcher])


def load_checkpoint(folder: Path | None, model: keras.Model, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as state:  # Opening it runs no code
        if str(state["origin"]) != origin:  # Of other code, settings or data
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))


# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Small if the truth was likely
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: Path, header, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: no reader ever sees half a file


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # For new rows
    text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    header = ["row", "truth", "predicted", "confidence"]
    header += [f"probability_{name}" for name in facts["classes"]]
    rows = []
    for name, truth, scores in zip(*data.valid_rows, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, truth, facts["classes"][scores.argmax()], *numbers])
    write_table(folder / "predictions.csv", header, rows)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    optimizer = keras.optimizers.Adam(config.learning_rate)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = max(1, min(500, len(data.train_inputs) // config.batch_size // 5))  # In one go
    model.compile(optimizer, loss, steps_per_execution=steps, jit_compile=False)  # XLA is slower
    optimizer.build(model.trainable_variables)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        status = train(model, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        model.save_weights(folder / "model" / "model.weights.h5")
        parameters = sum(w.numpy().size for w in model.trainable_variables)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.npz").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history


# %% The whole run, from the data to the predictions.
if __name__ == "__main__":
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(Config(), load_data(Config()), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise
