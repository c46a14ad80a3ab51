"""What `apprenti doctor` shows: one line a topic, the troubles with their cures, explanations."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from apprenti.cli.show import console, hanging, tell
from apprenti.doctor.examination import GRADES, Examination
from apprenti.doctor.lines import lines
from apprenti.doctor.words import explain, name_of, step_named
from apprenti.doctor.words import tell as tell_of
from apprenti.findings import Told
from apprenti.install.facts import AS_OF
from apprenti.install.installed import DISTRIBUTIONS, version_of
from apprenti.language import say
from apprenti.machine.machine import Machine

if TYPE_CHECKING:
    from rich.console import Console

MARKS = {"ok": "✓", "note": "·", "warn": "!", "fail": "✗", "absent": "○", "unknown": "?"}
STYLES = {"ok": "green", "note": "cyan", "warn": "yellow", "fail": "bold red"}


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, str, str], None]]:
    """Say on a terminal which framework is tried, and how far it is; elsewhere nothing."""
    out = console(stderr=True)
    with out.status("") if out.is_terminal else contextlib.nullcontext() as status:

        def hear(framework: str, step: str, device: str) -> None:
            words = step_named(step, device)
            if status:
                status.update(say("doctor.trying", framework=name_of(framework), step=words))

        yield hear


def examination(out: "Console", found: Examination, *, verbose: bool, quick: bool) -> None:
    """Print the list, then each trouble that is more than a note, then the count."""
    tell(out, say("doctor.title", date=AS_OF), style="bold")
    for topic, line in lines(found).items():
        state = found.state(topic)
        mark = MARKS[state]
        width = max(len(say(f"doctor.topic.{each}")) for each in lines(found))
        name = say(f"doctor.topic.{topic}").ljust(width)
        hanging(out, f"{mark} {name}  ", line, STYLES.get(state))
    for trouble in found.troubles:
        short = trouble.severity == "note" and not verbose
        out.print()
        _told(out, tell_of(trouble, found.machine), GRADES[trouble.severity], short=short)
    out.print()
    nothing = not any(version_of(found.machine, framework) for framework in DISTRIBUTIONS)
    if nothing and not found.failed:
        tell(out, say("doctor.no_framework"))
    elif quick and not nothing:
        tell(out, say("doctor.not_trained"))
    if verbose:
        _verbose(out, found)
    tell(out, conclusion(found), style="bold")


def conclusion(found: Examination) -> str:
    """Say that nothing was found, or how much."""
    if not found.troubles:
        return say("doctor.nothing_found")
    counts = [(grade, found.count(severity)) for severity, grade in GRADES.items()]
    counted = [say(f"doctor.counted.{name}", count=count) for name, count in counts if count]
    told = ", ".join(counted)
    if found.count("error") or found.count("warning"):
        return told[0].upper() + told[1:]
    return f"{say('doctor.only_notes')} {told[0].upper()}{told[1:]}"


def explanation(out: "Console", found: Sequence[str], machine: Machine) -> None:
    """Print what the first failure is, and the titles of those that the text shows besides."""
    _told(out, explain(found[0], machine), "", short=False)
    if len(found) > 1:
        out.print()
        tell(out, say("doctor.also"))
        for failure in found[1:]:
            title = explain(failure, machine).name
            tell(out, f"  {say('doctor.known_as', id=failure, title=title)}")
    out.print()
    facts = {"system": machine.system, "architecture": machine.architecture, "date": AS_OF}
    tell(out, say("doctor.about", python=machine.python.version, **facts), style="dim")


def _told(out: "Console", told: Told, grade: str, *, short: bool) -> None:
    mark = f"{MARKS[grade]} " if grade else ""
    words = say("doctor.known_as", id=told.code, title=told.name)
    tell(out, f"{mark}{words}", style=STYLES.get(grade, "bold"))
    parts = [("seen_label", told.what)]
    if not short:
        parts += [("cause_label", told.why), ("cure_label", told.todo)]
    for label, part in parts:
        if part:
            hanging(out, f"  {say(f'doctor.{label}')} ", part)
    if not short:
        _commands(out, told.commands)
        if told.undo:
            tell(out, f"  {say('doctor.undo_label')}")
            _commands(out, told.undo)


def _commands(out: "Console", commands: Sequence[str]) -> None:
    for line in commands:
        # On one line each, however long: to be copied
        out.print(f"      {line}", style="bold", markup=False, soft_wrap=True)


def _verbose(out: "Console", found: Examination) -> None:
    """Print all that is known of the machine, and what the frameworks said."""
    content = found.machine.to_json()
    packages = content.pop("packages")
    for name, value in content.items():
        tell(out, f"  {name}: {value}")
    versions = ", ".join(f"{name} {packages[name]['version']}" for name in sorted(packages))
    tell(out, f"  packages: {versions}")
    for proof in found.proofs.values():
        tell(out, f"  {name_of(proof.framework)}:")
        for line in proof.errors.splitlines()[-40:]:
            out.print(f"    {line}", markup=False, soft_wrap=True)
    out.print()
