"""Who opened the test set, when and for which run; and what that record cannot show."""

from collections.abc import Iterator, Mapping

from apprenti.components.blocks import Block, Facts, Table, Text
from apprenti.evaluate.measured import Measured
from apprenti.language import say
from apprenti.ledger import FILE, MEASURED, Opening
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, missing, notice, number, told

MOST_SHOWN = 200


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the openings, the hash of the last line, and what is wrong with the file."""
    found = seen.ledger
    for trouble in found.troubles:
        yield notice("problem", trouble.told())
    if not found.lines:
        yield missing("ledger", seen.command("evaluate"))
        return
    rows = [
        (
            f"{one.number}",
            told("at", at=one.at),
            one.by or NOTHING,
            one.run,
            _outcome(one),
            _changed(one.changed),
        )
        for one in found.lines[-MOST_SHOWN:]
    ]
    title = say("ledger.title", count=len(found.lines), file=FILE)
    yield Table(title, columns("opening", "when", "by", "run_name", "outcome_of", "changed"), rows)
    if before := len(found.lines) - len(rows):
        yield Text(told("ledger.before", count=before, file=FILE))
    yield Facts([(told("ledger.head"), found.head or NOTHING)])
    yield Text(told("ledger.chain"))
    if not found.troubles:
        yield notice("good", told("ledger.sound"))


def _outcome(one: Opening) -> str:
    if one.outcome != MEASURED:
        return say(f"ledger.outcome_{one.outcome}")
    written = [_measure(name, value) for name, value in one.measures.items() if value is not None]
    return ", ".join(written[:2]) or NOTHING


def _measure(name: str, value: float) -> str:
    one = Measured(name, "", value, None, None, "")
    try:
        return f"{one.title} {one.written(value)}"
    except KeyError:
        return f"{name} {number(value)}"


def _changed(changed: Mapping[str, object]) -> str:
    """Say what changed in the project since the opening before."""
    told_of = []
    if made := changed.get("runs_made"):
        told_of.append(say("ledger.runs", count=made))
    if isinstance(names := changed.get("settings"), Mapping) and names:
        told_of.append(say("ledger.settings", names=", ".join(names)))
    if isinstance(files := changed.get("data"), list) and files:
        told_of.append(say("ledger.data", names=", ".join(map(str, files))))
    return " · ".join(told_of) or say("ledger.nothing")
