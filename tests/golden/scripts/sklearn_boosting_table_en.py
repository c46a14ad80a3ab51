"""Train a model (gradient boosting) on petit tableau.csv, with scikit-learn. Apprenti 0.2.0.
Needs scikit-learn, skops, threadpoolctl, numpy, pandas. Run it with: python train.py"""

import csv
import json
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    data: str = "petit tableau.csv"  # Looked for here, where APPRENTI_DATA says, and above
    target: str = "réponse"  # The column to predict
    ignore: tuple[str, ...] = ()  # Columns that no model sees
    train: int = 210  # Rows of the training set
    valid: int = 45  # Rows of the validation set
    test: int = 45  # Rows of the test set, put aside for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each part, whatever the model
    n_estimators: int = 100  # Number of trees
    shrinkage: float = 0.1  # Shrinkage: how much each new tree corrects those before it
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


# %% Columns: the target, and those that a model may see.
def read(path: Path, config: Config) -> Rows:
    table = read_table(path, config)
    # Rows without a target cannot be used; the others keep their number in the file
    table = table.dropna(subset=[config.target])
    inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
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


# %% Model: gradient boosting. Small trees, each of which corrects the errors of those before it.
def build_classifier(config: Config, count: int):
    return HistGradientBoostingClassifier(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )


# %% Model: what it predicts: a probability for each class.
def build_model(config: Config, count: int):
    return build_classifier(config, count)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # An image becomes one long row of numbers
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Return one probability for each row and each class."""
    return model.predict_proba(as_rows(inputs))


# %% Training: scikit-learn does it in one call, so the history has one line.
def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures, and how the training ended."""
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets.ravel())
    seconds = time.perf_counter() - start
    learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
    checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
    history = [{"epoch": 1, **learned, **checked, "seconds": round(seconds, 3)}]
    if folder:
        report_epoch(folder, history)
    return history, "finished"


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
    """Train a model; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(len(tree.nodes) for trees in model._predictors for tree in trees)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
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
