"""Train a model (recurrent network (GRU)) on texts.csv, with TensorFlow. Apprenti 0.2.0.
Needs tensorflow, keras, numpy, pandas. Run it with: python train.py"""

import csv
import json
import math
import os
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    data: str = "texts.csv"  # Looked for here, where APPRENTI_DATA says, and above
    target: str = "opinion"  # The column to predict
    text: str = "comment"  # The column of the texts
    train: int = 140  # Rows of the training set
    valid: int = 30  # Rows of the validation set
    test: int = 30  # Rows of the test set, put aside for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each part, whatever the model
    hidden_units: tuple[int, ...] = (128,)  # Neurons of each hidden layer: more can learn more
    # Words that are known, the most frequent ones; all others are one unknown word
    vocabulary: int = 5000
    max_tokens: int = 100  # Words of a text that are read at most, from its beginning
    embedding_size: int = 32  # Numbers that represent a word (its embedding)
    learning_rate: float = 0.001  # The size of each update; less if the loss jumps around
    batch_size: int = 32  # Rows looked at before each update
    epochs: int = 5  # Passes through all the training rows
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals


# %% Data: where it is, and what reading it gives.
class Rows(NamedTuple):
    inputs: Any  # an array, a table, or the files of the images
    labels: np.ndarray | None  # what is to be predicted; nothing is known of new rows
    names: np.ndarray  # what each row is called
    by: np.ndarray | None = None  # groups or times, where the split goes by them


def find(name: str) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    there = [folder / name for folder in folders if (folder / name).exists()]
    if not there:
        raise SystemExit(f"{name} is not here. Put it beside this script, or set APPRENTI_DATA.")
    return there[0]


# %% Reading: a table in a text file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    return pd.read_csv(path)


# %% Columns: the target, and the one that holds the texts.
def read(path: Path, config: Config) -> Rows:
    table = read_table(path, config)
    # Rows without a target cannot be used; the others keep their number in the file
    table = table.dropna(subset=[config.target])
    # A missing text is an empty one; an accent is never a sign of its own after its letter
    inputs = table[config.text].fillna("").astype(str).str.normalize("NFC").to_numpy(object)
    labels = table[config.target].to_numpy()
    return Rows(inputs, labels, table.index.to_numpy())


# %% Split: at random, and so that each part has its share of every class.
TRAIN, VALID, TEST, UNUSED = range(4)


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.random.default_rng(config.split_seed).permutation(len(rows.labels))


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.labels), UNUSED)
    # The test rows leave first, before anything about them was looked at
    parts[order[: config.test]] = TEST
    others = order[config.test :]
    # Line the others up by their label and take some at equal distances: all labels are there
    sorted_rows = np.argsort(rows.labels[others], kind="stable")
    chosen = sorted_rows[np.arange(config.valid) * len(sorted_rows) // config.valid]
    parts[others[chosen]] = VALID
    parts[np.delete(others, chosen)[: config.train]] = TRAIN
    return parts


# %% Preparation: each word becomes its number in a list of known words (tokens).
def words_of(text: str, config: Config) -> list[str]:
    # A word, or a sign alone: "!" and smileys say something too
    return re.findall(r"\w+|[^\w\s]", text.lower())[: config.max_tokens]


def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    texts = [words_of(text, config) for text in inputs[train]]
    # The most frequent words of the training rows
    frequent = Counter(word for words in texts for word in words).most_common(config.vocabulary)
    return {"words": [word for word, _ in frequent], "length": max([1, *map(len, texts)])}


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    # 0 is for padding, 1 for any word not known
    number = {word: i for i, word in enumerate(preparation["words"], start=2)}
    # All rows are as long as the longest one of the training: shorter ones are filled up with 0
    tokens = np.zeros((len(some), preparation["length"]), np.int32)
    for row, text in zip(tokens, inputs[some], strict=True):
        # An empty text is one word, not known
        found = [number.get(word, 1) for word in words_of(text, config)] or [1]
        row[: len(found)] = found[: len(row)]
    return tokens


# %% Target: a class. The model gives each class a probability, and the highest wins.
def describe_target(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> dict:
    """Return what turns the numbers of the classes back into labels."""
    classes = np.unique(labels[np.concatenate([train, valid])])
    return {"classes": classes.tolist(), "outputs": len(classes)}


def code(labels: np.ndarray, target: dict) -> np.ndarray:
    # Each label becomes the number of its class, counted from 0
    return np.searchsorted(target["classes"], labels)


# %% Loading: read, split, prepared. No test row is seen by what follows.
class Data(NamedTuple):
    train_inputs: Any
    train_targets: np.ndarray
    sample_inputs: np.ndarray  # the training rows that are measured
    sample_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_names: np.ndarray  # what each row is called, and its label
    valid_labels: list
    target: dict[str, Any]  # what turns targets back into labels
    preparation: dict[str, Any]


def load_data(config: Config) -> Data:
    rows = read(find(config.data), config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    both = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    # What the preparation learns, it learns from the training rows alone
    preparation = fit_preparation(rows.inputs, both[0], config)
    train, valid = (prepare(rows.inputs, some, preparation, config) for some in both)
    target = describe_target(rows.labels, *both)
    targets = [code(rows.labels[some], target) for some in both]
    sample = train, targets[0]
    known = rows.names[both[1]], rows.labels[both[1]].tolist()
    return Data(train, targets[0], *sample, valid, targets[1], *known, target, preparation)


# %% Model: reads the words one after the other and remembers what counts (GRU).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    stack = [
        keras.Input(shape, dtype="int32"),
        # Each word becomes a few numbers, learned too: words used alike come to look alike
        layers.Embedding(
            config.vocabulary + 2,
            config.embedding_size,
            # Keras would begin with numbers 35 times smaller, and learn more slowly than PyTorch
            embeddings_initializer=keras.initializers.RandomNormal(stddev=1),
            # Each text is read up to its last word: the padding after it changes nothing
            mask_zero=True,
        ),
    ]
    for units in config.hidden_units[:-1]:
        stack += [layers.GRU(units, return_sequences=True)]
    return keras.Sequential([*stack, layers.GRU(config.hidden_units[-1]), layers.Dense(outputs)])


# %% Model: one score for each class; the loss (cross-entropy) says how wrong the scores are.
def build_loss(config: Config) -> keras.Loss:
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))


# %% Batches: each epoch goes through all the rows, in an order of its own.
def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    order, size, both = tf.constant(order), config.batch_size, (inputs, targets)
    starts = tf.data.Dataset.range(0, len(order), size)
    # Each batch is a piece of the order, in which each number is replaced by its row
    return starts.map(lambda i: tuple(tf.gather(part, order[i : i + size]) for part in both))


# %% Training: Keras goes through one epoch, we look at the result and go on.
def build_optimizer(model: keras.Model, config: Config) -> keras.Optimizer:
    return keras.optimizers.Adam(config.learning_rate)


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
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    compile_model(model, build_optimizer(model, config), len(inputs), config)
    history = load_checkpoint(folder, model, config)
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
                save_checkpoint(folder, model, history, config)
            if stop(history):
                return history, "stopped early"
    except KeyboardInterrupt:
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(folder, model, config)
        if not history:
            raise
        report_epoch(folder, history)
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
        return history, "interrupted"
    return history, "finished"


def train_on(model: keras.Model, batches, count: int, epoch: int, config: Config, folder) -> None:
    steps = math.ceil(count / config.batch_size)
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


def save_checkpoint(folder: Path, model: keras.Model, history: list[dict], config: Config) -> None:
    # Everything that training changes: the weights and the memory of the optimizer
    state = [variable.numpy() for variable in model.variables + model.optimizer.variables]
    arriving, how = folder / "checkpoint.tmp.npz", {"settings": repr(config)}
    np.savez(arriving, *state, **how, history=json.dumps(history))
    os.replace(arriving, folder / "checkpoint.npz")
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        model.save_weights(folder / "best.tmp.weights.h5")
        os.replace(folder / "best.tmp.weights.h5", folder / "model" / "best.weights.h5")


def load_checkpoint(folder: Path | None, model: keras.Model, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    # allow_pickle stays off: opening a file must never run code
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as state:
        # Other settings make another run, which starts from nothing
        if str(state["settings"]) != repr(config):
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))


# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Return the loss (cross-entropy) and the accuracy, under names that begin with the part."""
    # The loss is small when the true class was given a high probability
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: Path, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Replaced in one go: whoever reads the file finds it whole, even after a crash
    os.replace(path.with_suffix(".tmp"), path)


def report_progress(folder: Path, epoch: int, step: int, steps: int, loss: float) -> None:
    with open(folder / "progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


def report_epoch(folder: Path, history: list[dict]) -> None:
    write_table(folder / "history.csv", [list(history[0]), *(row.values() for row in history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Write one line for each row: truth, prediction, the probability of each class."""
    classes = every = target["classes"]
    rows = [["row", "truth", "predicted", "confidence", *(f"probability_{name}" for name in every)]]
    for name, truth, scores in zip(names, labels, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, truth, classes[scores.argmax()], *numbers])
    write_table(path, rows)


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    """Write what is needed to use the model on new rows, and to judge it."""
    description = {**data.target, "preparation": data.preparation}
    description |= {"input_shape": data.train_inputs.shape[1:], "parameters": parameters}
    text = json.dumps(description, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    rows = data.valid_names, data.valid_labels, outputs
    write_predictions(folder / "predictions.csv", *rows, data.target, config)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        model.save_weights(folder / "model" / "model.weights.h5")
        parameters = sum(w.numpy().size for w in model.trainable_variables)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        # Only a run that was interrupted needs its checkpoint
        if status != "interrupted":
            (folder / "checkpoint.npz").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        # The last act: how it ended
        said = json.dumps({"status": status, "epochs": len(history)})
        (folder / "status.json").write_text(said)
    return history


# %% The whole run, from the data to the predictions.
def main(config: Config) -> None:
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(config, load_data(config), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise


if __name__ == "__main__":
    main(Config())
