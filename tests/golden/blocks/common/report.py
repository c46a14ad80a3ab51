# As in train.py of pytorch, linear, digits

# %% What is left behind: the history, the predictions and a description of the model.
def write_table(path: Path, header, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # In one go: nobody ever sees half a file


def ending(history: list[dict], stop) -> str:
    """Return how the training has ended, if it has; a model that knows nothing has a loss of 1."""
    if not history[-1]["train_loss"] < 1e6:
        print("Diverged: try a smaller learning rate.", flush=True)
        return "diverged"
    return "stopped early" if stop(history) else ""
