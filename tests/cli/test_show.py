"""The progress bars: one for each script, on a terminal; elsewhere the lines of each."""

import io
import json
import re

import pytest
from rich.console import Console

from apprenti.cli import show
from apprenti.script.run_local import Progress
from apprenti.train.audience import Watched
from apprenti.train.changes import Change


@pytest.fixture
def terminal(monkeypatch):
    """terminal(True): what is written where stderr is a terminal, or is none."""

    def make(is_terminal):
        written = io.StringIO()
        console = Console(file=written, force_terminal=is_terminal, width=100, color_system=None)
        monkeypatch.setattr(show, "console", lambda stderr=False: console)
        return written

    return make


ONE = Watched("mlp", "pytorch", None, 2)
OTHER = Watched("linear", "sklearn")


def test_on_a_terminal_each_script_has_a_bar_of_its_own(terminal):
    written = terminal(True)
    with show.Bars() as bars:
        one, other = bars.watch(ONE), bars.watch(OTHER)
        one.progress_to(Progress(1, 30, 60, 0.5))
        bars.leave(other)
        bars.progress.refresh()
    last = re.split(r"\x1b\[2K", written.getvalue())
    lines = "\n".join(last)
    assert "perceptron (MLP), PyTorch" in lines
    assert "epoch 1/2  step 30/60  loss 0.500" in lines
    assert "logistic regression, scikit-learn" in lines
    assert "done" in lines
    assert bars.progress.tasks[0].percentage == 25
    assert bars.progress.tasks[1].finished


def test_elsewhere_the_lines_of_each_are_told_apart(terminal):
    written = terminal(False)
    with show.Bars() as bars:
        one, other = bars.watch(ONE), bars.watch(OTHER)
        one.line("epoch 1")
        other.line("epoch 1")
        one.progress_to(Progress(1, 30, 60, 0.5))
        bars.leave(one)
    assert written.getvalue().splitlines() == [
        "  perceptron (MLP), PyTorch  epoch 1",
        "  logistic regression, scikit-learn  epoch 1",
    ]


def test_somebody_s_own_script_has_the_name_of_its_file(terminal):
    written = terminal(False)
    with show.Bars() as bars:
        bars.watch(Watched("[red]mine.py")).line("hello")
    assert written.getvalue() == "  [red]mine.py  hello\n"


def test_changed_data_are_told_before_the_bars(terminal):
    written = terminal(False)
    with show.Bars() as bars:
        bars.changed(Change("a.csv", "2026-01-01-001-mlp-pytorch"))
    assert "a.csv has changed since the run 2026-01-01-001-mlp-pytorch" in written.getvalue()


HARMFUL = "a\x1b[31mb\x1b]0;title\x07c\u202ed\x9be\x7f"
"""It would change colours, name the window, turn the direction of writing."""


@pytest.mark.parametrize("how", ["table", "words", "line of a script", "JSON"])
def test_what_a_terminal_would_obey_never_reaches_it(how, capsys):
    out = show.console()
    if how == "table":
        table = show.plain_table(HARMFUL)
        table.add_column(HARMFUL)
        table.add_row(HARMFUL)
        out.print(table)
    elif how == "words":
        show.tell(out, HARMFUL, style="bold")
    elif how == "JSON":
        show.print_json({"note": HARMFUL})
    else:
        show.Bar(show.Bars().progress, HARMFUL, 1).line(HARMFUL)
    said = capsys.readouterr()
    written = said.out + said.err
    assert "a" in written and "[31mb" in written
    assert not set(written) & {"\x1b", "\x07", "\u202e", "\x9b", "\x7f"}
    if how == "JSON":
        assert json.loads(written) == {"note": HARMFUL}
