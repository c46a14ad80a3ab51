# As in train.py of sklearn, boosting, digits, early_stopping=3

# %% Training: one tree after another, as long as the validation loss gets lower.
def train_trees(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return a row of measures for each iteration, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    weights = None
    targets, valid_targets = data.train_targets.ravel(), data.valid_targets
    # The validation set decides: without one scikit-learn would set training rows aside
    model.set_params(early_stopping=True, n_iter_no_change=config.early_stopping, tol=0)
    valid_rows = data.valid_inputs.reshape(len(data.valid_inputs), -1)
    model.fit(rows, targets, weights, X_val=valid_rows, y_val=valid_targets.ravel())
    grown, most = len(model._predictors), model.max_iter
    seconds = (time.perf_counter() - start) / grown
    history = look_back(model, data, seconds, config, folder, stop)
    return history, "finished" if len(history) == most else "stopped early"


def look_back(model, data: Data, seconds: float, config: Config, folder: Path | None, stop) -> list:
    """Return how good the model was after each iteration, until patience has ended."""
    stages = predict_stages(model, data.train_inputs)
    history: list[dict] = []
    # An iteration adds a tree, or one for each class: it counts as an epoch
    for learned, checked in zip(stages, predict_stages(model, data.valid_inputs), strict=True):
        if has_patience_ended(history, config):
            break
        row = measure("train", learned, data.train_targets)
        row |= measure("valid", checked, data.valid_targets)
        epoch = len(history) + 1
        history.append({"epoch": epoch, **row, "seconds": round(epoch * seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
        if stop(history):
            break
    return history
