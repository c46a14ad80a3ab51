"""Runs that look as if they had been trained: a history, and what was chosen."""

import pytest

from apprenti import runs
from apprenti.writing import write_text

MEASURES = "epoch,train_loss,train_accuracy,valid_loss,valid_accuracy,seconds"


@pytest.fixture
def learned(tmp_path):
    """learned([0.9, 0.5], model="mlp"): a run with these validation losses."""

    def make(losses, model="mlp", framework="pytorch", head=MEASURES):
        run = runs.create(tmp_path / "runs", "any", framework)
        text = f'[model]\nkind = "{model}"\n[train]\nframework = "{framework}"\n'
        write_text(run.folder / "choices.toml", text)
        rows = [[n, loss / 2, 0.9, loss, 0.8, n / 10] for n, loss in enumerate(losses, start=1)]
        lines = [head, *(",".join(map(str, row[: head.count(",") + 1])) for row in rows)]
        write_text(run.folder / "history.csv", "\n".join(lines) + "\n")
        return run

    return make
