"""What the data are, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from apprenti.components import bars, svg
from apprenti.components.blocks import Block, Chart, Facts, Heading, Table, Text
from apprenti.data.findings.words import short, tell
from apprenti.findings import MUTED, Finding
from apprenti.language import say
from apprenti.outside import reading
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, count, missing, notice, number, share, told

MOST_COLUMNS, MOST_CLASSES = 60, 30
TONES = {"error": "problem", "warning": "warning", "note": "hint"}


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield what the last look at the data showed, and which files they are."""
    look = seen.look
    if look is not None:
        # Somebody may have written into it
        with reading(seen.project.folder / "data.json", "unreadable_file"):
            yield from list(_described(look))
    elif seen.findings is None:
        yield missing("data", "apprenti data")
    yield from _files(seen)
    yield Heading(told("data.findings"))
    yield from _findings(seen)


def _described(look: Mapping[str, Any]) -> Iterator[Block]:
    pairs = [(told("data.rows"), count(look.get("rows_in_all", look["rows"] + look["test_rows"])))]
    pairs.append((told("data.test_rows"), count(look["test_rows"])))
    if "columns" in look:
        pairs.append((told("data.columns"), count(len(look["columns"]))))
    if shape := look.get("shape"):
        pairs.append((told("data.shape"), " × ".join(map(str, shape))))
    yield Facts(pairs)
    yield Text(told("data.without_test"), is_quiet=True)
    if look["classes"]:
        yield _classes(look)
    if "columns" in look:
        yield _columns(look["columns"])


def _classes(look: Mapping[str, Any]) -> Chart:
    counted = sorted(((str(name), int(n)) for name, n in look["classes"]), key=lambda one: -one[1])
    every = sum(n for _, n in counted)
    rows = [bars.Bars(short(name), (n,), (count(n),)) for name, n in counted[:MOST_CLASSES]]
    title = told("data.classes", count=len(counted))
    least, most = counted[-1], counted[0]
    words = {"most": short(most[0]), "least": short(least[0])}
    description = told("data.classes_say", **words, rows=most[1], others=least[1])
    drawn = bars.bars("classes", title, description, rows, [say("data.column.rows")])
    table = [(name, count(n), share(n / max(1, every))) for name, n in counted]
    heads = columns("class", "rows", "share", numbers=("rows", "share"))
    return Chart(
        svg.write(drawn), f"{title}. {description}", Table(title, heads, table), told("behind")
    )


def _columns(described: Sequence[Mapping[str, Any]]) -> Table:
    first = sorted(described, key=lambda one: one["kind"] != "target")[:MOST_COLUMNS]
    rows = [
        (
            str(one["name"]),
            say(f"data.kind_{one['kind']}"),
            share(one["missing_share"]) if one["missing_share"] else NOTHING,
            count(one["distinct"]),
            _values(one),
        )
        for one in first
    ]
    numbers = ("missing", "distinct")
    heads = columns("column", "kind", "missing", "distinct", "values", numbers=numbers)
    key = "data.columns_first" if len(described) > len(first) else "data.columns_all"
    return Table(told(key, shown=len(first), count=len(described)), heads, rows)


def _values(column: Mapping[str, Any]) -> str:
    """Return the range of numbers and dates, or the most frequent words."""
    if column["lowest"] is None:
        return ", ".join(short(str(name)) for name, _ in column["frequent"][:4])
    ends = [column["lowest"], column["highest"]]
    is_dates = column["holds"] == "dates"
    low, high = (str(end)[:10] if is_dates else number(end) for end in ends)
    return say("data.range", low=low, high=high)


def _files(seen: Seen) -> Iterator[Block]:
    known = seen.environment.get("hashes", {}).get("data", {})
    if known:
        rows = sorted(known.items())[:20]
        yield Table(told("data.files"), columns("file", "sha256"), rows)


def _findings(seen: Seen) -> Iterator[Block]:
    findings = seen.findings
    if findings is None:
        yield missing("findings", "apprenti data")
        return
    found = [one for one in findings if one.is_found]
    for one in found:
        yield of_finding(one)
    if not found:
        yield notice("good", told("data.no_finding"))
    yield from _muted(seen, findings)


def of_finding(one: Finding) -> Block:
    """Return a finding with its evidence, what to do, and its code."""
    words = tell(one)
    name = words.name[:1].upper() + words.name[1:]
    text = told("finding", code=words.code, name=name, what=words.what)
    return notice(TONES[one.severity], text, words.todo, words.commands)  # type: ignore[arg-type]


def _muted(seen: Seen, findings: Sequence[Finding]) -> Iterator[Block]:
    muted = seen.project.choices.data.muted
    silent = [one for one in findings if one.outcome == MUTED]
    if not silent:
        return
    reasons = muted if isinstance(muted, Mapping) else {}
    rows = []
    for one in silent:
        words = tell(one)
        reason = reasons.get(f"{one.code} {one.subject}") or reasons.get(one.code) or NOTHING
        rows.append((words.code, words.name, words.what, reason))
    yield Table(told("data.muted"), columns("code", "finding", "seen", "reason"), rows)
