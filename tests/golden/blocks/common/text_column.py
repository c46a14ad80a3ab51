# As in train.py of pytorch, linear, texts

# %% Columns: the target, and the one that holds the texts.
def read(path: Path, config: Config) -> tuple:
    table = pd.read_csv(path)
    # Rows without a target cannot be used; the others keep their number in the file
    table = table.dropna(subset=[config.target])
    # A missing text is an empty one; an accent is never a sign of its own after its letter
    inputs = table[config.text].fillna("").astype(str).str.normalize("NFC").to_numpy(object)
    labels = table[config.target].to_numpy()
    return inputs, labels, table.index.to_numpy()
