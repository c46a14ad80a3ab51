"""How a text table is written: its encoding, what separates its columns, its decimal mark.

Nothing is declared by the user: exports from Excel in French (semicolons, decimal commas, Windows'
own encoding) are read as surely as files from elsewhere.
"""

import codecs
import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from apprenti.errors import ApprentiError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS = 200
"""How many records are looked at to find out the delimiter."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "cp1252")
"""Tried in this order; nearly any bytes can be read as cp1252, so it comes last."""

csv.field_size_limit(10_000_000)


class Dialect(NamedTuple):
    """What reading a text table takes."""

    encoding: str
    delimiter: str
    decimal: str


def find_out(path: Path) -> tuple[Dialect, list[str]]:
    """Return how a table is written, and the names of its columns; the whole file is gone through.

    Raises ApprentiError for what is no table: empty, binary, a header alone, rows of other lengths,
    two columns of one name, no names at all.
    """
    for encoding in _encodings(path):
        try:
            return _find_out(path, encoding)
        except UnicodeError:
            continue
    raise ApprentiError("not_text", path=path)


def _find_out(path: Path, encoding: str) -> tuple[Dialect, list[str]]:
    sample = list(itertools.islice(_lines(path, encoding), 2000))
    delimiter = max(DELIMITERS, key=lambda sign: _score(sample, sign))
    records = _records(path, encoding, delimiter)
    header = next(records, [])
    _check_header(path, header)
    count, comma, point = 0, 0, 0
    for number, record in enumerate(records, start=2):
        if not record:
            continue
        if len(record) != len(header):
            expected, found = len(header), len(record)
            raise ApprentiError("ragged", path=path, row=number, expected=expected, found=found)
        if count < SAMPLE_RECORDS:
            comma += sum(bool(re.fullmatch(r"[+-]?\d+,\d+", cell.strip())) for cell in record)
            point += sum(bool(re.fullmatch(r"[+-]?\d+\.\d+", cell.strip())) for cell in record)
        count += 1
    if not count:
        raise ApprentiError("header_only", path=path)
    decimal = "," if delimiter != "," and comma > point else "."
    return Dialect(encoding, delimiter, decimal), header


def _encodings(path: Path) -> tuple[str, ...]:
    """Return the encodings that the file may have, by its first bytes."""
    with open(path, "rb") as file:
        begin = file.read(1 << 20)
    if not begin.strip():
        raise ApprentiError("empty_file", path=path)
    for bom, name in BOMS:
        if begin.startswith(bom):
            return (name,)
    if b"\0" in begin:
        raise ApprentiError("not_text", path=path)
    return ENCODINGS


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with open(path, encoding=encoding, newline="") as file:
        yield from file


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(_lines(path, encoding), delimiter=delimiter)
    except csv.Error as error:
        raise ApprentiError("not_a_table", path=path, reason=error) from None


def _score(sample: list[str], delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter explains the first records: how many have the header's length."""
    try:
        records = list(itertools.islice(csv.reader(sample, delimiter=delimiter), SAMPLE_RECORDS))
    except csv.Error:
        return (0, 0)
    width = len(records[0]) if records else 0
    alike = sum(len(record) == width for record in records)
    return (0, 0) if width < 2 else (alike / len(records), width)


def _check_header(path: Path, header: list[str]) -> None:
    names = [name.strip() for name in header]
    twice = [name for name in names if names.count(name) > 1 and name]
    if twice:
        raise ApprentiError("column_twice", path=path, name=twice[0])
    if names and all(re.fullmatch(r"[+-]?[\d.,eE+-]+", name) for name in names):
        raise ApprentiError("no_header", path=path, begins=", ".join(names[:5]))
