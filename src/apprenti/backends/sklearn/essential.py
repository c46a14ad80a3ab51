"""Training: scikit-learn does it in one call, so the history has one line."""

import os
from pathlib import Path

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from apprenti.backends.common.classification import make_targets
from apprenti.backends.common.correct import correct
from apprenti.backends.common.early_stopping import has_patience_ended
from apprenti.backends.common.idx import read
from apprenti.backends.common.impute_scale_encode_short import prepare_both
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split
from apprenti.backends.sklearn.boosting import fit_trees, keep_trees
from apprenti.backends.sklearn.classification import predict, predict_stages
from apprenti.backends.sklearn.linear import build_model


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
    if config.untaught:
        train_targets, valid_targets, classes = make_targets(labels, train, valid)
    else:
        train_targets, valid_targets, _ = make_targets(labels, train, valid)
    model = build_model(config, len(train))
    if config.untaught:
        model.outputs = len(classes)
    if config.early_stopping:
        # %% Training: one tree after another, as long as the validation loss gets lower.
        rows, targets = train_inputs.reshape(len(train), -1), train_targets.ravel()
        if config.class_weights == "balanced":
            # Each row counts: the fewer rows its class has, the more
            weights = compute_sample_weight("balanced", train_targets)
        else:
            weights = None
        model = fit_trees(model, rows, targets, weights, valid_inputs, valid_targets, config)
    else:
        # %% Training: scikit-learn does it in one call, so the history has one line.
        if config.class_weights == "balanced":
            # Each row counts: the fewer rows its class has, the more
            weights = compute_sample_weight("balanced", train_targets)
            rows = train_inputs.reshape(len(train), -1)
            model.fit(rows, train_targets, sample_weight=weights)
        else:
            model.fit(train_inputs.reshape(len(train), -1), train_targets.ravel())
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
    if config.early_stopping:
        if config.train > 10_000:
            stages = predict_stages(model, train_inputs[drawn])
        else:
            stages = predict_stages(model, train_inputs)
        history = []
        # An iteration adds a tree, or one for each class: it counts as an epoch
        for learned, checked in zip(stages, predict_stages(model, valid_inputs), strict=True):
            if has_patience_ended(history, config):
                break
            if config.train > 10_000:
                row = measure("train", learned, train_targets[drawn])
            else:
                row = measure("train", learned, train_targets)
            history.append(row | measure("valid", checked, valid_targets))
            print(len(history), *(f"{n} {value}" for n, value in history[-1].items()), sep="  ")
        losses = [row["valid_loss"] for row in history]
        best = max(i for i, loss in enumerate(losses, start=1) if loss == min(losses))
        model = keep_trees(model, best)  # The trees that came after it do harm
    else:
        if config.train > 10_000:
            learned = measure("train", predict(model, train_inputs[drawn]), train_targets[drawn])
        else:
            learned = measure("train", predict(model, train_inputs), train_targets)
        history = [learned | measure("valid", predict(model, valid_inputs), valid_targets)]
        print(*(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
