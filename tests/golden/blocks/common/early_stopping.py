# As in train.py of sklearn, boosting, digits, early_stopping=3

# %% Early stopping: what comes after the best epoch does harm, so its model is the one to keep.
def has_patience_ended(history: list[dict], config: Config) -> bool:
    # Patience: so many epochs have passed since the one with the lowest validation loss
    losses = [row["valid_loss"] for row in history]
    return bool(losses) and len(losses) - losses.index(min(losses)) > config.early_stopping


def of_best_epoch(data: Data, best: int, history: list[dict]) -> Data:
    """Return the data with a description of the model that says of which epoch it is."""
    print(f"Kept: epoch {best} of {len(history)}, whose validation loss is lowest.")
    return data._replace(description={**data.description, "epoch": best})
