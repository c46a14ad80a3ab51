"""The models side by side, and whether the chosen one beats the simple ones."""

import math
from collections.abc import Iterator, Mapping, Sequence

from apprenti.components import intervals, svg
from apprenti.components.blocks import Block, Chart, Heading, Table, Text
from apprenti.evaluate.leaderboard import Board, Entry
from apprenti.evaluate.verdict import Verdict, verdicts
from apprenti.language import say
from apprenti.measures import Measure, measure_named
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, count, interval, missing, model, scored, told
from apprenti.runs import RunFacts

MARK = "†"
"""Behind a run whose choice may rest on test rows."""

LOOKS = {
    "best": ("s3", "circle"),
    "level": ("s1", "hollow circle"),
    "behind": ("s5", "square"),
    "doubtful": ("s5", "hollow square"),
}


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the leaderboard of the comparable runs, and the paired differences."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    board = seen.board
    if board is None:
        yield missing("board")
        return
    yield Text(told("models.how", rows=board.rows))
    yield _chart(seen, board)
    if any(seen.ledger.selected(run) for run in board.runs):
        yield Text(say("ledger.marked", mark=MARK))
    if board.best and len(board.entries) > 1:
        yield Text(say("train.board.flattered"), is_quiet=True)
    yield Heading(told("models.baselines"))
    yield from _against(seen)
    if len(seen.compared) - len(seen.baselines) < 2:
        yield missing("models", "apprenti compare --all")


def _chart(seen: Seen, board: Board) -> Chart:
    facts = {one.name: one for one in seen.every}
    scored_ones = [one for one in board.entries if one.score is not None]
    dots = [_dot(seen, one, facts, board.measure.scale) for one in _near(scored_ones)]
    title = say("train.board.picture", rows=board.rows)
    axis = say(f"train.board.axis.{board.measure.name}")
    drawn = intervals.intervals("models", title, _description(seen, board, facts), dots, axis)
    return Chart(svg.write(drawn), title, _table(seen, board, facts), told("behind"))


def _dot(seen: Seen, one: Entry, facts: dict[str, RunFacts], scale: float) -> intervals.Dot:
    low, high = (None if end is None else scale * end for end in (one.low, one.high))
    name = _called(one, facts) + _marked(seen, facts[one.run])
    look = intervals.Look(*LOOKS[one.standing], say(f"train.board.dot.{one.standing}"))
    return intervals.Dot(name, scale * (one.score or 0.0), low, high, look)


def _near(scored_ones: list[Entry]) -> list[Entry]:
    """Leave out of the drawing what is so far off that the others would merge."""
    lowest = [end for one in scored_ones[:-1] for end in (one.score, one.low) if end is not None]
    if len(scored_ones) < 4 or not lowest:
        return scored_ones
    highest = max(one.score or 0.0 for one in scored_ones)
    edge = min(lowest) - 2 * (highest - min(lowest))
    return [one for one in scored_ones if (one.score or 0.0) >= edge]


def _called(one: Entry, facts: Mapping[str, RunFacts]) -> str:
    return f"{one.short}  {model(facts[one.run])}"


def _marked(seen: Seen, one: RunFacts) -> str:
    return f" {MARK}" if seen.ledger.selected(one) else ""


def _description(seen: Seen, board: Board, facts: dict[str, RunFacts]) -> str:
    best = board.entries[0]
    words = {"model": _called(best, facts), "score": scored(board.measure, best.score)}
    return told("models.say", **words, models=len(board.entries))


def _table(seen: Seen, board: Board, facts: dict[str, RunFacts]) -> Table:
    measure = board.measure
    rows = [
        (
            one.short + _marked(seen, facts[one.run]),
            model(facts[one.run]),
            scored(measure, one.score),
            interval(measure, one.low, one.high),
            _standing(one),
            say("words.shape.seconds", value=one.seconds),
            NOTHING if one.parameters is None else count(one.parameters),
        )
        for one in board.entries
    ]
    numbers = ("score", "interval", "seconds", "parameters")
    names = ("run", "model", "score", "interval", "standing", "seconds", "parameters")
    marked = [
        place for place, one in enumerate(board.entries) if seen.run and one.run == seen.run.name
    ]
    return Table(told("models.table"), columns(*names, numbers=numbers), rows, marked)


def _standing(one: Entry) -> str:
    if one.standing == "lost":
        return say(f"words.status_{one.status.replace(' ', '_')}")
    return say(f"train.board.dot.{one.standing}")


def _against(seen: Seen) -> Iterator[Block]:
    assert seen.run  # noqa: S101
    if seen.run.model in ("trivial", "linear") and not seen.baselines:
        yield missing("baselines_of_baseline", "apprenti compare --all")
        return
    if not seen.baselines:
        yield missing("baselines", "apprenti compare")
        return
    found = [one for one in verdicts([seen.run, *seen.baselines]) if one.run == seen.run.name]
    if not found:
        yield missing("baselines", "apprenti compare")
        return
    yield Text(told("models.paired", rows=found[0].rows))
    yield verdicts_table(found, {one.name: one for one in seen.every})


def verdicts_table(found: Sequence[Verdict], facts: Mapping[str, RunFacts]) -> Table:
    """Return how a model stands against each of some baselines."""
    rows = [
        (model(facts[one.other]), _gain(one), _bounds(one), told(f"outcome.{one.outcome}"))
        for one in found
    ]
    heads = columns("baseline", "gain", "interval", "outcome", numbers=("gain", "interval"))
    return Table(told("models.against"), heads, rows)


def _gain(one: Verdict) -> str:
    return change(measure_named(one.measure), one.difference)


def _bounds(one: Verdict) -> str:
    measure = measure_named(one.measure)
    ends = [change(measure, end) if math.isfinite(end) else NOTHING for end in (one.low, one.high)]
    return told("between", low=ends[0], high=ends[1])


def change(measure: Measure, value: float) -> str:
    """Return a change of a measure, in the unit in which it is written, with its sign."""
    return told(f"change.{measure.shape}", value=round(value, 4) + 0.0)
