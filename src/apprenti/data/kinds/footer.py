"""What stands below a table, or among its rows, and is no row: notes, totals, a header.

Only what surely is no row is skipped; where that is in doubt it is kept, and told.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from apprenti.data.kinds import header
from apprenti.data.kinds.records import Record, Records

MOST_SKIPPED = 100

TOTAL = re.compile(
    r"(sous-)?tota(l|ux)( général| general)?|ensemble|somme|moyenne|(grand |sub-?)total|sum"
    r"|average",
    re.IGNORECASE,
)
"""How the first cell of a line of totals begins and ends."""


class Around(NamedTuple):
    """The records that are no rows, by what they are; `ragged` are those that nobody can place."""

    comments: tuple[Record, ...] = ()
    headers: tuple[Record, ...] = ()
    notes: tuple[Record, ...] = ()
    totals: tuple[Record, ...] = ()
    kept_totals: tuple[Record, ...] = ()
    blanks: tuple[Record, ...] = ()
    """Of separators alone, below the last row."""
    ragged: tuple[Record, ...] = ()

    @property
    def skipped(self) -> tuple[int, ...]:
        """Return the places of all that is not read."""
        every = (*self.comments, *self.headers, *self.notes, *self.totals, *self.blanks)
        return tuple(sorted({record.place for record in every}))


def find(seen: Records, whole: bool = False) -> Around:
    """Return what among the records of a file is no row of its table.

    Where the table is `whole`, what is as wide as a row is one.
    """
    comments = tuple(record for record in seen.odd if header.is_comment(record.cells))
    odd = [record for record in seen.odd if record not in comments]
    notes = _notes(odd, seen.last, whole)
    ragged = tuple(record for record in odd if record not in notes)
    end = min((record.place for record in notes), default=None)
    last = [one for one in seen.last if not one.is_blank and (end is None or one.place < end)]
    filled = [one for one in last if any(map(str.strip, one.cells))]
    empty = {one.place for one in seen.last if not any(map(str.strip, one.cells))}
    totals, kept = _totals(filled, empty)
    rows = [one.place for one in filled if one not in totals]
    below = [one for one in seen.last if rows and one.place > rows[-1] and not one.is_blank]
    blanks = tuple(one for one in below if one.place in empty)
    if whole:
        return Around(comments, (), notes, (), (*totals, *kept), (), ragged)
    return Around(comments, seen.headers, notes, totals, kept, blanks, ragged)


def _notes(odd: Sequence[Record], last: Sequence[Record], whole: bool) -> tuple[Record, ...]:
    """Return the odd records with which the file ends, where they are words or stand apart."""
    found, blank_before = _trailing(odd, last, True)
    if whole and not (blank_before and found[0].place - 1 in {o.place for o in last if o.is_blank}):
        found, blank_before = _trailing(odd, last, False)
    words = all(_is_note(record.cells) for record in found)
    return tuple(found) if words or blank_before else ()


def _trailing(
    odd: Sequence[Record], last: Sequence[Record], lone: bool
) -> tuple[list[Record], bool]:
    """Return the odd records at the end, or words alone in theirs; is an empty line above them?"""
    found: list[Record] = []
    blank_before = False
    for record in reversed(last):
        if not any(map(str.strip, record.cells)):
            blank_before = True
            continue
        if record not in odd and not (lone and _is_lone(record.cells)):
            break
        found.insert(0, record)
        blank_before = False
    return found, blank_before and bool(found)


def _is_lone(cells: Sequence[str]) -> bool:
    """Say whether words stand alone at the begin of a row of several cells."""
    return len(cells) > 2 and bool(cells[0].strip()) and _is_note(cells)


def _is_note(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and not header.holds_value(filled[0])


def _totals(
    rows: Sequence[Record], empty: set[int]
) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return the last line of totals, as one that is surely no row or as one that is kept.

    It is none where cells are empty in it that are filled above, or an empty line stands before it.
    """
    if len(rows) < 2 or not _is_total(rows[-1].cells):
        return (), ()
    last, above = rows[-1], rows[:-1]
    if any(_is_total(record.cells) for record in above):
        return (), ()
    gaps = [place for place, cell in enumerate(last.cells) if not cell.strip()]
    usual = any(all(record.cells[place].strip() for record in above) for place in gaps)
    return ((last,), ()) if usual or last.place - 1 in empty else ((), (last,))


def may_be(last: Sequence[Record]) -> bool:
    """Say whether there is more than rows among the last records of a file."""
    filled = [record for record in last if not record.is_blank]
    if not filled:
        return False
    cells = filled[-1].cells
    return _is_total(cells) or _is_lone(cells) or not any(cell.strip() for cell in cells)


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return bool(TOTAL.fullmatch(first.rstrip(" :\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")))
