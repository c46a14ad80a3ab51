# As in train.py of pytorch, linear, idx

def read(path: Path, config: Config) -> Rows:
    inputs, labels = (read_idx(path / name) for name in config.files)
    return Rows(inputs, labels, np.arange(len(labels)))
