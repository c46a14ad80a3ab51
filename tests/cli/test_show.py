"""The progress bars: one for each script, on a terminal; elsewhere the lines of each."""

import io
import json
import re

import pytest
from rich.console import Console

from apprenti import language
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
        monkeypatch.setattr(show, "console", lambda stderr=False, elsewhere=0: console)
        return written

    return make


ONE = Watched("mlp", "pytorch", None, 2)
OTHER = Watched("linear", "sklearn")


EPOCH = "epoch {}  train_loss 0.3  valid_loss 0.25  valid_accuracy 0.95  seconds 9"


def test_on_a_terminal_each_script_has_one_line_that_lives(terminal):
    written = terminal(True)
    with show.Bars() as bars:
        one, other = bars.watch(ONE), bars.watch(OTHER)
        one.progress_to(Progress(1, 30, 60, 0.5))
        bars.progress.refresh()
        one.line(EPOCH.format(1))
        one.progress_to(Progress(2, 30, 60, 0.4))
        bars.leave(other)
        bars.progress.refresh()
    before, after = re.split(r"epoch 2/2", written.getvalue(), maxsplit=1)
    assert "MLP, PyTorch" in before
    assert "epoch 1/2  loss 0.500" in before
    # What the last whole epoch gave stays in sight
    assert "accuracy 95.00%" in after
    assert "logistic regression, scikit-learn" in after
    assert "done" in after
    assert bars.progress.tasks[0].percentage == 75
    assert bars.progress.tasks[1].finished
    assert "train_loss" not in written.getvalue()


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_elsewhere_epochs_are_told_in_words_and_numbers_of_the_language(terminal, tongue):
    language.choose(tongue)
    written = terminal(False)
    with show.Bars() as bars:
        one, other = bars.watch(ONE), bars.watch(OTHER)
        one.line(EPOCH.format(1))
        other.line(EPOCH.format(1))
        one.progress_to(Progress(1, 30, 60, 0.5))
        bars.leave(one)
    assert (
        written.getvalue().splitlines()
        == {
            "en": [
                "On the validation set, during training:",
                "  MLP, PyTorch, epoch 1/2: loss 0.2500, accuracy 95.00%",
                "  logistic regression, scikit-learn: loss 0.2500, accuracy 95.00%",
            ],
            "fr": [
                "Sur le jeu de validation, pendant l'entraînement\u202f:",
                "  MLP, PyTorch, époque 1/2\u202f: perte 0,2500, exactitude 95,00\u202f%",
                "  régression logistique, scikit-learn\u202f: "
                "perte 0,2500, exactitude 95,00\u202f%",
            ],
        }[tongue]
    )


@pytest.mark.parametrize("epochs", [1, 2, 5, 7, 20, 50, 100, 999, 100_000])
def test_of_however_many_epochs_few_are_told_and_the_last_is_among_them(epochs):
    told = [epoch for epoch in range(1, epochs + 1) if show.is_told(epoch, epochs)]
    assert told[0] == 1 and told[-1] == epochs
    assert len(told) <= 6
    assert sum(show.is_told(epoch, 1) for epoch in range(2, 10_001)) < 40


def test_who_wants_quiet_hears_of_the_data_alone(terminal):
    written = terminal(False)
    with show.Bars(quiet=True) as bars:
        bar = bars.watch(ONE)
        bar.line(EPOCH.format(1))
        bar.line("hello")
        assert written.getvalue() == ""
        bars.changed(Change("a.csv", "2026-01-01-001-mlp-pytorch"))
    assert "a.csv has changed" in written.getvalue()


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
        show.Bar(show.Bars(), HARMFUL, 1).line(HARMFUL)
    said = capsys.readouterr()
    written = said.out + said.err
    assert "a" in written and "[31mb" in written
    assert not set(written) & {"\x1b", "\x07", "\u202e", "\x9b", "\x7f"}
    if how == "JSON":
        assert json.loads(written) == {"note": HARMFUL}


@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize("width", [62, 80, 120])
def test_the_lines_that_live_fit_the_terminal_with_the_names_whole(monkeypatch, width, tongue):
    language.choose(tongue)
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, color_system=None)
    monkeypatch.setattr(show, "console", lambda stderr=False, elsewhere=0: console)
    with show.Bars() as bars:
        shown = [bars.watch(Watched("mlp", "tensorflow", None, 100)), bars.watch(OTHER)]
        for bar in shown:
            bar.line(EPOCH.format(1))
            bar.progress_to(Progress(1, 30, 60, 0.5))
        bars.progress.refresh()
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written.getvalue().replace("\r", "\n")).split(
        "\n"
    )
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines if "95" in line)
    (last,) = {
        line.split("  ")[0].strip() for line in lines if "TensorFlow" in line and "95" in line
    }
    assert last.endswith("MLP, TensorFlow")
