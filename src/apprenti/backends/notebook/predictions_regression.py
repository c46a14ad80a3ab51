"""Predictions: ten rows of the validation set, on which the model was never trained."""

import numpy as np


def main(model, predict, valid_inputs, train, valid, labels):
    picked = np.random.default_rng(0).choice(len(valid), min(10, len(valid)), replace=False)
    estimates = predict(model, valid_inputs[picked])[:, 0]
    # Back to the unit of the data
    target_mean, target_deviation = labels[train].mean(), labels[train].std() or 1.0
    predictions = [f"{x:.5g}" for x in estimates * target_deviation + target_mean]
    truths = [f"{x:.5g}" for x in labels[valid[picked]]]
    return picked, predictions, truths
