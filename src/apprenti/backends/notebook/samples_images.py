"""Samples: images of the training set as the model sees them, each under its label."""

import matplotlib.pyplot as plt


def main(train_inputs, labels, train):
    figure, places = plt.subplots(2, 6, figsize=(12, 4.5))
    for place in places.flat:
        place.axis("off")
    for place, image, label in zip(places.flat, train_inputs, labels[train], strict=False):
        place.imshow(image, cmap="gray")
        # Without parse_math a label with two dollar signs would be set as a formula
        place.set_title(label, parse_math=False)
    plt.show()
    return figure
