"""What a person decides of doubted labels: proposed, taken, kept or replaced, and taken back.

The file is labels.csv (`apprenti.train.corrected_labels`): it may be filled in with a spreadsheet
just as well. The first correction lets the project learn from the file (`data.labels`).
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import ledger
from apprenti.diagnose.label_suspects import Suspects
from apprenti.errors import ApprentiError, nearest
from apprenti.evaluate.data_rows import DataRow
from apprenti.new import change as changes
from apprenti.new import past_changes
from apprenti.project import load
from apprenti.train.corrected_labels import FILE, SETTING, Decision, known_labels, read, write

HISTORY = ".labels.json"
"""What each command replaced, so that it can be taken back."""

LONGEST = 300
"""Letters of what stands in a row, where it is written beside a proposal."""


class Standing(NamedTuple):
    """How the decisions of a project stand."""

    path: Path
    decisions: Sequence[Decision]
    changed: Sequence[Decision] = ()
    """Those that a command has just changed."""

    @property
    def corrected(self) -> int:
        return sum(one.is_correction for one in self.decisions)

    @property
    def kept(self) -> int:
        """How many labels a person found to be right."""
        return sum(one.is_decided and not one.is_correction for one in self.decisions)

    @property
    def undecided(self) -> int:
        return len(self.decisions) - self.corrected - self.kept

    def as_json(self) -> dict[str, Any]:
        counts = {"corrected": self.corrected, "kept": self.kept, "undecided": self.undecided}
        decided = [
            {"row": one.row, "was": one.was, "is": one.now, "by": one.by}
            for one in self.decisions
            if one.is_decided
        ]
        return {"file": str(self.path), **counts, "decisions": decided}


def standing(folder: Path) -> Standing:
    """Return how the decisions of a project stand."""
    path = place(folder)
    return Standing(path, read(path))


def place(folder: Path) -> Path:
    """Return the file of the decisions of a project."""
    return folder / (load(folder).choices.data.labels or FILE)


def propose(found: Suspects) -> Standing:
    """Write suspects into the file as proposals, the worst first; what is decided stays.

    Proposals of before on which nobody has decided are replaced.
    """
    folder = found.run.folder.parents[1]
    path = place(folder)
    decided = [one for one in read(path) if one.is_decided]
    known = {one.row for one in decided}
    proposed = [
        Decision(
            one.row,
            one.truth,
            suggested=one.predicted,
            of_was=f"{one.of_truth:.4f}",
            of_suggested=f"{one.confidence:.4f}",
            content=written(found.content.rows.get(one.row, DataRow())),
        )
        for one in found.found
        if one.row not in known
    ]
    write(path, [*proposed, *decided])
    return _in_use(folder, Standing(path, [*proposed, *decided], proposed))


def written(row: DataRow) -> str:
    """Return what stands in a row, in one line: its text, its columns or the file of its image."""
    if row.text is not None:
        text = " ".join(row.text.split())
    elif row.columns:
        text = "; ".join(f"{n}={'' if v is None else v}" for n, v in row.columns.items())
    else:
        text = str(row.image) if isinstance(row.image, Path) else ""
    # A spreadsheet takes what begins so for a formula
    text = f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def decide(
    folder: Path,
    accept: Sequence[str] = (),
    keep: Sequence[str] = (),
    relabel: Sequence[str] = (),
    accept_all: bool = False,
    by: str | None = None,
) -> Standing:
    """Decide on rows of the file: take what is suggested, keep the label, or give another class.

    Several rows may stand in one text, with commas between them; `relabel` takes "ROW=CLASS".
    `accept_all` takes what is suggested for all rows on which nobody has decided.
    """
    path = place(folder)
    there = {one.row: one for one in read(path)}
    if not there:
        raise ApprentiError("labels_no_proposals", path=path)
    chosen = {one.row: one.suggested for one in there.values() if accept_all and not one.now}
    chosen |= {row: there[row].suggested for row in _rows(path, there, accept)}
    chosen |= {row: there[row].was for row in _rows(path, there, keep)}
    chosen |= dict(_relabelled(folder, path, there, relabel))
    for row, now in chosen.items():
        if not now:
            raise ApprentiError("labels_nothing_suggested", path=path, row=row)
    who = ledger.user() if by is None else by
    changed = {row: there[row]._replace(now=now, by=who) for row, now in chosen.items()}
    _remember(folder, [there[row] for row in chosen])
    write(path, {**there, **changed}.values())
    return _in_use(folder, Standing(path, [*{**there, **changed}.values()], [*changed.values()]))


def undo(folder: Path) -> Standing:
    """Take back what the last command decided; what was decided elsewhere stays."""
    path, entries = place(folder), _remembered(folder)
    if not entries:
        raise ApprentiError("labels_nothing_to_undo")
    before = {line["row"]: line for line in entries[-1]}
    decisions = [
        one._replace(now=before[one.row]["is"], by=before[one.row]["by"])
        if one.row in before
        else one
        for one in read(path)
    ]
    write(path, decisions)
    past_changes.keep(folder / HISTORY, entries[:-1])
    changed = [one for one in decisions if one.row in before]
    return _in_use(folder, Standing(path, decisions, changed))


def _rows(path: Path, there: Mapping[str, Decision], given: Iterable[str]) -> list[str]:
    """Return the rows that are named; a comma may also be in the name of one."""
    named = [
        name
        for text in given
        for name in ([text] if text in there else map(str.strip, text.split(",")))
        if name
    ]
    for name in named:
        if name not in there:
            near = nearest(name, there)
            raise ApprentiError("labels_not_proposed", path=path, row=name, nearest=near)
    return named


def _relabelled(
    folder: Path, path: Path, there: Mapping[str, Decision], given: Sequence[str]
) -> Iterable[tuple[str, str]]:
    classes = _classes(folder) if given else set()
    for text in given:
        pairs = [(text[:at], text[at + 1 :]) for at, sign in enumerate(text) if sign == "="]
        row, now = next((pair for pair in pairs if pair[0] in there), text.partition("=")[::2])
        if not now:
            raise ApprentiError("labels_not_a_class", text=text)
        _rows(path, there, [row])
        if now not in classes:
            known = ", ".join(sorted(classes)[:20])
            raise ApprentiError("labels_no_class", path=path, row=row, now=now, known=known)
        yield row, now


def _classes(folder: Path) -> set[str]:
    from apprenti.data.source import open_source
    from apprenti.data.split.written import share_out

    project = load(folder)
    source = open_source(project.choices.data, folder, accept=True)
    return known_labels(source, share_out(source, project.choices.data)).classes


def _in_use(folder: Path, now: Standing) -> Standing:
    """Let the project learn from the file as soon as there are corrections, and no longer."""
    used = load(folder).choices.data.labels
    if now.corrected and not used:
        changes.change(folder, {SETTING: FILE})
    elif used == FILE and not now.corrected:
        changes.change(folder, {SETTING: None})
    return now


# What was decided before


def _remember(folder: Path, before: Iterable[Decision]) -> None:
    entry = [{"row": one.row, "is": one.now, "by": one.by} for one in before]
    past_changes.keep(folder / HISTORY, [*_remembered(folder), entry])


def _remembered(folder: Path) -> list[list[dict[str, str]]]:
    with contextlib.suppress(TypeError, AttributeError):
        found = past_changes.read(folder / HISTORY)
        sound = all({"row", "is", "by"} <= line.keys() for entry in found for line in entry)
        return list(found) if sound else []
    return []
