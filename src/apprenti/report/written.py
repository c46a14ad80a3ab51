"""Numbers, moments and commands as the report writes them, in the language of the moment."""

import math
from collections.abc import Sequence

from apprenti.components.blocks import Column, Notice, Tone
from apprenti.evaluate.measured import amount
from apprenti.language import say
from apprenti.measures import Measure
from apprenti.model.catalogue import words_for
from apprenti.runs import RunFacts

NOTHING = "–"
"""Where there is no figure."""


def told(key: str, /, **values: object) -> str:
    """Return a text of report.toml."""
    return say(f"report.{key}", **values)


def count(value: int) -> str:
    return say("words.shape.count", value=value)


def number(value: float | None) -> str:
    """Return a number with as many digits as can matter."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return amount(value)


def share(value: float | None) -> str:
    """Return a share of 1 in percent."""
    return NOTHING if value is None else told("share", value=100 * value)


def scored(measure: Measure, value: float | None) -> str:
    return measure.written(value) if value is not None and math.isfinite(value) else NOTHING


def between(low: str, high: str) -> str:
    """Return an interval; an end that no rows set is left open."""
    return told("between", low=low, high=high)


def interval(measure: Measure, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return NOTHING
    return between(scored(measure, low), scored(measure, high))


def model(facts: RunFacts) -> str:
    """Return what a model is called, and its framework."""
    name = words_for(facts.model, facts.task)
    return told("model", model=name, framework=say(f"words.framework_{facts.framework}"))


def columns(*names: str, numbers: Sequence[str] = ()) -> list[Column]:
    """Return the heads of the columns of a table; those that hold numbers stand at the right."""
    return [Column(told(f"column.{name}"), name in numbers) for name in names]


def missing(key: str, *commands: str, **values: object) -> Notice:
    """Say what is not there yet, and by which commands it comes to be."""
    return notice("missing", told(f"missing.{key}", **values), commands=commands)


def notice(tone: Tone, text: str, todo: str = "", commands: Sequence[str] = ()) -> Notice:
    return Notice(tone, told(f"tone.{tone}"), text, todo, tuple(commands))
