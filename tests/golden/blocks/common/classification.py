# As in train.py of pytorch, mlp, table-streamed

# %% Target: a class. The model gives each class a probability, and the highest wins.
def code_labels(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> tuple[dict, list]:
    """Return what turns the numbers of the classes back into labels, and those of both sets."""
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    return target, targets
