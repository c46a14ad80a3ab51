# As in predict.py of pytorch, linear, digits

# %% Predictions: one line for each new row.
def write_answers(path: Path, names, outputs: np.ndarray, target: dict, config: Config):
    classes = every = target["classes"]
    rows = [["row", "predicted", "confidence", *(f"probability_{name}" for name in every)]]
    for name, scores in zip(names, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, classes[scores.argmax()], *numbers])
    write_table(path, rows)
