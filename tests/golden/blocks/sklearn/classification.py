# As in train.py of sklearn, trivial, digits

# %% Model: what it predicts: a probability for each class.
def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))
