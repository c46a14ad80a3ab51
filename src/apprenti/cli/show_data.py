"""The tables of `apprenti data`: columns, class balance, findings."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.command_line import written
from apprenti.findings import Finding, fold, mute, muted_names
from apprenti.findings import found as findings_in
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST_COLUMNS, MOST_CLASSES = 40, 12
"""Lines shown; data.json has them all."""

WIDEST_NAME, BAR = 24, 24

SPARE = (5, 3, 4)
"""Columns that a narrow terminal does without: the mean, the distinct values, the range."""

MARKS = {"error": "✗", "warning": "!", "note": "·"}
STYLES = {"error": "bold red", "warning": "yellow", "note": None}


def facts(out: "Console", described: Mapping[str, Any]) -> None:
    """Print what data.json says: one line, the columns, the answers."""
    if "columns" in described:
        key = f"data.summary_{described['task']}"
        columns = len(described["columns"])
        show.tell(out, say(key, columns=columns, **_places(described)), style="bold")
    else:
        places = _places(described)
        shape = " × ".join(str(size) for size in described["shape"])
        if described["classes"]:
            # Labels have no name but in a table of images
            places.pop("target", None)
            count = len(described["classes"])
            summary = say("data.summary_arrays", shape=shape, count=count, **places)
        else:
            summary = say("data.summary_images", shape=shape, **places)
        show.tell(out, summary, style="bold")
    seen = described["rows"] + described["test_rows"]
    if seen < described.get("rows_in_all", 0):
        show.tell(out, say("data.sampled", seen=seen, rows=described["rows_in_all"]))
    if described["test_rows"]:
        show.tell(out, say("data.set_aside", rows=described["test_rows"]))
    if "split" in described:
        show.tell(out, _parts(described["split"]))
    if "columns" in described:
        out.print(_columns(described))
    out.print()
    if described["classes"]:
        out.print(_balance(described["classes"], described.get("target", "")))
    else:
        target = described.get("answers") or next(
            column for column in described["columns"] if column["kind"] == "target"
        )
        words = {name: _number(target[name]) for name in ("lowest", "highest", "mean", "median")}
        show.tell(out, say("data.answers", name=described["target"], **words))


def origin(out: "Console", source: str, folder: Path) -> None:
    """Print what was downloaded from an address, with its checksum; nothing for other sources."""
    from apprenti.data.fetch import addresses
    from apprenti.data.fetch import origin as origins

    found = origins.find(source, folder) if addresses.is_address(source) else None
    if found is None:
        return
    values = {"size": found.bytes / 1e6, "sha256": found.sha256, "file": origins.FILE}
    show.tell(out, say("data.downloaded", path=folder / found.name, **values))
    if source.lower().startswith("http:"):
        show.tell(out, "! " + say("data.not_encrypted"), style="yellow")


def _places(described: Mapping[str, Any]) -> dict[str, Any]:
    names = ("source", "rows", "target")
    return {name: described[name] for name in names if name in described}


def _parts(split: Mapping[str, Any]) -> str:
    """Say how many rows each part has, and from when to when where the split goes by time."""
    words = {"column": split["column"], **split["got"]}
    for name in split["got"]:
        span = split["spans"].get(name)
        low, high = map(str, span or ("", ""))
        words[f"{name}_span"] = say("data.span", low=low, high=high) if span else ""
    return say(f"data.parts_{split['how']}", **words)


def _columns(described: Mapping[str, Any]) -> "Table":
    table = show.plain_table(spare=SPARE)
    for name in ("column", "kind", "missing", "distinct", "values", "mean", "relation"):
        right = name in ("missing", "distinct", "mean", "relation")
        table.add_column(
            say(f"data.column.{name}"), justify="right" if right else "left", vertical="bottom"
        )
    # The target first, then as in the file
    columns = sorted(described["columns"], key=lambda column: column["kind"] != "target")
    for column in columns[:MOST_COLUMNS]:
        style = {"target": "bold", "left_out": "dim"}.get(column["kind"])
        table.add_row(*_cells(column), style=style)
    if len(columns) > MOST_COLUMNS:
        table.add_row(say("data.more_columns", count=len(columns) - MOST_COLUMNS))
    return table


def _cells(column: Mapping[str, Any]) -> list[str]:
    missing, related = column["missing_share"], column["relation"]
    return [
        _cut(column["name"], WIDEST_NAME),
        say(f"data.kind_{column['kind']}"),
        say("data.share", value=100 * missing) if missing else "",
        say("words.shape.count", value=column["distinct"]),
        _cut(_values(column), 30),
        "" if column["mean"] is None else _number(column["mean"]),
        "" if related is None else say("data.correlation", value=related),
    ]


def _values(column: Mapping[str, Any]) -> str:
    """Return the range of numbers and dates, or the most frequent words."""
    if column["lowest"] is None:
        return ", ".join(str(name) for name, _ in column["frequent"][:4])
    ends = [column["lowest"], column["highest"]]
    if column["holds"] == "dates":
        low, high = (str(end)[:10] for end in ends)
    else:
        low, high = (_number(end) for end in ends)
    return say("data.range", low=low, high=high)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    whole = float(value).is_integer() or abs(value) >= 10_000
    return say("data.whole" if whole and abs(value) < 1e12 else "data.number", value=value)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _balance(classes: Sequence[Sequence[Any]], target: str) -> "Table":
    table = show.plain_table()
    table.add_column(_cut(target, WIDEST_NAME) or say("data.column.class"))
    table.add_column(say("data.column.rows"), justify="right")
    table.add_column(say("data.column.share"), justify="right")
    table.add_column("")
    total, largest = sum(rows for _, rows in classes), classes[0][1]
    shown = [(_cut(name, WIDEST_NAME), rows) for name, rows in classes[:MOST_CLASSES]]
    left = classes[MOST_CLASSES:]
    for name, rows in shown:
        bar = "■" * max(1, round(BAR * rows / largest))
        table.add_row(name, *_counted(rows, total), bar)
    if left:
        rows = sum(rows for _, rows in left)
        table.add_row(say("data.others", count=len(left)), *_counted(rows, total))
    return table


def _counted(rows: int, total: int) -> tuple[str, str]:
    return say("words.shape.count", value=rows), say("data.share", value=100 * rows / total)


def findings(
    out: "Console",
    found: Sequence[Finding],
    muted: Collection[str] = (),
    target: str = "",
    project: Path = Path("."),
) -> None:
    """Print each finding: what it is, what to do, where more is said; of muted ones the names.

    Of one column the gravest is printed, and the names of the others; of `target` all are.
    """
    from apprenti.data.findings import words

    told = mute(found, muted)
    out.print()
    if not found:
        show.tell(out, say("data.nothing"), style="green")
        return
    for finding, of_the_same, elsewhere in fold(findings_in(told), target):
        in_full(out, finding, project)
        if of_the_same:
            names = ", ".join(f"{words.tell(one).name} ({one.code})" for one in of_the_same)
            show.tell(out, f"  {say('data.of_the_same', names=names)}", style="dim")
        if elsewhere:
            names = ", ".join(one.subject for one in elsewhere)
            show.tell(out, f"  {say('data.elsewhere', names=names)}", style="dim")
    _tell_muted(out, told, muted, project)
    out.print()


def in_full(out: "Console", finding: Finding, project: Path) -> None:
    """Print what was found, what to do about it, by which commands, and where more is said."""
    from apprenti.data.findings import words

    mark, said = MARKS[finding.severity], words.tell(finding)
    show.tell(out, f"{mark} {said.what}", style=STYLES[finding.severity])
    show.tell(out, f"  {say('cli.todo')} {said.todo}")
    show.commands(out, said.commands, project)
    show.tell(out, f"  {said.page}", style="dim")


def standing(out: "Console", serious: Sequence[Finding], project: Path) -> None:
    """Print in one line each what is seriously wrong with the data, and the command for it."""
    from apprenti.data.findings import words

    for finding in serious:
        said = words.tell(finding)
        names = {"code": finding.code, "name": said.name, "subject": finding.subject}
        key = "data.stands" if finding.subject else "data.stands_alone"
        show.tell(out, say(key, **names), style="bold red")
        show.commands(out, said.commands, project)


def doubts(out: "Console", found: Sequence[Finding], project: Path) -> None:
    """Print at the end of a training what makes its scores doubtful."""
    from apprenti.data.findings import words

    serious = [one for one in found if one.is_serious]
    standing(out, serious, project)
    for finding in found:
        if finding not in serious and serious:
            show.tell(out, f"! {words.tell(finding).what}", style="yellow")
        elif finding not in serious:
            in_full(out, finding, project)


def _tell_muted(
    out: "Console", told: Sequence[Finding], muted: Collection[str], project: Path
) -> None:
    """Print by which names findings are muted, why, and how to hear of them again."""
    reasons = muted if isinstance(muted, Mapping) else {}
    silent = [muted_names(one) for one in told if not one.is_found]
    names = [name for name in muted if any(name in each for each in silent)]
    if names:
        because = (f"{name} ({reasons[name]})" if reasons.get(name) else name for name in names)
        command = written("apprenti", "data", "--unmute", names[0])
        show.tell(out, say("data.muted", names=", ".join(because)), style="dim")
        show.commands(out, [command], project)
