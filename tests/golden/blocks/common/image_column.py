# As in train.py of pytorch, cnn, image-table

# %% Columns: the target, and the one that names the files of the images.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    # Rows without a target cannot be used
    table = table.dropna(subset=[config.target])
    # The names are written from the folder of the table
    names = table[config.image].to_numpy()
    inputs = np.array([path.parent / name for name in names])
    labels = table[config.target].to_numpy()
    return inputs, labels, names
