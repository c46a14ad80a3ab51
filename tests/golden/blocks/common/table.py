# As in train.py of pytorch, linear, table

# %% Columns: the target, and those that a model may see.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    inputs = table.drop(columns=config.target)
    labels = table[config.target].to_numpy()
    return inputs, labels, table.index.to_numpy()
