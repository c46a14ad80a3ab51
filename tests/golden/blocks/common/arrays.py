# As in train.py of pytorch, linear, arrays-images

# %% Reading: two NumPy arrays in one .npz file, the inputs and their labels.
def read(path: Path, config: Config) -> tuple:
    with np.load(path, allow_pickle=False) as arrays:  # Opening it runs no code
        inputs, labels = arrays[config.inputs_array], arrays[config.labels_array]
    return inputs, labels, np.arange(len(labels))
