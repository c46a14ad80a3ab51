# As in train.py of pytorch, linear, image-folder

def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.stack([read_image(path, config) for path in inputs[some]]) / np.float32(255)
