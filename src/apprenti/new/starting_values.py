"""With which values a new project begins, where its data ask for others than the defaults."""

from typing import Literal, NamedTuple

from apprenti.data.source import Source
from apprenti.project import ModelSettings, TrainSettings

MNIST_VALID = 10_000
"""Of the 60,000 images of MNIST's training files, as many check as there are in the test."""

SMALL_STEPS = 400
"""So many updates a network gets at least, where few rows make few of them an epoch."""

FEW_TEXTS = 5000
"""With fewer texts a network learns them by heart; a linear model on TF-IDF generalises better."""

WORDS_BESIDE = 500
"""So many words are known where texts stand beside other columns: with 5,000 a network learned as
much less (78 % for 80 %) as a forest learned more, and boosting took ten times as long."""

SMALLEST_IMAGE = 4
"""Points of a side, of which a convolutional network that halves it twice leaves one."""


class Model(NamedTuple):
    """The model with which a project begins, and why."""

    kind: str
    framework: str
    reason: Literal["images", "few_texts", "others"]


def model(source: Source) -> Model:
    """Return a CNN for images, a linear model for few texts, and the default for all others."""
    texts = bool(source.table and source.table.columns.text)
    if texts and source.rows < FEW_TEXTS:
        # Solved to its end, not epoch by epoch
        return Model("linear", "sklearn", "few_texts")
    if len(source.shape) in (2, 3) and min(source.shape[:2]) >= SMALLEST_IMAGE:
        return Model("cnn", TrainSettings().framework, "images")
    return Model(ModelSettings().kind, TrainSettings().framework, "others")


def vocabulary(source: Source) -> int:
    """Return how many words are known, of texts alone or of those beside other columns."""
    beside = source.table and source.table.columns.texts
    return WORDS_BESIDE if beside else ModelSettings().vocabulary


STEPS_OF_PIXELS = 1_500
"""And so many where it learns from the pixels of small images: on the 1,797 digits, 20 epochs give
an accuracy of 95 %, less than logistic regression has, and 50 give 97 %, as much."""


def epochs(source: Source) -> int:
    """Return five epochs, or more where the rows are few; a round number."""
    steps = max(1, source.rows * 7 // 10 // 32)
    # An epoch of images that are files, which are larger, takes its time
    of_pixels = len(source.shape) > 1 and not source.contents
    wanted = STEPS_OF_PIXELS if of_pixels else SMALL_STEPS
    for number in (5, 10, 20, 50):
        if number * steps >= wanted:
            return number
    return 100


def split(source: Source) -> dict[str, float]:
    """Return the share, or the number, of the rows of each part, and the seed of the split."""
    if source.valid_part:
        return {"seed": 0} if source.has_test_part else {"test": 0.15, "seed": 0}
    if source.has_test_part:
        return {"valid": MNIST_VALID if source.rows >= 6 * MNIST_VALID else 0.15, "seed": 0}
    return {"train": 0.70, "valid": 0.15, "test": 0.15, "seed": 0}
