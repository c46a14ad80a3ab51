# As in predict.py of pytorch, linear, table-regression

# %% Predictions: one line for each new row.
def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    # Back to the unit of the data
    numbers = outputs[:, 0] * target["deviation"] + target["mean"]
    rows = [(name, f"{number:.7g}") for name, number in zip(names, numbers, strict=True)]
    header = ["row", "predicted"]
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: nobody ever sees half a file
