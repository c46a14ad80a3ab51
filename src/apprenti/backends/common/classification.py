"""Target: a class. The model gives each class a probability, and the highest wins."""

import numpy as np


def describe_target(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> dict:
    """Return what turns the numbers of the classes back into labels."""
    classes = np.unique(labels[np.concatenate([train, valid])])
    return {"classes": classes.tolist(), "outputs": len(classes)}


def make_targets(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple:
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number
    return train_targets, valid_targets, classes


def code(labels: np.ndarray, target: dict) -> np.ndarray:
    return np.searchsorted(target["classes"], labels)


def balanced(targets: np.ndarray) -> list[float]:
    # The fewer rows a class has, the more each of them counts; some classes may have none
    counts = np.bincount(targets)
    return (counts.sum() / np.count_nonzero(counts) / np.maximum(counts, 1)).tolist()


def code_test(labels: list, outputs: np.ndarray, target: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return the targets of the test rows, and the probabilities of their classes."""
    number = {name: i for i, name in enumerate(target["classes"])}
    # A class that is not in the training set has a probability of 0
    never = np.zeros((len(outputs), 1), outputs.dtype)
    coded = np.array([number.get(label, len(number)) for label in labels])
    return coded, np.hstack([outputs, never])
