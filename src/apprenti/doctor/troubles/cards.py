"""NVIDIA drivers that do not answer, and cards that no build serves."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.decisions import decide
from apprenti.doctor.failures import recognise
from apprenti.doctor.machine import Machine
from apprenti.doctor.plan import Plan
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F23", "F24", "F48", "N03")

LEFT_OUT = ("driver_too_old", "card_too_old", "card_too_new", "card_left_out")
"""Notes of a plan that say why a card is not used: entries of texts/*/install.toml."""


def find(machine: Machine) -> Iterator[Trouble]:
    said = machine.nvidia_trouble
    if said:
        known = [each for each in recognise(said) if each in ("F23", "F24")]
        failure = "F24" if machine.wsl and not known else next(iter(known), "F48")
        cure = commands_for(failure, machine)
        yield Trouble(failure, "warn", "gpu", "driver", {"detail": said}, cure)
    elif machine.wsl == 2 and machine.nvidia and not machine.wsl_libcuda:
        values = {"card": machine.nvidia[0].name}
        yield Trouble("F24", "warn", "gpu", "F24", values, commands_for("F24", machine))
    elif machine.nvidia and "torch" not in machine.packages:
        yield from _left_out(machine)


def _left_out(machine: Machine) -> Iterator[Trouble]:
    answer = decide(machine, ["pytorch"])
    notes = answer.notes if isinstance(answer, Plan) else ()
    for note in notes:
        if note.key in LEFT_OUT:
            yield Trouble("N03", "note", "gpu", "left_out", {"note": note.key, **note.values})
