"""R11: a good accuracy that comes from one frequent class, while others are missed."""

from collections import Counter
from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R11", "warning"

FREQUENT = 0.6
"""Share of the validation rows that are of one class."""

RECALLED = 0.4
"""Of another class fewer than this share are found."""

FEWEST_OF_CLASS = 5


def find(evidence: Evidence) -> Iterator[Finding]:
    from apprenti.evaluate.intervals import of_share

    if not evidence.is_classes or evidence.run.model == "trivial":
        yield not_applicable(CODE, "is_baseline" if evidence.is_classes else "no_classes")
        return
    of = Counter(one.truth for one in evidence.predictions)
    right = Counter(one.truth for one in evidence.predictions if one.is_right)
    (frequent, most), *others = of.most_common()
    if most < FREQUENT * evidence.rows:
        return
    missed = {
        name: right[name] / rows
        for name, rows in others
        if rows >= FEWEST_OF_CLASS and of_share(right[name], rows)[1] < RECALLED + 0.2
        if right[name] / rows < RECALLED
    }
    if missed:
        name = min(missed, key=lambda one: missed[one])
        values = {"frequent": frequent, "share": most / evidence.rows, "missed": name}
        values |= {
            "recall": missed[name],
            "rows": of[name],
            "score": sum(right.values()) / evidence.rows,
        }
        yield Finding(CODE, SEVERITY, name, values)
