"""Result: a model trained in one call has no curve, but two results to compare."""

import matplotlib.pyplot as plt


def main(history):
    # The loss, and the measure beside it: both on the training and on the validation set
    kinds = [column.removeprefix("train_") for column in history[0] if column.startswith("train_")]
    figure, panels = plt.subplots(1, len(kinds), figsize=(9, 4))
    for panel, kind in zip(panels, kinds, strict=True):
        # Where training is much better than validation, the model overfits
        reached = [history[0][f"{part}_{kind}"] for part in ("train", "valid")]
        panel.bar_label(panel.bar(("train", "valid"), reached), fmt="%.3f")
        panel.set(title=kind, ymargin=0.1)
    plt.show()
    return figure
