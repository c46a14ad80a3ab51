# As in evaluate.py of pytorch, linear, digits

# %% What is left behind: the history, the predictions and a description of the model.
def write_predictions(path: Path, known, outputs: np.ndarray, target: dict, config: Config):
    header = ["row", "truth", "predicted", "confidence"]
    header += [f"probability_{name}" for name in target["classes"]]
    rows = []
    for name, truth, scores in zip(*known, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, truth, target["classes"][scores.argmax()], *numbers])
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: no reader ever sees half a file
