"""Samples: rows of the training set; the test rows are not looked at before the end."""

from IPython.display import display


def main(inputs, labels, train, config):
    samples = inputs.iloc[train[:10]]
    # The target, which was removed from the inputs, comes last
    display(samples.assign(**{config.target: labels[train[:10]]}))
