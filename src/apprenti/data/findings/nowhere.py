"""Rows that have no group, or no time, where the split goes by it: they are in no part."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D031", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    shared = evidence.sharing
    if shared is None or not shared.by.column:
        yield not_applicable(CODE, "at_random")
    elif shared.nowhere:
        values = {"rows": shared.nowhere, "share": shared.nowhere / sum(shared.asked.values())}
        yield Finding(CODE, SEVERITY, shared.by.column, values)
