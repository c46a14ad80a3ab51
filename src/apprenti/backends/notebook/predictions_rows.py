"""Predictions: ten rows of the validation set, on which the model was never trained."""


def main(predictions, truths):
    print("          prediction                truth")
    for prediction, truth in zip(predictions, truths, strict=True):
        print(f"{prediction!s:>20} {truth!s:>20}")
