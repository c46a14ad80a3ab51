"""Training: scikit-learn goes through one epoch, we look at the result and go on."""

import os
import time
import warnings

import skops.io

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure import measure_epoch
from apprenti.backends.common.report import report_epoch, write_table
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict, train_one_epoch

# The only things besides ordinary models that a checkpoint may contain
TRUSTED = [
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
]

# In the middle of an epoch scikit-learn answers Ctrl-C with a warning and goes on: stop instead
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config) -> list[dict]:
    history = load_checkpoint(model, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, history, config)
    except (KeyboardInterrupt, UserWarning):
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(model, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    return history


def save_checkpoint(model, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "model": model, "history": history}
    skops.io.dump(state, "checkpoint.tmp")
    os.replace("checkpoint.tmp", "checkpoint.skops")


def load_checkpoint(model, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not os.path.exists("checkpoint.skops"):
        return []
    # skops runs no code, and refuses what is neither ordinary nor listed above
    state = skops.io.load("checkpoint.skops", trusted=TRUSTED)
    # Other settings make another run, which starts from nothing
    if state["settings"] != repr(config):
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]
