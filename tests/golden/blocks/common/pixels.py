# As in train.py of pytorch, linear, digits

# %% Preparation: pixels from 0 to 1, because networks learn better from small numbers.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    return {"scale": float(np.abs(inputs[train]).max() or 1)}  # The largest becomes 1


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.divide(inputs[some], np.float32(preparation["scale"]), dtype=np.float32)
