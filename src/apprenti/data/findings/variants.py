"""One category written in several ways: by capitals, spaces, accents, or a slip in one letter."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apprenti.data.findings.cells import CATEGORIES, bare, look_like
from apprenti.data.findings.evidence import Evidence, category_names
from apprenti.findings import Finding

CODE, SEVERITY = "D025", "error"

MOST = 1000
"""Columns with more categories are not looked at."""

MOST_COMPARED = 100
"""So many categories are compared two by two, letter by letter."""

SHORTEST = 5
"""Letters: of shorter words many differ in one, and are others (cat, rat)."""

RARE = 0.02
"""A slip is rare: so many rows for one of the right spelling, at most."""


class Variants(NamedTuple):
    """The ways in which each category is written beside the most frequent one."""

    written: dict[str, list[str]]
    by_letter: bool
    """Whether slips in a letter are among them: another word can be meant."""


def find(evidence: Evidence) -> Iterator[Finding]:
    target = evidence.columns.target
    names = list(category_names(evidence))
    if evidence.is_classes and evidence.frame[target].dtype.kind not in "biufcM":
        names.insert(0, target)
    found = {name: one for name in names if (one := _of_column(evidence, name)).written}
    # One line of settings for all columns
    unite: dict[str, list[str]] = {}
    for one in found.values():
        for main, others in one.written.items():
            unite[main] = list(dict.fromkeys([*unite.get(main, []), *others]))
    for name, one in found.items():
        counts = evidence.counts(name)
        ways = [(main, other) for main, others in one.written.items() for other in others]
        rows = sum(int(counts[other]) for _, other in ways)
        sure = not one.by_letter and all(len(bare(main)) > 1 for main in one.written)
        severity = "note" if name != target else SEVERITY if sure else "warning"
        yield Finding(CODE, severity, name, {"ways": ways, "rows": rows, "unite": unite})


def _of_column(evidence: Evidence, name: str) -> Variants:
    counts = evidence.counts(name)
    is_target = name == evidence.columns.target
    if len(counts) > MOST or not (is_target or look_like(evidence, name) == CATEGORIES):
        return Variants({}, False)
    return variants({str(value): int(count) for value, count in counts.items()})


def variants(rows: Mapping[str, int]) -> Variants:
    """Return how each category is written elsewise; `rows` has the rows of each, most first."""
    groups: dict[str, list[str]] = {}
    for text in rows:
        groups.setdefault(_key(text), []).append(text)
    written = {first: others for first, *others in groups.values()}
    slips = False
    mains = [main for main in written if _is_word(main)][:MOST_COMPARED]
    for place, rare in reversed(list(enumerate(mains))):
        near = [main for main in mains[:place] if rows[rare] <= RARE * rows[main]]
        right = next((main for main in near if _one_apart(_key(main), _key(rare))), None)
        if right:
            written[right] += [rare, *written.pop(rare)]
            slips = True
    return Variants({main: others for main, others in written.items() if others}, slips)


def _key(text: str) -> str:
    """Return what is left of a text without capitals, accents and spaces; "-" stays."""
    key = bare(text.replace("-", " ").replace("_", " ")).replace(" ", "")
    return key if any(sign.isalpha() for sign in key) else text.strip()


def _is_word(text: str) -> bool:
    return len(text) >= SHORTEST and all(sign.isalpha() or sign in " -'" for sign in text)


def _one_apart(first: str, second: str) -> bool:
    """Say if two words differ by one letter: another, missing, or two that changed places."""
    short, long = sorted((first, second), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None:
        return len(short) != len(long)
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[start : start + 2][::-1] == short[start : start + 2]
    return short[start + 1 :] == long[start + 1 :] or (
        swapped and short[start + 2 :] == long[start + 2 :]
    )
