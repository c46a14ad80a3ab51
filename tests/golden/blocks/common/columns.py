# As in train.py of pytorch, linear, arrays-columns

# %% Preparation: every column gets mean 0 and standard deviation 1, so none outweighs another.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    # Only the training rows decide; a constant column is left as it is
    mean = inputs[train].mean(axis=0, dtype=np.float64)
    deviation = inputs[train].std(axis=0, dtype=np.float64)
    return {"mean": mean.tolist(), "deviation": np.where(deviation > 0, deviation, 1).tolist()}


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.float32((inputs[some] - preparation["mean"]) / preparation["deviation"])
