"""Curve: epoch after epoch the loss should fall, and the other measure rise."""

import matplotlib.pyplot as plt


def main(history):
    # The loss, and the measure beside it: both on the training and on the validation set
    kinds = [column.removeprefix("train_") for column in history[0] if column.startswith("train_")]
    figure, places = plt.subplots(1, len(kinds), figsize=(11, 4))
    for place, kind in zip(places, kinds, strict=True):
        # Where the validation curve alone gets worse, the model overfits
        for part in ("train", "valid"):
            reached = [row[f"{part}_{kind}"] for row in history]
            place.plot(range(1, len(history) + 1), reached, marker="o", label=part)
        place.set(title=kind, xlabel="epoch")
        place.xaxis.get_major_locator().set_params(integer=True)
        place.legend()
    plt.show()
    return figure
