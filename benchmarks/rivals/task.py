"""The task, the same for every rival: these rows, so many epochs, so many threads.

784 inputs, 128 neurons, 10 classes; batches of 32 rows, Adam at 0.001.
"""

import argparse
import json
from typing import NamedTuple

import numpy as np

HIDDEN, CLASSES, BATCH, RATE = 128, 10, 32, 0.001


class Task(NamedTuple):
    """The images are bytes of shape (rows, 28, 28); 0 threads: as many as the library likes."""

    train_images: np.ndarray
    train_labels: np.ndarray
    valid_images: np.ndarray
    valid_labels: np.ndarray
    epochs: int
    threads: int


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", help="an .npz file written by ours.write_rows")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    return parser


def read_task(given: argparse.Namespace | None = None) -> Task:
    given = given or arguments().parse_args()
    with np.load(given.rows, allow_pickle=False) as rows:
        arrays = [rows[name] for name in Task._fields[:4]]
    return Task(*arrays, given.epochs, given.threads)


def flat(images: np.ndarray) -> np.ndarray:
    """Return the images as rows of 784 numbers from 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255


def report(task: Task, seconds: float, scores: np.ndarray, **more: object) -> None:
    """Print the training time, and the accuracy on the validation rows: it must have learned."""
    accuracy = (np.asarray(scores).argmax(axis=1) == task.valid_labels).mean()
    print()
    print(json.dumps({"seconds": seconds, "valid_accuracy": float(accuracy), **more}))
