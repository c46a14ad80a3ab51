"""labels.csv: what people have decided of labels, and the corrections that a script reads.

One line a row of the data that was looked at: what its label was, what it is (the same where it was
right; nothing while nobody has decided) and who decides. A run takes the corrections with it, in a
file of their own, so that what is decided later changes no run.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import large_table, rows
from apprenti.data.source import Source
from apprenti.data.split.parts import TEST, TRAIN, VALID
from apprenti.data.split.written import Shares, share_out
from apprenti.errors import ApprentiError
from apprenti.project import Choices, Project
from apprenti.tasks import CLASSIFICATION
from apprenti.writing import told, whole

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

FILE = "labels.csv"
"""In the project; and, with the corrections alone, in the folder of a run."""

SETTING = "data.labels"

MOST_BYTES = 100_000_000

NAMES = {"row": "row", "was": "was", "now": "is", "by": "by", "suggested": "suggested"}
NAMES |= {"of_was": "probability_was", "of_suggested": "probability_suggested"}
NAMES |= {"content": "content"}
"""The columns of the file, by the names that they have here."""


class Decision(NamedTuple):
    """One row of the data whose label is doubted, or was."""

    row: str
    was: str
    now: str = ""
    """What a person says that it is; empty while nobody does."""
    by: str = ""
    suggested: str = ""
    of_was: str = ""
    """The probability that a model gave the label."""
    of_suggested: str = ""
    content: str = ""
    """What stands in the row, for whoever reads the file."""

    @property
    def is_decided(self) -> bool:
        return bool(self.now)

    @property
    def is_correction(self) -> bool:
        return self.is_decided and self.now != self.was


def read(path: Path) -> list[Decision]:
    """Return what a file says, as a spreadsheet or Apprenti wrote it; nothing where there is none.

    Raises ApprentiError for a file that cannot be understood.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ApprentiError("labels_damaged", path=path, reason=path.stat().st_size)
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ApprentiError("labels_damaged", path=path, reason=error.strerror) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As spreadsheets of western Europe save it
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in ("row", "was", "is") if name not in (lines.fieldnames or ())]
    if missing:
        raise ApprentiError("labels_damaged", path=path, reason=", ".join(missing))
    try:
        found = [_decision(line) for line in lines if line["row"]]
    except csv.Error as error:
        raise ApprentiError("labels_damaged", path=path, reason=error) from None
    return _each_once(path, found)


def _decision(line: Mapping[str, str | None]) -> Decision:
    return Decision(**{ours: line.get(name) or "" for ours, name in NAMES.items()})


def _each_once(path: Path, found: Iterable[Decision]) -> list[Decision]:
    by_row: dict[str, Decision] = {}
    for one in found:
        other = by_row.setdefault(one.row, one)
        if other.now != one.now:
            raise ApprentiError("labels_twice", path=path, row=one.row)
    return list(by_row.values())


def write(path: Path, decisions: Iterable[Decision]) -> None:
    """Write decisions, all their columns; UTF-8 with a mark that spreadsheets look for."""
    text = _table(NAMES, decisions)
    with told(path), whole(path) as arriving:
        arriving.write_text(text, encoding="utf-8-sig", newline="")


def _table(names: Mapping[str, str], decisions: Iterable[Decision]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(names.values())
    writer.writerows([getattr(one, ours) for ours in names] for one in decisions)
    return written.getvalue()


# What a script reads


def corrections(
    choices: Choices, source: Source, project: Path, shares: Shares | None = None
) -> str | None:
    """Return the file of corrections for a script; None where none are asked for (`data.labels`).

    Raises ApprentiError where one of them does not fit the data. Those of test rows are not looked
    at: scripts pass over them.
    """
    if not choices.data.labels:
        return None
    path = project / choices.data.labels
    if source.task != CLASSIFICATION:
        raise ApprentiError("labels_of_numbers", key=SETTING, target=choices.data.target or "")
    if not path.is_file():
        raise ApprentiError("labels_missing", path=path, key=SETTING)
    wanted = [one for one in read(path) if one.is_correction]
    there = known_labels(source, shares or share_out(source, choices.data))
    for one in wanted:
        _check(path, one, there)
    return _table({name: NAMES[name] for name in ("row", "was", "now")}, wanted)


def without_corrections(project: Project) -> Project:
    """Return a project that learns from the labels as the data have them."""
    data = project.choices.data.model_copy(update={"labels": None})
    return project._replace(choices=project.choices.model_copy(update={"data": data}))


class Known(NamedTuple):
    """The labels of the data by the names of their rows, as text; of test rows, none."""

    of_rows: Mapping[str, set[str]]
    classes: set[str]


def known_labels(source: Source, shares: Shares) -> Known:
    """Return the labels as the data have them; of a row that is in the test set, none."""
    of_rows: dict[str, set[str]] = {}
    labels, classes = _labels(source).tolist(), set[str]()
    for name, label, part in zip(shares.rows.tolist(), labels, shares.parts, strict=True):
        seen = of_rows.setdefault(str(name), set())
        if part != TEST:
            seen.add(str(label))
        if part in (TRAIN, VALID):
            classes.add(str(label))
    return Known(of_rows, classes)


def _labels(source: Source) -> "Array":
    if source.table is None:
        return rows.read_labels(source)[1]
    target = source.table.columns.target
    if source.table.share < 1:
        labels: Array = large_table.columns(source.path, (target,))[target].to_numpy()
        return labels
    found: Array = source.table.frame[target].to_numpy()
    return found


def _check(path: Path, one: Decision, there: Known) -> None:
    """Refuse a correction of a row that is not there, is another by now, or gets no class."""
    labels = there.of_rows.get(one.row)
    if labels is None:
        raise ApprentiError("labels_no_row", path=path, row=one.row)
    if labels - {one.was}:
        found = ", ".join(sorted(labels))
        raise ApprentiError("labels_changed", path=path, row=one.row, was=one.was, found=found)
    if labels and one.now not in there.classes:
        known = ", ".join(sorted(there.classes)[:20])
        raise ApprentiError("labels_no_class", path=path, row=one.row, now=one.now, known=known)
