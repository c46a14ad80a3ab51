# As in train.py of pytorch, linear, table-regression

def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Write one line for each row: truth and prediction in the unit of the data."""
    predicted = outputs[:, 0] * target["deviation"] + target["mean"]
    rows = [["row", "truth", "predicted"]]
    for name, *both in zip(names, labels, predicted, strict=True):
        rows.append([name, *(f"{number:.7g}" for number in both)])
    write_table(path, rows)
