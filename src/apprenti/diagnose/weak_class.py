"""R13: one class is predicted much worse than the others, by more than chance gives."""

from collections import Counter
from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R13", "note"

FAR = 0.15
"""Its recall is so far below that of all other rows, at least."""

LEVEL = 0.01
"""Of Fisher's exact test, divided by the number of classes (Bonferroni)."""

FEWEST_OF_CLASS = 5


def find(evidence: Evidence) -> Iterator[Finding]:
    of = Counter(one.truth for one in evidence.predictions)
    if len(of) < 3:
        # Of two classes, imbalance and thresholds say what there is to say
        yield not_applicable(CODE, "few_classes")
        return
    right = Counter(one.truth for one in evidence.predictions if one.is_right)
    every = sum(right.values())
    worst: tuple[float, str] | None = None
    for name, rows in of.items():
        others = (every - right[name]) / (evidence.rows - rows)
        far = others - right[name] / rows
        if rows < FEWEST_OF_CLASS or far < FAR or (worst and far <= worst[0]):
            continue
        table = [
            [right[name], rows - right[name]],
            [every - right[name], evidence.rows - rows - every + right[name]],
        ]
        if by_chance(table) < LEVEL / len(of):
            worst = far, name
    if worst:
        far, name = worst
        values = {
            "rows": of[name],
            "recall": right[name] / of[name],
            "others": far + right[name] / of[name],
        }
        yield Finding(CODE, SEVERITY, name, values)


def by_chance(table: list[list[int]]) -> float:
    """Return how often chance gives so few right rows of a class (Fisher's exact test)."""
    from scipy import stats

    return float(stats.fisher_exact(table, alternative="less").pvalue)
