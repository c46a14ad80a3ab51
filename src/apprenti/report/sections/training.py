"""How the model was trained: its settings, its curves, what it cost."""

import math
from collections.abc import Iterator, Sequence

from apprenti.components import curves, svg
from apprenti.components.blocks import Block, Chart, Facts, Folded, Table, Text
from apprenti.improve.settings_told import short, text
from apprenti.language import say
from apprenti.measures import ACCURACY
from apprenti.project import default
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, count, missing, model, told
from apprenti.run_settings import settings_of
from apprenti.runs import RunFacts

MOST_EPOCHS = 200
"""Rows of the table behind the curves."""


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield what was trained and how, and the curves where there are epochs."""
    facts = seen.facts
    if not facts:
        yield missing("run", "apprenti train")
        return
    yield Facts(list(of_run(seen, facts)))
    if len(seen.history) > 1:
        for name in ("loss", *([seen.measure.name] if seen.measure else [])):
            yield _curve(seen, name)
        if facts.kept_epoch:
            yield Text(told("training.kept", epoch=facts.kept_epoch, epochs=len(seen.history)))
    elif seen.history:
        yield Text(told("training.one_call"))
    yield from _settings(facts)


def of_run(seen: Seen, facts: RunFacts) -> Iterator[tuple[str, str]]:
    yield told("training.run"), facts.name
    yield told("training.model"), model(facts)
    yield told("training.status"), say(f"words.status_{facts.status.replace(' ', '_')}")
    if facts.parameters is not None:
        yield told("training.parameters"), count(facts.parameters)
    if "seconds" in facts.last:
        yield told("training.seconds"), say("words.shape.seconds", value=facts.last["seconds"])
    memory = seen.environment.get("peak_memory_mb")
    if isinstance(memory, int):
        yield told("training.memory"), say("train.board.size.memory", value=memory)


def _curve(seen: Seen, name: str) -> Chart:
    history = seen.history
    epochs = [row.get("epoch", float(place)) for place, row in enumerate(history, start=1)]
    ring = float(seen.facts.kept_epoch) if seen.facts and seen.facts.kept_epoch else None
    values = {part: [row.get(f"{part}_{name}", math.nan) for row in history] for part in PARTS}
    lines = [
        curves.Line(told("part.train"), _points(epochs, values["train"]), 1, 1),
        curves.Line(told("part.valid"), _points(epochs, values["valid"]), 0, 0, ring=ring),
    ]
    title = say(f"train.curves.{name}")
    up = say(f"words.{name}")
    drawn = curves.curves(
        f"curve-{name}",
        title,
        _description(seen, name, values["valid"]),
        lines,
        say("words.epoch"),
        up,
    )
    table = [
        (f"{epoch:g}", _value(name, train), _value(name, valid))
        for epoch, train, valid in zip(epochs, values["train"], values["valid"], strict=True)
    ]
    step = 1 + (len(table) - 1) // MOST_EPOCHS
    heads = columns("epoch", "train", "valid", numbers=("epoch", "train", "valid"))
    return Chart(svg.write(drawn), title, Table(title, heads, table[::step]), told("behind"))


PARTS = ("train", "valid")


def _points(epochs: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(epochs, values, strict=True))


def _description(seen: Seen, name: str, valid: Sequence[float]) -> str:
    known = [one for one in valid if math.isfinite(one)]
    if not known:
        return ""
    best = min(known) if name == "loss" else max(known)
    words = {"first": _value(name, known[0]), "last": _value(name, known[-1])}
    return told("training.say", **words, best=_value(name, best), epochs=len(seen.history))


def _value(name: str, value: float) -> str:
    if not math.isfinite(value):
        return NOTHING
    if name == ACCURACY:
        return say("words.shape.percent", value=100 * value)
    return say(f"words.shape.{'loss' if name == 'loss' else 'score'}", value=value)


def _settings(facts: RunFacts) -> Iterator[Block]:
    """Yield the settings that are not as they come, and all of them where somebody asks."""
    rows = [_row(name, value) for name, value in sorted(settings_of(facts).items())]
    heads = columns("setting", "value", "default")
    changed = [row for row in rows if row[1] != row[2]]
    if changed:
        yield Table(told("training.changed"), heads, changed)
    title = told("training.settings")
    yield Folded(title, [Table(title, heads, rows)])


def _row(name: str, value: object) -> tuple[str, str, str]:
    try:
        usual = default(name)
    except (KeyError, ValueError):
        usual = None
    return short_or_own(name), text(value) or NOTHING, text(usual) or NOTHING


def short_or_own(name: str) -> str:
    """Return the short name of a setting; that of somebody's own script as it is."""
    from apprenti.errors import ApprentiError

    try:
        return short(name)
    except ApprentiError:
        return name
