"""Training: an explicit loop, nothing hidden."""

import math
import os
import time

import torch
from torch import nn

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure import measure_epoch
from apprenti.backends.common.report import (
    report_epoch,
    report_progress,
    write_table,
)
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.batches import as_tensors, shuffled
from apprenti.backends.pytorch.classification import LOSS, predict

OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def build_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    # "fused" corrects all the weights in one go, which is the fastest way
    optimizer = OPTIMIZERS[config.optimizer]
    return optimizer(model.parameters(), lr=config.learning_rate, fused=True)


def train(model: nn.Module, data: Data, config: Config) -> list[dict]:
    optimizer = build_optimizer(model, config)
    inputs, targets = as_tensors(data)
    steps = -(-len(inputs) // config.batch_size)
    history = load_checkpoint(model, optimizer, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, optimizer, batches, steps, epoch, config)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, optimizer, history, config)
    except KeyboardInterrupt:
        # Ctrl-C: go back to the end of the last whole epoch, and finish properly
        history = load_checkpoint(model, optimizer, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    return history


def train_on(model, optimizer, batches, steps: int, epoch: int, config: Config) -> None:
    model.train()
    # Large corrections to come near, then smaller and smaller ones to settle: half a wave
    done = (epoch - 1) / config.epochs if config.schedule == "cosine" else 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * (1 + math.cos(math.pi * done)) / 2
    pause = max(1, min(100, steps // 20))
    for step, (rows, targets) in enumerate(batches, start=1):
        # How wrong is the model on these rows?
        loss = LOSS(model(rows), targets)
        # In which direction should each weight move?
        optimizer.zero_grad()
        loss.backward()
        # Move each a little in that direction
        optimizer.step()
        if step % pause == 0:
            report_progress(epoch, step, steps, loss.item())


def save_checkpoint(model, optimizer, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "history": history}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, "checkpoint.tmp")
    os.replace("checkpoint.tmp", "checkpoint.pt")


def load_checkpoint(model, optimizer, config: Config) -> list[dict]:
    """Return the history of a stopped run and bring its weights back; else an empty one."""
    if not os.path.exists("checkpoint.pt"):
        return []
    # weights_only: opening a file must never run code
    state = torch.load("checkpoint.pt", weights_only=True)
    # Other settings make another run, which starts from nothing
    if state["settings"] != repr(config):
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]
