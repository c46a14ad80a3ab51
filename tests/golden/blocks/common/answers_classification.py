# As in predict.py of pytorch, linear, digits

# %% Predictions: one line for each new row.
def write_answers(path: Path, names, probabilities: np.ndarray, description: dict) -> None:
    classes = description["classes"]
    every = [f"probability_{name}" for name in classes] if len(classes) <= 20 else []
    rows = [["row", "predicted", "confidence", *every]]
    for name, scores in zip(names, probabilities, strict=True):
        best = scores.argmax()
        numbers = [f"{score:.6f}" for score in (scores[best], *scores[: len(every)])]
        rows.append([name, classes[best], *numbers])
    write_table(path, rows)
