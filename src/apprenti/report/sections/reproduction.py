"""How to get the same numbers again: versions, hashes, commands, and the program itself."""

from collections.abc import Iterator
from typing import Any

from apprenti.components.blocks import Block, Code, Facts, Heading, Notice, Table, Text, Tone
from apprenti.language import say
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, missing, number, told
from apprenti.run_files import read_text
from apprenti.runs import ESSENTIAL, SCRIPT, Run
from apprenti.track import reproduce
from apprenti.track.reproduce import DIFFERENT

MOST_LINES = 400


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield what the run was made with, how it is run again, and its short script."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    yield _reproduced(seen, seen.run)
    folder = told("reproduction.folder")
    commands = [seen.command("eject", folder), f"cd {folder}", f"python {SCRIPT}"]
    yield Notice("info", told("tone.info"), told("reproduction.how"), "", commands)
    yield from _versions(seen.environment)
    yield Heading(told("reproduction.script"))
    essential = read_text(seen.run.folder / ESSENTIAL)
    script = essential or read_text(seen.run.script) or ""
    lines = script.splitlines()
    name = ESSENTIAL if essential else SCRIPT
    yield Text(told(f"reproduction.{'essential' if essential else 'whole'}", lines=len(lines)))
    yield Code("\n".join(lines[:MOST_LINES]), name)
    if len(lines) > MOST_LINES:
        yield Text(told("reproduction.cut", lines=MOST_LINES, of=len(lines)))


def _reproduced(seen: Seen, run: Run) -> Notice:
    """Say what came of it the last time that the run was run again."""
    found = reproduce.read(run)
    if found is None:
        return missing("reproduced", seen.command("reproduce"))
    if not found.is_current:
        return missing("reproduced_before", seen.command("reproduce"), at=found.at)
    epoch = "_from" if found.first_epoch is not None and found.outcome == DIFFERENT else ""
    outcome = say(f"track.reproduce.shown_{found.outcome}{epoch}", epoch=found.first_epoch)
    text = say("track.reproduce.shown", at=found.at, outcome=outcome)
    tone: Tone = "warning" if found.outcome == DIFFERENT else "good"
    return Notice(tone, told("tone.reproduced"), text)


def _written(value: object) -> str:
    return number(float(value)) if isinstance(value, int | float) else str(value or NOTHING)


def _versions(environment: dict[str, Any]) -> Iterator[Block]:
    versions = environment.get("versions", {})
    if versions:
        heads = columns("package", "version")
        yield Table(told("reproduction.versions"), heads, sorted(versions.items()))
    machine = environment.get("machine")
    if isinstance(machine, dict):
        told_of = [("system", "architecture"), ("cores",), ("memory_gb",)]
        pairs = [
            (told(f"reproduction.{names[0]}"), " ".join(_written(machine.get(n)) for n in names))
            for names in told_of
        ]
        threads = environment.get("threads")
        yield Facts([*pairs, (told("reproduction.threads"), str(threads))])
    hashes = environment.get("hashes", {})
    rows = [(name, value) for name, value in hashes.items() if isinstance(value, str)]
    rows += list(hashes.get("data", {}).items())
    rows += list(environment.get("results", {}).items())
    if rows:
        yield Table(told("reproduction.hashes"), columns("file", "sha256"), rows)
