"""Training: an explicit loop, nothing hidden."""

import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch, show_progress
from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.augment_images import augmented
from apprenti.backends.pytorch.batches import as_tensors, shuffled
from apprenti.backends.pytorch.classification import loss_of, predict
from apprenti.backends.pytorch.updates import copy_of, record_updates


def train(model, optimizer, data, history: list, config: Config, folder, origin, stop) -> str:
    inputs, targets = as_tensors(data, config)
    for epoch in range(len(history) + 1, config.epochs + 1):
        if config.early_stopping:
            # Patience: so many epochs have passed since the one with the lowest validation loss
            losses = [row["valid_loss"] for row in history]
            if losses and len(losses) - losses.index(min(losses)) > config.early_stopping:
                return "stopped early"
        start = time.perf_counter()
        if config.dropout:
            # What dropout silences comes from a seed for this epoch alone
            torch.manual_seed(int(np.random.default_rng((config.seed, epoch)).integers(2**32)))
        batches = shuffled(inputs, targets, epoch, config)
        batches = augmented(batches, epoch, config)
        if folder and config.record_updates:
            before = copy_of(model)
        train_on(model, optimizer, batches, len(inputs), epoch, config, folder)
        if folder and config.record_updates:
            record_updates(folder, model, before, data, epoch, config)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        if config.train > 10_000:
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
        else:
            learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            save_checkpoint(folder, model, optimizer, history, origin)
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    steps = math.ceil(count / config.batch_size)
    if config.schedule == "cosine" and not config.warm_up:
        wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
        optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    if config.weight_decay or config.l1:
        # All but biases and batch normalisation, which have one dimension
        kernels = [weights.detach() for weights in model.parameters() if weights.ndim > 1]
        if not (config.warm_up or config.schedule in ("step", "one_cycle")):
            rate = optimizer.param_groups[0]["lr"]
    if config.class_weights != "none":
        class_weights = torch.tensor(config.class_weights)
    for step, (rows, targets) in enumerate(batches, start=1):
        if config.warm_up or config.schedule in ("step", "one_cycle"):
            rate = rate_of((epoch - 1) * steps + step - 1, steps, config)
            optimizer.param_groups[0]["lr"] = rate
        if config.class_weights != "none":
            # How wrong is the model, of each row as much as its class counts?
            losses = loss_of(model(rows), targets, config)
            if config.mixup or config.loss == "binary_cross_entropy":
                loss = (losses * class_weights[targets.argmax(dim=1)]).mean()
            else:
                loss = (losses * class_weights[targets]).mean()
        else:
            loss = loss_of(model(rows), targets, config)  # How wrong is it?
        optimizer.zero_grad()
        loss.backward()  # In which direction should each weight move?
        if config.clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)  # Never too far
        if config.weight_decay:
            for weights in kernels:  # Each loses the same share
                weights *= 1 - rate * config.weight_decay
        optimizer.step()  # Move each a little in that direction
        if config.l1:
            for weights in kernels:  # Each loses the same amount, but does not go past 0
                weights.copy_(nn.functional.softshrink(weights, rate * config.l1))
        if folder and step % max(1, min(100, steps // 20)) == 0:
            show_progress(folder, epoch, step, steps, loss.item())


def keep_best(folder: Path, model, history: list[dict]) -> None:
    (folder / "model").mkdir(exist_ok=True)
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        torch.save(model.state_dict(), folder / "best.tmp")  # Kept beside the last one
        os.replace(folder / "best.tmp", folder / "model" / "best.pt")


def save_checkpoint(folder: Path, model, optimizer, history: list[dict], origin: str) -> None:
    report_epoch(folder, history)
    state = {"origin": origin, "history": history, "model": model.state_dict()}
    torch.save({**state, "optimizer": optimizer.state_dict()}, folder / "checkpoint.tmp")
    os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
    keep_best(folder, model, history)


def load_checkpoint(folder: Path | None, model, optimizer, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    state = torch.load(folder / "checkpoint.pt", weights_only=True)  # Opening it runs no code
    if state["origin"] != origin:  # Of other code, settings or data
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]
