"""Which epoch is the best, and when patience is over: decided by the history alone."""

import math

import pytest

from apprenti import runs
from apprenti.backends.common.data import Data
from apprenti.backends.common.early_stopping import (
    best_epoch,
    has_patience_ended,
    of_best_epoch,
)
from apprenti.backends.common.settings import Config

NAN = math.nan


def history(*losses):
    return [{"epoch": n, "valid_loss": loss} for n, loss in enumerate(losses, start=1)]


def ended_at(patience, *losses):
    """Return the number of epochs after which a training with these losses stops by its rule."""
    config, rows = Config(early_stopping=patience), history(*losses)
    every = range(len(rows) + 1)
    return next((n for n in every if has_patience_ended(rows[:n], config)), None)


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([3, 2, 1, 2, 3], 3),
        ([1], 1),
        ([3, 2, 2, 3], 3),
        ([2, 2, 2], 3),
        ([2, 1, NAN], 2),
        ([NAN], 1),
        ([NAN, NAN, NAN], 3),
        ([2, math.inf, 1], 3),
    ],
)
def test_the_best_epoch_has_the_lowest_loss_and_the_workbench_says_the_same(losses, best):
    assert best_epoch(history(*losses)) == best
    assert runs.best_epoch(history(*losses)) == best


@pytest.mark.parametrize(
    ("patience", "losses", "end"),
    [
        (2, [3, 2, 1, 2, 2, 2], 5),
        (1, [3, 2, 2], 3),
        (3, [5, 4, 6, 6, 3, 6, 6, 6, 6], 8),
        (3, [1, 1, 1, 1, 1], 4),
        (5, [5, 4, 3, 2, 1], None),
        (9, [1, 2, 3], None),
        (2, [3, NAN, NAN, NAN], 3),
        (2, [NAN, NAN, NAN], 3),
        (1, [1], None),
    ],
)
def test_patience_is_over_after_so_many_epochs_without_a_lower_loss(patience, losses, end):
    assert ended_at(patience, *losses) == end


def test_the_description_of_the_model_says_of_which_epoch_it_is(capsys):
    data = Data(None, None, None, None, None, {"outputs": 3})
    assert of_best_epoch(data, 2, history(3, 1, 2)).description == {"outputs": 3, "epoch": 2}
    assert data.description == {"outputs": 3}
    assert "epoch 2 of 3" in capsys.readouterr().out


def test_the_row_that_counts_is_that_of_the_epoch_or_else_the_last():
    rows = history(3, 1, 2)
    assert runs.kept_row(rows, 2) == rows[1]
    assert runs.kept_row(rows, None) == rows[2]
    # A file that somebody edited may name an epoch that never was
    assert runs.kept_row(rows, 7) == runs.kept_row(rows, 0) == rows[2]
    assert runs.kept_row([], 1) == {}
