"""Train a model (perceptron (MLP)) on table.parquet, with TensorFlow. Apprenti 0.2.0.
Needs tensorflow, keras, numpy, pandas, pyarrow. Run it with: python train.py"""

import csv
import json
import math
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

# Keras runs on several frameworks; here it is TensorFlow, without its notes about the processor
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")

import keras
import numpy as np
import pandas as pd
import pyarrow.parquet
import tensorflow as tf


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    data: str = "table.parquet"  # Looked for here, where APPRENTI_DATA says, and above
    target: str = "réponse"  # The column to predict
    ignore: tuple[str, ...] = ()  # Columns that no model sees
    # Columns of dates, each with the way it is written
    dates: tuple[tuple[str, str], ...] = (("jour", "%d/%m/%Y"),)
    split_by: str = "réponse"  # The column by which the rows are split: the target, groups or times
    train: int = 210  # Rows of the training set
    valid: int = 45  # Rows of the validation set
    test: int = 45  # Rows of the test set, put aside for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each part, whatever the model
    hidden_units: tuple[int, ...] = (128,)  # Neurons of each hidden layer: more can learn more
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


# %% Reading: a table in a Parquet file, of which one piece at a time is in memory.
# Rows: many enough to be fast, few enough for any memory
PIECE = 50_000


def read_pieces(config: Config, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    # Without these two settings a good part of the file would be in memory all the same
    frugal = {"pre_buffer": False, "buffer_size": 65536}
    with pyarrow.parquet.ParquetFile(find(config.data), **frugal) as file:
        for piece in file.iter_batches(PIECE, columns=columns):
            yield piece.to_pandas(ignore_metadata=True)


# %% Columns: what they are: numbers, dates, categories.
def convert(inputs: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        date = pd.to_datetime(inputs.pop(name), format=written, errors="coerce", utc=True)
        inputs[name] = (date - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 86400
        inputs[f"{name} month"], inputs[f"{name} weekday"] = date.dt.month, date.dt.day_of_week
    return inputs


# %% Rows on disk: prepared once, kept in a file, and read again a few at a time.
class OnDisk:
    """An array whose rows are in a file: a slice of it is read when it is asked for."""

    def __init__(self, kind: type, scale: float = 1):
        folder = Path(tempfile.mkdtemp(dir=Path.cwd(), suffix=".tmp"))
        # Removed when the array is no longer needed, at the latest when this script ends
        weakref.finalize(self, shutil.rmtree, folder)
        self.path = folder / "rows"
        self.kind, self.scale, self.shape = np.dtype(kind), np.float32(scale), (0,)

    def append(self, rows: np.ndarray) -> None:
        with open(self.path, "ab") as file:
            file.write(rows.tobytes())
        self.shape = (len(self) + len(rows), *rows.shape[1:])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows) -> np.ndarray:
        if not isinstance(rows, slice):
            # Rows far apart are read one by one
            return np.concatenate([self[row : row + 1] for row in rows])
        start, stop, _ = rows.indices(len(self))
        width = math.prod(self.shape[1:])
        place = {"count": (stop - start) * width, "offset": start * width * self.kind.itemsize}
        values = np.fromfile(self.path, self.kind, **place)
        return values.reshape(stop - start, *self.shape[1:]) / self.scale


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


# %% Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1.
MISSING = "(missing)"


def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    """Return, for each column, what the training rows say of it."""
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        if not missing.all():
            median = float(np.median(values[~missing]))
            numbers[name] = {"median": median, **scale(np.where(missing, median, values))}
    for name in table.select_dtypes(exclude="number"):
        counts = as_words(table[name]).value_counts()
        known = sorted(counts.index, key=lambda word: (word == MISSING, word))
        # A category of fewer than one row in a hundred is rare
        rare = [word for word in known if counts[word] < 0.01 * len(table)]
        categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def as_words(column: pd.Series) -> pd.Series:
    # What is missing is a category too
    return column.astype(str).where(column.notna(), MISSING)


def scale(values: np.ndarray) -> dict[str, float]:
    constant = values.min() == values.max()
    return {"mean": float(values.mean()), "deviation": 1.0 if constant else float(values.std())}


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    for name, known in preparation["numbers"].items():
        # A missing value becomes the median
        filled = table[name].fillna(known["median"]).to_numpy(float)
        columns.append((filled - known["mean"]) / known["deviation"])
    for name, known in preparation["gaps"].items():
        # A separate column marks where values were missing
        columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    for name, known in preparation["categories"].items():
        words = as_words(table[name])
        columns += [words == word for word in known["frequent"]]
        if known["rare"]:
            # Rare categories share one column, and those never seen before join them
            columns.append(~words.isin(known["frequent"]))
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")


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


# %% Loading: the rows pass by piece by piece, and those of two parts go to the disk.
# The preparation is fitted on at most so many rows
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into memory; rows without a target cannot be used
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels, places = table[config.target].to_numpy(), table.index.to_numpy()
    rows = Rows(None, labels, places, table[config.split_by].to_numpy())
    parts = split(rows, line_up(rows, config), config)
    # Both parts in the order of the file
    both = np.flatnonzero(parts == TRAIN), np.flatnonzero(parts == VALID)
    target = describe_target(labels, *both)
    targets = [code(labels[rows], target) for rows in both]
    train, valid = (places[rows] for rows in both)
    # The preparation is fitted on training rows drawn at random
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    fitted = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(fitted, np.arange(len(fitted)), config)
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    sample = ready[0], targets[0]
    known = valid, labels[both[1]].tolist()
    return Data(ready[0], targets[0], *sample, ready[1], targets[1], *known, target, preparation)


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table that holds some of these rows, and their places in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            inputs = piece.drop(columns=[config.target, *config.ignore])
            inputs = convert(inputs, config)
            yield inputs, places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation: dict) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation, config))
    return ready


# %% Model: layers of neurons, each joined to all of the layer before (multilayer perceptron).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> keras.Model:
    # An image becomes one long row of numbers
    stack = [keras.Input(shape), keras.layers.Flatten()]
    for units in config.hidden_units:
        # ReLU keeps what is above 0: without it, several layers are worth one
        stack += [keras.layers.Dense(units, activation="relu")]
    return keras.Sequential([*stack, keras.layers.Dense(outputs)])


# %% Model: one score for each class; the loss (cross-entropy) says how wrong the scores are.
def build_loss(config: Config) -> keras.Loss:
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def predict(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    outputs = [model(inputs[i : i + 1000], training=False) for i in range(0, len(inputs), 1000)]
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.concatenate(outputs)))


# %% Batches: the rows on disk are read in stretches from many places, which are mixed in a pool.
# Stretches, each as long as a batch, that are in memory at a time
POOL = 64


def pools(
    inputs: OnDisk, targets: np.ndarray, epoch: int, config: Config
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield all the rows and their targets, in an order of its own for each epoch."""
    random, size = np.random.default_rng((config.seed, epoch)), config.batch_size
    starts = random.permutation(-(-len(inputs) // size)) * size
    for i in range(0, len(starts), POOL):
        places = [slice(start, start + size) for start in starts[i : i + POOL]]
        rows = np.concatenate([inputs[place] for place in places])
        # Neighbours in the file may be alike; a batch should mix rows from everywhere
        order = random.permutation(len(rows))
        yield rows[order], np.concatenate([targets[place] for place in places])[order]


# %% Batches: each epoch goes through all the rows, which are read from the disk.
def shuffled(inputs, targets, epoch: int, config: Config):
    kinds = tf.float32, targets.dtype
    shapes = [(None, *part.shape[1:]) for part in (inputs, targets)]
    read, size = partial(pools, inputs, targets, epoch, config), config.batch_size
    signature = tuple(map(tf.TensorSpec, shapes, kinds))
    mixed = tf.data.Dataset.from_generator(read, output_signature=signature)

    def cut(rows, answers):
        starts = tf.data.Dataset.range(0, tf.shape(rows, tf.int64)[0], size)
        return starts.map(lambda i: (rows[i : i + size], answers[i : i + size]))

    steps = -(-len(inputs) // size)
    return mixed.flat_map(cut).apply(tf.data.experimental.assert_cardinality(steps))


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
    # They become tensors when they are read
    inputs, targets = data.train_inputs, data.train_targets
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
