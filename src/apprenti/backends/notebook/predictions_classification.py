"""Predictions: ten rows of the validation set, on which the model was never trained."""

import numpy as np


def main(model, predict, valid_inputs, train, valid, labels):
    picked = np.random.default_rng(0).choice(len(valid), min(10, len(valid)), replace=False)
    probabilities = predict(model, valid_inputs[picked])
    # The class with the highest probability wins
    all_classes = np.unique(labels[np.concatenate([train, valid])])
    predictions = all_classes[probabilities.argmax(axis=1)]
    truths = labels[valid[picked]]
    return picked, predictions, truths
