# As in train.py of pytorch, cnn, image-table

# %% Columns: the target, and the one that names the files of the images.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    inputs = np.array([path.parent / name for name in table[config.image]])  # Beside the table
    return inputs, table[config.target].to_numpy(), table[config.image].to_numpy()
