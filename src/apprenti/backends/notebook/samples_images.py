"""Samples: images of the training set as the model sees them, each under its label."""

import matplotlib.pyplot as plt


def main(train_inputs, labels, train):
    figure, panels = plt.subplots(2, 6, figsize=(12, 4.5))
    for panel in panels.flat:
        panel.axis("off")
    for panel, image, label in zip(panels.flat, train_inputs, labels[train], strict=False):
        panel.imshow(image, cmap="gray")
        # Without parse_math a label with two dollar signs would be set as a formula
        panel.set_title(label, parse_math=False)
    plt.show()
    return figure
