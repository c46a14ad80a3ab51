"""Training: scikit-learn goes through one epoch, we look at the result and go on."""

import os
import time
import warnings
from pathlib import Path

import skops.io

from apprenti.backends.common.data import Data, origin_of
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict, train_one_epoch
from apprenti.backends.sklearn.mlp import PARTS
from apprenti.backends.sklearn.parts import open_parts

# In the middle of an epoch scikit-learn meets Ctrl-C with a warning and goes on: stop instead
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures an epoch, and how the training ended."""
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data.train_inputs, data.train_targets, data.target)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                save_checkpoint(folder, model, history, origin)
            if stop(history):
                return history, "stopped early"
    except (KeyboardInterrupt, UserWarning):
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(folder, model, origin)
        if not history:
            raise
        report_epoch(folder, history)
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
        return history, "interrupted"
    return history, "finished"


def save_checkpoint(folder: Path, model, history: list[dict], origin: str) -> None:
    state = {"origin": origin, "model": model, "history": history}
    skops.io.dump(state, folder / "checkpoint.tmp")
    os.replace(folder / "checkpoint.tmp", folder / "checkpoint.skops")
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        skops.io.dump(model, folder / "best.tmp")
        os.replace(folder / "best.tmp", folder / "model" / "best.skops")


def load_checkpoint(folder: Path | None, model, origin: str) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not folder or not (folder / "checkpoint.skops").exists():
        return []
    state = open_parts(folder / "checkpoint.skops", PARTS)
    # Other code, settings or data make another run, which starts from nothing
    if state["origin"] != origin:
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]
