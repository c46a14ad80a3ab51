"""Numbers or dates that were read as categories, because of how they are written."""

import re
from collections.abc import Iterator

from apprenti.data.findings.cells import DATES, NUMBERS, is_plain, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.data.findings.unknown import stands_for_unknown
from apprenti.findings import Finding

CODE, SEVERITY = "D023", "warning"

NAMED = 3


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in evidence.columns.categories:
        looks = look_like(evidence, name)
        if looks not in (NUMBERS, DATES):
            continue
        texts = [str(text) for text in evidence.counts(name).index]
        odd = [text for text in texts if not is_plain(text)]
        # Words that stand for "unknown" among plain numbers have a rule of their own
        if looks == DATES or not all(stands_for_unknown(text) for text in odd):
            units = _one_of_each_unit(odd)
            if looks == DATES:
                yield Finding(CODE, SEVERITY, name, {"names": texts[:NAMED]}, "dates")
            elif len(units) > 1:
                yield Finding(CODE, SEVERITY, name, {"names": units[:NAMED]}, "units")
            else:
                yield Finding(CODE, SEVERITY, name, {"names": odd[:NAMED]})


def _one_of_each_unit(texts: list[str]) -> list[str]:
    """Return the first value of each unit that stands once around a number: 892 g, 25 kg."""
    found: dict[str, str] = {}
    for text in texts:
        parts = re.fullmatch(r"\s*([^\w\s+-]*)\s*[+-]?\d[\d\s.,]*([^\d\s]*)\s*", text)
        if parts and (unit := (parts[1] + parts[2]).lower()):
            found.setdefault(unit, text)
    return [*found.values()]
