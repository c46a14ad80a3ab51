"""How much of a project the experiment of agreement learns from, so that it ends within a minute."""

import math
from typing import NamedTuple

from apprenti.data.source import Source
from apprenti.model.catalogue import Material
from apprenti.project import Choices, Project
from apprenti.train.plan import resolve

MOST_STEPS = 1000
"""The causes show after 300; further on the gaps grow slowly."""

MOST_ROWS = 10_000
MOST_FILES = 1000
"""Images that are files of their own take long to open."""

MOST_WORK = 3e11
"""Multiplications and additions, all ways to learn together: half a minute on two old cores."""

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
        valid_rows = valid_rows if source.valid_part else min(valid_rows, most)
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
    model = choices.model
    inputs = model.vocabulary if material.texts else math.prod(source.shape)
    hidden = model.hidden_units if model.kind == "mlp" else ()
    widths = [inputs, *hidden, max(1, source.classes)]
    weights = sum(a * b for a, b in zip(widths, widths[1:], strict=False))
    # Forwards, backwards for the weights and for the inputs: two for each weight and row
    return 6 * weights * choices.train.batch_size
