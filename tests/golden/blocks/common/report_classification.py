# As in train.py of pytorch, linear, digits

def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Write one line for each row: truth, prediction, the probability of each class."""
    classes = every = target["classes"]
    rows = [["row", "truth", "predicted", "confidence", *(f"probability_{name}" for name in every)]]
    for name, truth, scores in zip(names, labels, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, truth, classes[scores.argmax()], *numbers])
    write_table(path, rows)
