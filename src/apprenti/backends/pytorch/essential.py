"""Training: an explicit loop, nothing hidden."""

import copy
import math
import os
from pathlib import Path

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.classification import balanced, make_targets
from apprenti.backends.common.correct import correct
from apprenti.backends.common.idx import read
from apprenti.backends.common.impute_scale_encode_short import prepare_both
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split
from apprenti.backends.pytorch.augment_images import augment
from apprenti.backends.pytorch.classification import EachClass, loss_of, predict
from apprenti.backends.pytorch.initial_weights import draw_weights
from apprenti.backends.pytorch.mlp import build_model
from apprenti.backends.pytorch.optimizer import build_optimizer


def main(config: Config) -> None:
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    if config.data:
        folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
        path = next((f for f in folders if (f / config.data).exists()), Path()) / config.data
    else:
        path = None
    if config.split_by == config.target:
        if config.labels:
            inputs, labels, names = read(path, config)
        else:
            inputs, labels, _ = read(path, config)
        train, valid, _ = split(labels, config)
    else:
        if config.labels:
            inputs, labels, names, by = read(path, config)
        else:
            inputs, labels, _, by = read(path, config)
        train, valid, _ = split(by, config)
    if config.labels:
        labels = correct(labels, names, np.concatenate([train, valid]), config)
    if config.at_once:
        train_inputs, valid_inputs, text_sizes = prepare_both(inputs, train, valid, config)
        if config.texts and config.word_dropout:
            config = config._replace(word_columns=text_sizes)
    else:
        preparation = fit_preparation(inputs, train, config)
        train_inputs = prepare(inputs, train, preparation, config)
        valid_inputs = prepare(inputs, valid, preparation, config)
    train_targets, valid_targets, classes = make_targets(labels, train, valid)
    model = build_model(config, train_inputs.shape[1:], 1 if config.regression else len(classes))
    if config.initial_weights != "default":
        draw_weights(model, config)
    if config.loss == "binary_cross_entropy":
        model = nn.Sequential(model, EachClass())
    # %% Training: an explicit loop, nothing hidden.
    optimizer = build_optimizer(model, config)
    inputs, targets = torch.from_numpy(train_inputs), torch.from_numpy(train_targets)
    if (config.mixup and not config.regression) or config.loss == "binary_cross_entropy":
        # Each class has its share of the truth
        targets = nn.functional.one_hot(targets, len(classes)).float()
    if config.train > 10_000:
        random = np.random.default_rng(config.split_seed)  # Ten thousand rows are enough to measure
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
    if config.weight_decay or config.l1:
        # All but biases and batch normalisation, which have one dimension
        kernels = [weights.detach() for weights in model.parameters() if weights.ndim > 1]
    if config.class_weights == "balanced":
        weight_of = balanced(train_targets)
        class_weights = torch.tensor(weight_of)
    history = []
    if config.warm_up or config.schedule in ("step", "one_cycle"):
        update, steps = 0, math.ceil(len(inputs) / config.batch_size)
    for epoch in range(1, config.epochs + 1):
        model.train()
        if config.dropout:
            # What dropout silences comes from a seed for this epoch alone
            torch.manual_seed(int(np.random.default_rng((config.seed, epoch)).integers(2**32)))
        if config.schedule == "cosine" and not config.warm_up:
            wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
            optimizer.param_groups[0]["lr"] = config.learning_rate * wave
        if config.weight_decay or config.l1:
            if not (config.warm_up or config.schedule in ("step", "one_cycle")):
                rate = optimizer.param_groups[0]["lr"]
        shuffled = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
        if (config.shift or config.rotation or config.zoom or config.flip) or (
            (config.texts and config.word_dropout) or config.noise or config.mixup
        ):
            # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
            random = np.random.default_rng((config.seed, epoch, 1))
        for batch in torch.from_numpy(shuffled).split(config.batch_size):
            if config.warm_up or config.schedule in ("step", "one_cycle"):
                rate = rate_of(update, steps, config)
                optimizer.param_groups[0]["lr"], update = rate, update + 1
            if (config.shift or config.rotation or config.zoom or config.flip) or (
                (config.texts and config.word_dropout) or config.noise or config.mixup
            ):
                rows, truth = augment(inputs[batch], targets[batch], random, config)
            elif config.class_weights == "balanced":
                rows, truth = inputs[batch], targets[batch]
            if config.class_weights == "balanced":
                # How wrong is the model, of each row as much as its class counts?
                losses = loss_of(model(rows), truth, config)
                if config.mixup or config.loss == "binary_cross_entropy":
                    loss = (losses * class_weights[truth.argmax(dim=1)]).mean()
                else:
                    loss = (losses * class_weights[truth]).mean()
            elif (config.shift or config.rotation or config.zoom or config.flip) or (
                (config.texts and config.word_dropout) or config.noise or config.mixup
            ):
                loss = loss_of(model(rows), truth, config)  # How wrong is it?
            else:
                loss = loss_of(model(inputs[batch]), targets[batch], config)  # How wrong is it?
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
        if config.train > 10_000:
            learned = measure("train", predict(model, train_inputs[drawn]), train_targets[drawn])
        else:
            learned = measure("train", predict(model, train_inputs), train_targets)
        history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
        print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
        if config.early_stopping:
            losses = [row["valid_loss"] for row in history]
            if epoch == 1 or losses[-1] <= min(losses):
                best = copy.deepcopy(model.state_dict())
            # Patience: so many epochs have passed since the one with the lowest validation loss
            if len(losses) - losses.index(min(losses)) > config.early_stopping:
                break
    if config.early_stopping:
        model.load_state_dict(best)  # The model of the best epoch, not that of the last
