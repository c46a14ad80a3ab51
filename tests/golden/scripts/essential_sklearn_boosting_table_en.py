"""Train a model on petit tableau.csv with scikit-learn, in short: gradient boosting.
Requires scikit-learn, threadpoolctl, numpy, pandas. Run it with: python essential.py"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
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


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Small if the truth was likely
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


config = Config()
threadpool_limits(config.threads)
folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
path = next((f for f in folders if (f / config.data).exists()), Path()) / config.data

# %% Columns: the target, and those that a model may see.
table = pd.read_csv(path)
inputs = table.drop(columns=config.target)
labels = table[config.target].to_numpy()

# %% Split: at random, so that each set has its share of every class (stratified).
order = np.random.default_rng(config.split_seed).permutation(len(labels))
test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
# Line the others up by their label and take some at equal distances: all labels are there
by_label = np.argsort(labels[others], kind="stable")
chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
train, valid = np.delete(others, chosen)[: config.train], np.sort(others[chosen])

# %% Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1.
# The first rows, those of the training set, decide how all are prepared
table, count, columns = inputs.iloc[np.concatenate([train, valid])], len(train), []
numbers, gaps = [], []
for name in table.select_dtypes("number"):
    values = table[name].to_numpy(float, na_value=np.nan)
    missing = np.isnan(values)
    if missing[:count].any():  # Where values were missing
        gaps.append(missing)
    numbers.append(np.where(missing, np.nanmedian(values[:count]), values))
for values in [*numbers, *gaps]:
    known = values[:count]
    deviation = 1.0 if known.min() == known.max() else known.std()
    columns.append((values - known.mean()) / deviation)
for name in table.select_dtypes(exclude="number"):
    words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
    counts = words.iloc[:count].value_counts()
    known = sorted(counts.index, key=lambda word: (word == "(missing)", word))
    columns += [words == word for word in known]
prepared = np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
train_inputs, valid_inputs = np.split(prepared, [count])
# Target: a class. The model gives each class a probability, and the highest wins.
classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number

# %% Model: gradient boosting. Small trees, each of which corrects the errors of those before it.
model = HistGradientBoostingClassifier(
    max_iter=config.n_estimators, learning_rate=config.shrinkage, random_state=config.seed
)

# %% Training: scikit-learn does it in one call, so the history has one line.
model.fit(train_inputs.reshape(len(train), -1), train_targets.ravel())
learned = measure("train", predict(model, train_inputs), train_targets)
history = [learned | measure("valid", predict(model, valid_inputs), valid_targets)]
print(*(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
