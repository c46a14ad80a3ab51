"""Curve: epoch after epoch the loss should fall, and the other measure rise."""

import matplotlib.pyplot as plt


def main(history):
    # The loss, and the measure beside it: both on the training and on the validation set
    kinds = [column.removeprefix("train_") for column in history[0] if column.startswith("train_")]
    figure, panels = plt.subplots(1, len(kinds), figsize=(11, 4))
    for panel, kind in zip(panels, kinds, strict=True):
        # Where the validation curve alone gets worse, the model overfits
        for part in ("train", "valid"):
            reached = [row[f"{part}_{kind}"] for row in history]
            panel.plot(range(1, len(history) + 1), reached, marker="o", label=part)
        panel.set(title=kind, xlabel="epoch")
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.legend()
    plt.show()
    return figure
