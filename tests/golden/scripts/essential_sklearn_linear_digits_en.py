"""Train a model on digits with scikit-learn, in short: logistic regression.
Requires scikit-learn, threadpoolctl, numpy. Run it with: python essential.py"""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits


# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    train: int = 1257  # Rows of the training set
    valid: int = 270  # Rows of the validation set
    test: int = 270  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    iterations: int = 100  # Maximum number of iterations of the solver
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

# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
digits = load_digits()
inputs, labels = digits.images, digits.target

# %% Split: at random, so that each set has its share of every class (stratified).
order = np.random.default_rng(config.split_seed).permutation(len(labels))
test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
# Line the others up by their label and take some at equal distances: all labels are there
by_label = np.argsort(labels[others], kind="stable")
chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
train, valid = np.delete(others, chosen)[: config.train], np.sort(others[chosen])

# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
unit = float(np.abs(inputs[train]).max() or 1)  # The largest becomes 1
train_inputs, valid_inputs = np.float32(inputs[train]) / unit, np.float32(inputs[valid]) / unit
# Target: a class. The model gives each class a probability, and the highest wins.
classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number

# %% Model: one weight for each input and each output, nothing in between (a linear model).
# It stops after a fixed number of iterations, and that is wanted
warnings.simplefilter("ignore", ConvergenceWarning)
model = LogisticRegression(max_iter=config.iterations)

# %% Training: scikit-learn does it in one call, so the history has one line.
model.fit(train_inputs.reshape(len(train), -1), train_targets.ravel())
learned = measure("train", predict(model, train_inputs), train_targets)
history = [learned | measure("valid", predict(model, valid_inputs), valid_targets)]
print(*(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
