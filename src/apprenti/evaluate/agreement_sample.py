"""How much of a project the experiment of agreement takes, so that it ends within a minute."""

import math
from itertools import pairwise
from typing import NamedTuple

from apprenti.data.source import Source
from apprenti.model.catalogue import OF_IMAGES, OF_TEXTS, Material
from apprenti.project import Choices, ModelSettings, Project
from apprenti.train.plan import resolve

MOST_STEPS = 1000
"""The causes show after 300; further on the gaps grow slowly."""

MOST_ROWS = 10_000
MOST_FILES = 1000
"""Images that are files of their own take long to open."""

MOST_WORK = 3e11
"""Multiplications and additions, all ways to learn together: half a minute on two old cores."""

LOOKS = 40
"""So often the validation rows are predicted: in each way, at each stop."""

FEW_ROWS = 100
"""Validation rows that are looked at in any case, where there are as many."""

SLOW_GRU = 10
"""One word after the other is that much slower than all at once."""

WAYS = 12
"""Of each step: in three to five ways, in two frameworks, half of them with numbers twice as wide.
"""


class Extent(NamedTuple):
    """What is learned from, and what the project has: training rows, and steps."""

    rows: int
    all_rows: int
    steps: int
    all_steps: int
    valid_rows: int

    @property
    def partial(self) -> bool:
        return (self.rows, self.steps) != (self.all_rows, self.all_steps)


def limit(project: Project, source: Source, whole: bool = False) -> tuple[Project, Extent]:
    """Return the project with as many rows and epochs as a minute allows, or `whole`, and how many.

    The rows are drawn as the project draws its training rows: fewer of the same.
    """
    choices, material = resolve(project.choices, source, whole=True)
    split, epochs, batch = choices.data.split, choices.train.epochs, choices.train.batch_size
    all_rows, valid_rows = int(split.train or 0), int(split.valid)
    rows = all_rows
    if not whole:
        most = MOST_FILES if material.of_files else MOST_ROWS
        steps = min(MOST_STEPS, max(1, int(MOST_WORK / (WAYS * _work(choices, source, material)))))
        rows = min(all_rows, most, steps * batch)
        epochs = min(epochs, max(1, steps // math.ceil(rows / batch)))
        if not source.valid_part:
            seen = int(MOST_WORK / (LOOKS * 2 * _products(choices.model, source, material)))
            valid_rows = min(valid_rows, most, max(FEW_ROWS, seen))
    limited = choices.model_copy(
        update={
            "data": choices.data.model_copy(
                update={"split": split.model_copy(update={"train": rows, "valid": valid_rows})}
            ),
            "train": choices.train.model_copy(update={"epochs": epochs}),
        }
    )
    taken, all_steps = math.ceil(rows / batch) * epochs, math.ceil(all_rows / batch)
    extent = Extent(rows, all_rows, taken, all_steps * choices.train.epochs, valid_rows)
    return project._replace(choices=limited), extent


def _work(choices: Choices, source: Source, material: Material) -> float:
    """Return about how many multiplications and additions a step takes."""
    # The optimizer passes over each weight of a wide layer about as often as fifty rows do
    rows = choices.train.batch_size + (50 if choices.model.kind in ("linear", "mlp") else 0)
    # Forwards, backwards for the weights and for the inputs: two for each weight and place
    return 6 * _products(choices.model, source, material) * rows


def _products(model: ModelSettings, source: Source, material: Material) -> float:
    """Return how many products of a weight and a number a model computes for one row."""
    outputs = max(1, source.classes)
    if model.kind in OF_TEXTS:
        widths = [model.embedding_size, *model.hidden_units]
        places = 3 if model.kind == "conv1d" else 6 * SLOW_GRU
        return model.max_tokens * places * sum(a * b for a, b in pairwise(widths))
    if model.kind in OF_IMAGES:
        return _convolutions(model, source.shape, outputs)
    words = model.vocabulary if material.texts or material.texts_beside else 0
    inputs = words + (0 if material.texts else math.prod(source.shape))
    hidden = model.hidden_units if model.kind == "mlp" else ()
    return sum(a * b for a, b in pairwise([inputs, *hidden, outputs]))


def _convolutions(model: ModelSettings, shape: tuple[int, ...], outputs: int) -> float:
    height, width, channels = (*shape, 1)[:3]
    patch, found = (25 if model.kind == "cnn" else 9), 0.0
    for filters in model.filters:
        found += height * width * patch * channels * filters
        height, width, channels = math.ceil(height / 2), math.ceil(width / 2), filters
        if model.kind == "resnet":
            found += model.residual_blocks * 2 * height * width * patch * filters**2
    hidden = model.hidden_units if model.kind == "cnn" else ()
    flat = channels * (height * width if model.kind == "cnn" else 1)
    return found + sum(a * b for a, b in pairwise([flat, *hidden, outputs]))
