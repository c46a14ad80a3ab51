"""Target: a class. The model gives each class a probability, and the highest wins."""

import numpy as np


def code_labels(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple[dict, list]:
    """Return what turns the numbers of the classes back into labels, and those of both sets."""
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    return target, targets


def make_targets(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple:
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    train_targets, valid_targets = np.split(numbers, [len(train)])  # Each class is a number
    return train_targets, valid_targets, classes


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
