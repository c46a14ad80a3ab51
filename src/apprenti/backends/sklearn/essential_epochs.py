"""Training: scikit-learn goes through one epoch, we look at the result and go on."""

import copy
import os
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from apprenti.backends.common.classification import make_targets
from apprenti.backends.common.correct import correct
from apprenti.backends.common.idx import read
from apprenti.backends.common.impute_scale_encode_short import prepare_both
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split
from apprenti.backends.sklearn.classification import predict
from apprenti.backends.sklearn.mlp import build_model


def main(config: Config) -> None:
    threadpool_limits(config.threads)
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
        train_inputs, valid_inputs, _ = prepare_both(inputs, train, valid, config)
    else:
        preparation = fit_preparation(inputs, train, config)
        train_inputs = prepare(inputs, train, preparation, config)
        valid_inputs = prepare(inputs, valid, preparation, config)
    train_targets, valid_targets, classes = make_targets(labels, train, valid)
    model = build_model(config, len(train))
    # %% Training: scikit-learn goes through one epoch, we look at the result and go on.
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
    rows = train_inputs.reshape(len(train), -1)  # Each row is laid out flat
    history = []
    for epoch in range(1, config.epochs + 1):
        # partial_fit goes once through all of them, in batches, and remembers where it is
        if config.regression:
            model.partial_fit(rows, train_targets.ravel())
        else:
            model.partial_fit(rows, train_targets, classes=np.arange(len(classes)))
        if config.train > 10_000:
            learned = measure("train", predict(model, train_inputs[drawn]), train_targets[drawn])
        else:
            learned = measure("train", predict(model, train_inputs), train_targets)
        history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
        print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
        if config.early_stopping:
            losses = [row["valid_loss"] for row in history]
            if epoch == 1 or losses[-1] <= min(losses):
                best = copy.deepcopy(model)
            # Patience: so many epochs have passed since the one with the lowest validation loss
            if len(losses) - losses.index(min(losses)) > config.early_stopping:
                break
    if config.early_stopping:
        model = best  # That of the best epoch, not that of the last
