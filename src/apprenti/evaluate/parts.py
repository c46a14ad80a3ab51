"""The parts of the data that a run is judged on: what it left of each, in which files."""

from typing import NamedTuple


class Part(NamedTuple):
    """Rows that a model has not learned from; paths are relative to the folder of a run."""

    name: str
    """valid or test: what stands before the name of a measure."""
    predictions: str
    """What the run says of each row."""
    probabilities: str
    """Of many classes, their probabilities alone."""
    before: str
    """What the names of the pictures of this part begin with."""


VALIDATION = Part("valid", "predictions.csv", "predictions.npz", "")

TEST = Part("test", "test_predictions.csv", "test_predictions.npz", "test_")
"""These are there once the run's evaluate.py has been executed."""
