"""Train a model on table.parquet with TensorFlow: multilayer perceptron (MLP). Apprenti 0.2.0.
Requires tensorflow, keras, numpy, pandas, pyarrow. Run it with: python train.py"""

import csv
import hashlib
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

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")  # Before Keras is loaded

import keras
import numpy as np
import pandas as pd
import pyarrow.parquet
import tensorflow as tf
from keras import layers


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    data: str = "table.parquet"  # Looked for here, where APPRENTI_DATA says, and above
    target: str = "réponse"  # The column to predict
    ignore: tuple[str, ...] = ()  # Columns that no model sees
    categorical: tuple[str, ...] = ("membre",)  # Columns whose numbers are names, not quantities
    dates: tuple = (("jour", "%d/%m/%Y"),)  # Dates, each with the way it is written
    split_by: str = "réponse"  # The column by which the rows are split: the target, groups or times
    train: int = 210  # Rows of the training set
    valid: int = 45  # Rows of the validation set
    test: int = 45  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    hidden_units: tuple[int, ...] = (128,)  # Neurons of each hidden layer: more can learn more
    learning_rate: float = 0.001  # The size of each update; less if the loss jumps around
    batch_size: int = 32  # Rows looked at before each update
    epochs: int = 5  # Passes through all the training rows
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals


# %% Data: where it is.
def find(config: Config) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    path = next((f / config.data for f in folders if (f / config.data).exists()), None)
    if path is None:
        raise SystemExit(f"No {config.data} here: put it beside this script, or set APPRENTI_DATA.")
    return path


# %% Reading: a table in a Parquet file, of which one piece at a time is in memory.
# Rows: many enough to be fast, few enough for any memory
PIECE = 50_000


def read_pieces(config: Config, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    # Without these two settings a good part of the file would be in memory all the same
    frugal = {"pre_buffer": False, "buffer_size": 65536}
    with pyarrow.parquet.ParquetFile(find(config), **frugal) as file:
        for piece in file.iter_batches(PIECE, columns=columns):
            yield piece.to_pandas(ignore_metadata=True)


# %% Columns: what is written in them becomes numbers, dates, categories.
def convert(table: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name in config.categorical:
        column = table[name]
        # 75 is 75, even where a missing value made it 75.0
        if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
            column = column.astype("Int64")
        table[name] = column.astype(str).where(column.notna())
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        times = pd.to_datetime(table.pop(name), format=written, errors="coerce", utc=True)
        table[name] = (times - pd.Timestamp(0, unit="s", tz="UTC")).dt.total_seconds() / 86400
        table[f"{name} month"], table[f"{name} weekday"] = times.dt.month, times.dt.day_of_week
    return table


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


# %% Split: at random, so that each set has its share of every class (stratified).
def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(labels))
    test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
    # Line the others up by their label and take some at equal distances: all labels are there
    by_label = np.argsort(labels[others], kind="stable")
    chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test


# %% Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1.
def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        if missing.all():
            continue
        known = values[~missing]
        median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
        filled = np.where(missing, median, values)
        numbers[name] = {"median": median, "range": ends, **scale(filled)}
    for name in table.select_dtypes(exclude="number"):
        words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
        known = sorted(words.unique(), key=lambda word: (word == "(missing)", word))
        counts = words.value_counts()
        rare = [w for w in known if counts[w] < 0.01 * len(table)]  # Under 1 row in 100
        categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def scale(values: np.ndarray) -> dict[str, float]:
    deviation = 1.0 if values.min() == values.max() else float(values.std())
    return {"mean": float(values.mean()), "deviation": deviation}


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    for name, known in preparation["numbers"].items():
        filled = table[name].fillna(known["median"]).to_numpy(float)
        columns.append((filled - known["mean"]) / known["deviation"])
    for name, known in preparation["gaps"].items():  # Where values were missing
        columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    for name, known in preparation["categories"].items():
        words = table[name].astype(str).where(table[name].notna(), "(missing)")
        columns += [words == word for word in known["frequent"]]
        if known["rare"]:  # They share one column, and those never seen before join them
            columns.append(~words.isin(known["frequent"]))
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")


# %% Target: a class. The model gives each class a probability, and the highest wins.
def code_labels(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple[dict, list]:
    """Return what turns the numbers of the classes back into labels, and those of both sets."""
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    return target, targets


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


# %% Loading: the rows are read piece by piece, and those of two sets go to the disk.
# The preparation is fitted on at most this many rows
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into memory; rows without a target cannot be used
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels, places = table[config.target].to_numpy(), table.index.to_numpy()
    # Both sets in the order of the file
    both = [np.sort(some) for some in split(table[config.split_by].to_numpy(), config)[:2]]
    target, targets = code_labels(labels, *both)
    train, valid = (places[rows] for rows in both)
    # The preparation is fitted on training rows drawn at random
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    fitted = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(fitted, np.arange(len(fitted)), config)
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    known = valid, labels[both[1]].tolist()
    return Data(*ready, *targets, known, {**target, "preparation": preparation})


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table that holds some of these rows, and their places in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            piece = convert(piece, config)
            inputs = piece.drop(columns=[config.target, *config.ignore])
            yield inputs, places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation: dict) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation, config))
    return ready


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
def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    # They become tensors when they are read
    inputs, targets = data.train_inputs, data.train_targets
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        batches = shuffled(inputs, targets, epoch, config)
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
