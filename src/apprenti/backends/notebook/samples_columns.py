"""Samples: rows of the training set, each behind its label."""


def main(inputs, labels, train):
    for label, row in zip(labels[train[:10]], inputs[train[:10]], strict=True):
        print(label, row, sep="  ")
