# As in train.py of sklearn, trivial, digits

# %% Training: scikit-learn does it in one call, so the history has one line.
def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    model.fit(rows, data.train_targets.ravel())
    seconds = time.perf_counter() - start
    learned = measure("train", predict(model, data.train_inputs), data.train_targets)
    checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
    history = [{"epoch": 1, **learned, **checked, "seconds": round(seconds, 3)}]
    if folder:
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
    return history, "finished"
