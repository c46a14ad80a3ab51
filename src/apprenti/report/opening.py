"""The beginning of the report: what it comes to, what makes it doubtful, and what is missing."""

from collections.abc import Iterator, Sequence

from apprenti.components.blocks import Block, Facts, Notice, Section, Text
from apprenti.language import say
from apprenti.measures import VALID
from apprenti.report.seen import Seen
from apprenti.report.written import interval, model, notice, scored, told


def blocks(seen: Seen, sections: Sequence[Section]) -> Iterator[Block]:
    """Yield the result, the doubts, and the sections that lack something."""
    if seen.facts is None:
        yield notice("missing", told("missing.run"), commands=["apprenti train"])
    else:
        yield Facts(list(_result(seen)))
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
    if measure is None:
        return
    named = say(f"words.{measure.name}")
    yield (
        told("opening.valid", measure=named),
        scored(measure, facts.kept[f"{VALID}{measure.name}"]),
    )
    for one in seen.board.entries if seen.board else ():
        if one.run == facts.name and (one.low, one.high) != (None, None):
            yield told("opening.interval"), interval(measure, one.low, one.high)
