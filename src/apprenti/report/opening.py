"""The beginning of the report: what it comes to, what makes it doubtful, and what is missing."""

import contextlib
from collections.abc import Iterator, Sequence

from apprenti.components.blocks import Block, Facts, Notice, Section, Text
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.measures import VALID, Measure
from apprenti.report.seen import Seen
from apprenti.report.written import between, count, interval, model, notice, scored, told


def blocks(seen: Seen, sections: Sequence[Section]) -> Iterator[Block]:
    """Yield the result, the doubts, and the sections that lack something."""
    if seen.facts is None:
        yield notice("missing", told("missing.run"), commands=["apprenti train"])
    else:
        yield Facts(list(_result(seen)))
    if seen.run and seen.ledger.selected(seen.run):
        yield notice("warning", say("ledger.why_selected"))
    for one in seen.findings or ():
        if one.is_serious:
            named = {"code": one.code, "name": say(f"findings.{one.code}.name")}
            text = told("opening.serious", **named, subject=one.subject)
            yield notice("problem", text[:1].upper() + text[1:])
    names = [one.title for one in sections if lacks(one.blocks)]
    if names:
        yield Text(told("opening.missing", names=", ".join(names)))


def lacks(inside: Sequence[Block]) -> bool:
    """Say whether something of a section is not there yet."""
    return any(isinstance(one, Notice) and one.tone == "missing" for one in inside)


def _result(seen: Seen) -> Iterator[tuple[str, str]]:
    facts, measure = seen.facts, seen.measure
    assert facts  # noqa: S101
    yield told("opening.model"), model(facts)
    yield told("opening.run"), facts.name
    if seen.project.choices.data.target:
        yield told("opening.target"), seen.project.choices.data.target
    yield from _on_test(seen)
    if measure is None:
        return
    named = say(f"words.{measure.name}")
    yield (
        told("opening.valid", measure=named),
        scored(measure, facts.kept[f"{VALID}{measure.name}"]),
    )
    yield from _interval(seen, measure)


def _on_test(seen: Seen) -> Iterator[tuple[str, str]]:
    """Yield the figure of the test set, where it was opened for this run."""
    try:
        found = seen.test
    except ApprentiError:
        return
    if found and found.main:
        main = found.main
        yield told("opening.test", measure=main.title), main.written(main.value)
        if main.low is not None and main.high is not None:
            ends = between(main.written(main.low), main.written(main.high))
            yield told("opening.interval_test"), ends
        yield told("opening.openings"), count(len(seen.ledger.lines))


def _interval(seen: Seen, measure: Measure) -> Iterator[tuple[str, str]]:
    """Yield the interval of the validation figure, where the predictions can be read."""
    with contextlib.suppress(ApprentiError):
        for one in seen.board.entries if seen.board else ():
            if seen.run and one.run == seen.run.name and (one.low, one.high) != (None, None):
                yield told("opening.interval"), interval(measure, one.low, one.high)
