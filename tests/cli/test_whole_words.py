"""Tables on a narrow terminal: no word is broken, and what identifies a row stays."""

import io

import pytest
from rich.console import Console

from apprenti.cli.whole_words import WholeWords

ROWS = [
    ("passenger_class", "category", "12.3%", "aaaaaaa, bbbbbbbbbb, ccccccccc"),
    ("fare", "number", "", "0.5 to 512.3"),
]


def printed(width, spare=()):
    table = WholeWords(spare=spare, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("column", "kind", "missing", "range, or most frequent"):
        table.add_column(heading)
    for row in ROWS:
        table.add_row(*row)
    written = io.StringIO()
    Console(file=written, width=width, color_system=None).print(table)
    return written.getvalue()


WORDS = {word for row in ROWS for cell in row for word in cell.split()}


@pytest.mark.parametrize("width", [100, 72, 62, 50])
def test_words_stay_whole_down_to_the_longest(width):
    text = printed(width)
    assert set(text.split()) >= WORDS
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


def test_what_has_no_room_is_left_out_and_not_cut():
    text = printed(34, spare=(3, 2))
    assert "passenger_class" in text and "category" in text
    assert "aaaaaaa" not in text
    assert "12.3%" in text
    assert "12.3%" not in printed(26, spare=(3, 2))


def test_a_number_is_not_broken_where_its_space_is_no_break():
    table = WholeWords(spare=(1,), box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for cell in ("1\u202f000\u202f000", "97,25\u202f%", "1,1\u202fs"):
        table.add_column(cell)
    assert table.narrowest(Console(width=100)) == 9 + 1 + 7 + 1 + 5
    written = io.StringIO()
    Console(file=written, width=20, color_system=None).print(table)
    assert written.getvalue().split("\n")[0].rstrip() == "1\u202f000\u202f000 1,1\u202fs"


def test_a_table_printed_on_a_narrow_terminal_is_whole_again_on_a_wide_one():
    table = WholeWords(spare=(1,), box=None)
    table.add_column("one")
    table.add_column("two")
    table.add_row("a" * 20, "b" * 20)
    written = io.StringIO()
    for width in (25, 80):
        Console(file=written, width=width, color_system=None).print(table)
    assert written.getvalue().count("b" * 20) == 1
