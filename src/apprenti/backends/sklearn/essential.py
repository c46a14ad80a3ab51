"""Training: scikit-learn does it in one call, so the history has one line."""

import os
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from apprenti.backends.common.classification import code, describe_target
from apprenti.backends.common.idx import read
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import TRAIN, VALID, line_up, split
from apprenti.backends.sklearn.classification import as_rows, build_model, predict


def main(config: Config) -> None:
    threadpool_limits(config.threads)
    if config.data:
        folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
        paths = [folder / config.data for folder in folders]
        path = next((path for path in paths if path.exists()), paths[0])
    else:
        path = None
    rows = read(path, config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    train, valid = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    preparation = fit_preparation(rows.inputs, train, config)
    train_inputs = prepare(rows.inputs, train, preparation, config)
    valid_inputs = prepare(rows.inputs, valid, preparation, config)
    target = describe_target(rows.labels, train, valid)
    train_targets = code(rows.labels[train], target)
    valid_targets = code(rows.labels[valid], target)
    model = build_model(config, len(train))
    # %% Training: scikit-learn does it in one call, so the history has one line.
    model.fit(as_rows(train_inputs), train_targets.ravel())
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
        sample_inputs, sample_targets = train_inputs[drawn], train_targets[drawn]
    if config.train > 10_000:
        learned = measure("train", predict(model, sample_inputs), sample_targets)
    else:
        learned = measure("train", predict(model, train_inputs), train_targets)
    history = [learned | measure("valid", predict(model, valid_inputs), valid_targets)]
    print(*(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
