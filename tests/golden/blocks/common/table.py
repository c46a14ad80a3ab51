# As in train.py of pytorch, linear, table

# %% Columns: the target, and those that a model may see.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    # Rows without a target cannot be used; the others keep their number in the file
    table = table.dropna(subset=[config.target])
    inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
    labels = table[config.target].to_numpy()
    return inputs, labels, table.index.to_numpy()
