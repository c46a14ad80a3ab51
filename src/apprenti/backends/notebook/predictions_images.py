"""Predictions: ten rows of the validation set, on which the model was never trained."""

import matplotlib.pyplot as plt


def main(valid_inputs, picked, predictions, truths):
    print("Above each image, the prediction and, in brackets, the truth.")
    figure, places = plt.subplots(2, 5, figsize=(12, 5))
    for place in places.flat:
        place.axis("off")
    answers = zip(picked, predictions, truths, strict=True)
    for place, (row, prediction, truth) in zip(places.flat, answers, strict=False):
        place.imshow(valid_inputs[row], cmap="gray")
        place.set_title(f"{prediction} ({truth})", parse_math=False)
    plt.show()
    return figure
