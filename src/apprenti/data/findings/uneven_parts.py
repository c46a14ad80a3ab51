"""A part that is far from what was asked for: groups, and rows of one moment, are never cut."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D032", "warning"

FAR = 1.5
"""Times as many rows as were asked for, or as few: 22 % or 10 % of the rows instead of 15 %."""


def find(evidence: Evidence) -> Iterator[Finding]:
    shared = evidence.sharing
    if shared is None or not shared.by.column:
        yield not_applicable(CODE, "at_random")
        return
    pairs = [(shared.got[name], asked) for name, asked in shared.asked.items()]
    if any(got > FAR * asked or asked > FAR * got for got, asked in pairs):
        asked = {f"{name}_asked": rows for name, rows in shared.asked.items()}
        yield Finding(CODE, SEVERITY, shared.by.column, {**shared.got, **asked})
