# As in train.py of pytorch, mlp, table-streamed

# %% Target: a class. The model gives each class a probability, and the highest wins.
def describe_target(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> dict:
    """Return what turns the numbers of the classes back into labels."""
    classes = np.unique(labels[np.concatenate([train, valid])])
    return {"classes": classes.tolist(), "outputs": len(classes)}
