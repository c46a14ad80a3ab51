"""Predictions: ten rows of the validation set, on which the model was never trained."""

import matplotlib.pyplot as plt


def main(valid_inputs, picked, predictions, truths):
    print("Above each image, the prediction and, in brackets, the truth.")
    figure, panels = plt.subplots(2, 5, figsize=(12, 5))
    for panel in panels.flat:
        panel.axis("off")
    answers = zip(picked, predictions, truths, strict=True)
    for panel, (row, prediction, truth) in zip(panels.flat, answers, strict=False):
        panel.imshow(valid_inputs[row], cmap="gray")
        panel.set_title(f"{prediction} ({truth})", parse_math=False)
    plt.show()
    return figure
