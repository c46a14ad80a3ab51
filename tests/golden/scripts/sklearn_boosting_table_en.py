"""Train a model on petit tableau.csv with scikit-learn: gradient boosting. Apprenti 0.2.0.
Requires scikit-learn, skops, threadpoolctl, numpy, pandas. Run it with: python train.py"""

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
    train: int = 210  # Rows of the training set
    valid: int = 45  # Rows of the validation set
    test: int = 45  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    n_estimators: int = 100  # Number of trees
    shrinkage: float = 0.1  # Shrinkage: how much each new tree corrects those before it
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals


# %% Columns: the target, and those that a model may see.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    inputs = table.drop(columns=config.target)
    labels = table[config.target].to_numpy()
    return inputs, labels, table.index.to_numpy()


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
        known = values[~missing]
        median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
        filled = np.where(missing, median, values)
        numbers[name] = {"median": median, "range": ends, **scale(filled)}
    for name in table.select_dtypes(exclude="number"):
        words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
        known = sorted(words.unique(), key=lambda word: (word == "(missing)", word))
        categories[name] = {"frequent": known, "rare": []}
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
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")


# %% Loading: read, split, prepared. No test row is seen by what follows.
class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again


def load_data(config: Config) -> Data:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    path = next((f / config.data for f in folders if (f / config.data).exists()), None)
    if path is None:
        raise SystemExit(f"No {config.data} here: put it beside this script, or set APPRENTI_DATA.")
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = fit_preparation(inputs, train, config)  # On the training rows alone
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Model: gradient boosting. Small trees, each of which corrects the errors of those before it.
def build_model(config: Config, count: int):
    return HistGradientBoostingClassifier(
        max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
    )


# %% Model: what it predicts: a probability for each class.
def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


# %% Training: scikit-learn does it in one call, so the history has one line.
def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    model.fit(rows, data.train_targets.ravel())
    seconds = time.perf_counter() - start
    learned = measure("train", predict(model, data.train_inputs), data.train_targets)
    checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
    history = [{"epoch": 1, **learned, **checked, "seconds": round(seconds, 3)}]
    if folder:
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
    return history, "finished"


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


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    history, status = train(model, data, config, folder, stop)
    if folder:
        (folder / "model").mkdir(exist_ok=True)
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(len(tree.nodes) for trees in model._predictors for tree in trees)
        outputs = predict(model, data.valid_inputs)
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
