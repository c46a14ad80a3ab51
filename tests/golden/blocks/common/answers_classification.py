# As in predict.py of pytorch, linear, digits

# %% Predictions: one line for each new row.
def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    classes = every = target["classes"]
    header = ["row", "predicted", "confidence", *(f"probability_{name}" for name in every)]
    rows = []
    for name, scores in zip(names, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, classes[scores.argmax()], *numbers])
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: nobody ever sees half a file
