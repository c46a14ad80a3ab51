# As in train.py of pytorch, linear, idx

def read(path: Path, config: Config) -> tuple:
    inputs, labels = (read_idx(path / name) for name in config.files)
    return inputs, labels, np.arange(len(labels))
