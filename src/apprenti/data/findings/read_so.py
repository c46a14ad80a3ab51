"""Numbers and dates that could be read in another way as well, and how they are read."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.kinds import moments
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.findings import Finding

CODE, SEVERITY = "D030", "note"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name, written in evidence.columns.written.items():
        if not written.doubt:
            continue
        if written.doubt in SINCE_1970:
            if name in evidence.columns.inputs:
                yield _since_1970(evidence, name, written.doubt)
            continue
        found = {"format": written.format, "sign": written.thousands or written.decimal}
        sentence = written.doubt
        if sentence == "thousands":
            sentence = "in_thousands" if written.thousands else "with_decimals"
        elif sentence == "month_first":
            sentence = "month_first" if written.format.startswith("%m") else "day_first"
        yield Finding(CODE, SEVERITY, name, found, sentence=sentence)


def _since_1970(evidence: Evidence, name: str, unit: str) -> Finding:
    """Return what numbers would be as dates, and the way to read them so."""
    dates = moments.read(evidence.frame[name], unit).dropna()
    found = {"first": f"{dates.min():%Y-%m-%d}", "last": f"{dates.max():%Y-%m-%d}"}
    found["read_as"] = f"{name}=date {unit}"
    return Finding(CODE, SEVERITY, name, found, sentence=f"findings.D030.{unit}")
