"""Every model that suits the data: networks in each framework that is there, the others once.

Those that would take too long are left out, and said so.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from apprenti import optional
from apprenti.data.source import Source
from apprenti.data.split.parts import counts
from apprenti.errors import ApprentiError
from apprenti.model import catalogue
from apprenti.model.catalogue import NETWORKS, OF_IMAGES, OF_TEXTS, OFFERED
from apprenti.project import Choices, Project
from apprenti.train.comparison import variant
from apprenti.train.plan import Plan, plan

PATIENCE = 120.0
"""Seconds that a model may be expected to take; what takes longer is trained by itself."""

FIRST = ("trivial", "linear")
"""The models that each of the others must beat come first: nothing is too slow to be judged."""

SOLVED = tuple(model for model in OFFERED["sklearn"] if model != "mlp")
"""What scikit-learn trains to its end in one call; of a network it has one of three versions."""

START = {"sklearn": 2.0, "pytorch": 4.0, "tensorflow": 10.0}
"""Seconds of a processor until a script of each framework has begun to train."""


class LeftOut(NamedTuple):
    """A model that suits the data and is not trained, and why."""

    model: str
    framework: str
    reason: Literal["slow", "missing", "refused"]
    seconds: float = 0.0
    """What it is expected to take."""
    why: str = ""
    """What refused it."""


class Candidates(NamedTuple):
    """The models that are trained, each as the project would be with it, and those that are not."""

    projects: Sequence[Project]
    plans: Sequence[Plan]
    left_out: Sequence[LeftOut]


def candidates(project: Project, source: Source) -> Candidates:
    """Return the project as each model that suits its data sees it."""
    taken: list[Project] = []
    plans: list[Plan] = []
    left_out: list[LeftOut] = []
    for framework, model in _pairs(project, source):
        seen = variant(project, framework, model)
        found = _look(seen, source, plans[0] if plans else None)
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            taken.append(seen)
            plans.append(found)
    return Candidates(taken, plans, left_out)


def suitable(source: Source) -> list[str]:
    """Return the kinds of models that can learn from these data, the simple ones first."""
    texts = bool(source.table and source.table.columns.text)
    images = len(source.shape) in (2, 3)
    apart = {**dict.fromkeys(OF_IMAGES, images), **dict.fromkeys(OF_TEXTS, texts)}
    fitting = [model for model in catalogue.MODELS if apart.get(model, True)]
    return sorted(fitting, key=lambda model: model not in FIRST)


def _pairs(project: Project, source: Source) -> Iterator[tuple[str, str]]:
    """Yield each model with each framework in which it is trained; its own comes first."""
    own = project.choices.train.framework
    networks = sorted(NETWORKS, key=lambda name: name != own)
    there = [name for name in networks if optional.version(name)]
    for model in suitable(source):
        if model in OFFERED["sklearn"] and (model in SOLVED or not there):
            yield "sklearn", model
        else:
            # Where none is installed, the first is said to be missing
            yield from ((name, model) for name in there or networks[:1])


def _look(project: Project, source: Source, first: Plan | None) -> Plan | LeftOut:
    """Return the plan of a model, or why it is left out; without the first there is no other."""
    model, framework = project.choices.model.kind, project.choices.train.framework
    if optional.version(framework) is None:
        return LeftOut(model, framework, "missing")
    seconds = expected_seconds(source, project.choices)
    if seconds > PATIENCE and first:
        return LeftOut(model, framework, "slow", seconds)
    try:
        return plan(project, source=source, shares=first.shares if first else None)
    except ApprentiError as error:
        if first is None:
            raise
        return LeftOut(model, framework, "refused", why=error.parts()[0])


def cost(planned: Plan) -> float:
    """Return about how many seconds the whole script takes on one core."""
    seconds = expected_seconds(planned.source, planned.choices)
    return START[planned.choices.train.framework] + seconds


def expected_seconds(source: Source, choices: Choices) -> float:
    """Return about how long a model takes on one core, from what its time grows with.

    Measured on a usual machine of 2026 (a factor of two either way); the start is not counted.
    """
    model, settings = choices.model, choices.train
    whole = (source.rows, source.has_test_part, source.valid_part, source.split)
    parts = counts(choices.data.split, *whole)
    rows, checked = float(max(1, parts["train"])), parts["valid"]
    columns = _width(source, model.vocabulary)
    outputs = source.classes if source.classes > 2 else 1
    sorting, sweep = math.log2(rows + 1), settings.epochs * rows
    tried = math.sqrt(columns) if source.classes else columns
    hidden = sum(model.hidden_units) or 1
    points = math.prod(source.shape[:2])
    units = {
        "trivial": 0.0,
        "linear": 2e-9 * rows * columns * outputs * (settings.iterations if source.classes else 3),
        "tree": 6e-8 * rows * columns * min(sorting, model.max_depth),
        "forest": 4e-8 * model.n_estimators * rows * tried * sorting,
        "extra_trees": 1.5e-8 * model.n_estimators * rows * tried * sorting,
        "boosting": 4e-9 * model.n_estimators * rows * columns * outputs,
        "stochastic_boosting": 1e-7 * model.n_estimators * rows * columns * outputs,
        "svm": 2e-9 * rows * rows * columns * (6 if source.classes else 1),
        "knn": 1e-9 * rows * checked * columns,
        "mlp": sweep * (1e-5 + 1e-9 * (columns + hidden) * hidden),
        "cnn": sweep * points * 1e-9 * _filters(model.filters, 1),
        "resnet": sweep * points * 1e-9 * _filters(model.filters, model.residual_blocks),
        "gru": sweep * model.max_tokens * 2e-8 * (model.embedding_size + hidden),
        "conv1d": sweep * model.max_tokens * 5e-9 * (model.embedding_size + hidden),
    }
    return float(units[model.kind])


def _width(source: Source, vocabulary: int) -> float:
    """Return about how many numbers a row is, once it is prepared."""
    columns = source.table.columns if source.table else None
    if columns and columns.text:
        return vocabulary
    # Each category of a column is one, and each word of a text
    width = math.prod(source.shape) * (3 if columns and not source.contents else 1)
    return width + (len(columns.texts) * vocabulary if columns else 0)


def _filters(filters: Sequence[int], blocks: int) -> float:
    """Return what the layers of a convolutional network cost at each point of an image."""
    return 5e2 + float(
        sum(9 * one * filters[max(0, at - 1)] * blocks / 4**at for at, one in enumerate(filters))
    )
