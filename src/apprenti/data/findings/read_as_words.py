"""Numbers or dates that were read as categories, because of how they are written."""

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
            shown = texts if looks == DATES else odd
            sentence = "dates" if looks == DATES else ""
            yield Finding(CODE, SEVERITY, name, {"names": shown[:NAMED]}, sentence)
