"""What is newer than the file of facts, of which nothing is known; and what has ended."""

import re
from collections.abc import Iterator

from apprenti.doctor.facts import AS_OF, FACTS, LATEST, is_newer_than_the_facts
from apprenti.doctor.machine import Machine
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("N04", "N05")


def find(machine: Machine) -> Iterator[Trouble]:
    for name in LATEST:
        here = machine.packages.get(name)
        candidate = here and re.search(r"rc|dev|[ab]\d", here.version)  # F03 tells it
        if here and not candidate and is_newer_than_the_facts(name, here.version):
            values = {"package": f"{name} {here.version}", "date": AS_OF}
            yield Trouble("N04", "note", "packages", "newer", values)
    for name, last in FACTS["ended"].items():
        if name in machine.packages:
            values = {"package": name, "last": last}
            yield Trouble("N05", "note", "packages", "ended", values)
