"""NVIDIA drivers that do not answer, and cards that no build serves."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.failures import recognise
from apprenti.findings import Finding, not_applicable
from apprenti.install.decisions import decide
from apprenti.install.plan import Plan
from apprenti.machine.machine import Machine

CODES = ("F23", "F24", "F48", "N03")

LEFT_OUT = ("driver_too_old", "card_too_old", "card_too_new", "card_left_out")
"""Notes of a plan that say why a card is not used: entries of texts/*/install.toml."""


def find(machine: Machine) -> Iterator[Finding]:
    said = machine.nvidia_trouble
    if not said and not machine.nvidia:
        yield from (not_applicable(code, "no_card") for code in CODES)
    elif said:
        known = [each for each in recognise(said) if each in ("F23", "F24")]
        failure = "F24" if machine.wsl and not known else next(iter(known), "F48")
        cure = commands_for(failure, machine)
        yield Finding(failure, "warning", "gpu", {"detail": said}, "driver", cure)
    elif machine.wsl == 2 and machine.nvidia and not machine.wsl_libcuda:
        values = {"card": machine.nvidia[0].name}
        yield Finding("F24", "warning", "gpu", values, "F24", commands_for("F24", machine))
    elif machine.nvidia and "torch" not in machine.packages:
        yield from _left_out(machine)


def _left_out(machine: Machine) -> Iterator[Finding]:
    answer = decide(machine, ["pytorch"])
    notes = answer.notes if isinstance(answer, Plan) else ()
    for note in notes:
        if note.key in LEFT_OUT:
            yield Finding("N03", "note", "gpu", {"note": note.key, **note.values}, "left_out")
