"""What is shown never steers a terminal, and stays readable."""

import io
import json

import pytest

from apprenti.cli import show
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.printable import printable

STEERING = [
    *("\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x00", "\r", "\x7f"),
    *("\u202e", "\u2066", "\u2028", "\udc80"),
]


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_what_steers_is_written_out_everywhere(text, capsys):
    name = f"a{text}b"
    shown = printable(name)
    assert shown.isprintable() and shown.startswith("a\\u") and shown.endswith("b")
    error = ApprentiError("source_missing", path=name, nearest=name)
    for told in (shown, str(error), say("cli.here.title", name=name)):
        assert text not in told and told.isprintable()
    out = show.console()
    out.print(name)
    table = show.plain_table(name)
    table.add_column(name)
    table.add_row(name)
    out.print(table)
    show.tell(out, name)
    assert text not in capsys.readouterr().out


def test_ordinary_texts_stay_as_they_are():
    for text in ("été\n", "a\tb", "« x »", "👨\u200d👩", "עברית", "[bold]"):
        assert printable(text) == text
    assert printable("a\r\nb") == "a\nb"


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_json_says_the_same_and_steers_nothing(text, monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    show.print_json({"name": text})
    assert json.loads(written.getvalue()) == {"name": text}
    assert text not in written.getvalue() and written.getvalue().rstrip("\n").isprintable()
