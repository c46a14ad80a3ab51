# As in train.py of sklearn, trivial, table-regression

# %% Model: what it predicts: one number for each row.
def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict(inputs.reshape(len(inputs), -1))[:, None]
