# As in train.py of pytorch, mlp, digits, schedule=one_cycle, warm_up=1, early_stopping=3, record_updates=True

# %% Early stopping: what comes after the best epoch does harm, so its model is the one to keep.
def best_epoch(history: list[dict]) -> int:
    """Return the epoch with the lowest validation loss; of several alike, the latest."""
    losses = [row["valid_loss"] for row in history]
    lowest = min(losses)
    return max((n for n, loss in enumerate(losses, 1) if loss == lowest), default=len(losses))


def has_patience_ended(history: list[dict], config: Config) -> bool:
    """Say whether the validation loss has not been lower for so many epochs."""
    losses = [row["valid_loss"] for row in history]
    before, since = losses[: -config.early_stopping], losses[-config.early_stopping :]
    return len(before) > 0 and not any(loss < min(before) for loss in since)


def of_best_epoch(data: Data, history: list[dict]) -> Data:
    """Return the data with a description of the model that says of which epoch it is."""
    best = best_epoch(history)
    print(f"Kept: epoch {best} of {len(history)}, whose validation loss is lowest.")
    return data._replace(description={**data.description, "epoch": best})
