"""Numbers and dates that could be read in another way as well, and how they are read."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D030", "note"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name, written in evidence.columns.written.items():
        if not written.doubt:
            continue
        found = {"format": written.format, "sign": written.thousands or written.decimal}
        sentence = written.doubt
        if sentence == "thousands":
            sentence = "in_thousands" if written.thousands else "with_decimals"
        elif sentence == "month_first":
            sentence = "month_first" if written.format.startswith("%m") else "day_first"
        yield Finding(CODE, SEVERITY, name, found, sentence=sentence)
