"""What is newer than the file of facts, of which nothing is known; and what has ended."""

import re
from collections.abc import Iterator

from apprenti.findings import Finding
from apprenti.install.facts import AS_OF, FACTS, LATEST, is_newer_than_the_facts
from apprenti.machine.machine import Machine

CODES = ("N04", "N05")


def find(machine: Machine) -> Iterator[Finding]:
    for name in LATEST:
        here = machine.packages.get(name)
        candidate = here and re.search(r"rc|dev|[ab]\d", here.version)  # F03 tells it
        if here and not candidate and is_newer_than_the_facts(name, here.version):
            values = {"package": f"{name} {here.version}", "date": AS_OF}
            yield Finding("N04", "note", "packages", values, "newer")
    for name, last in FACTS["ended"].items():
        if name in machine.packages:
            values = {"package": name, "last": last}
            yield Finding("N05", "note", "packages", values, "ended")
