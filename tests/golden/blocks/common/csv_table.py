# As in train.py of pytorch, linear, table

# %% Reading: a table in a text file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    return pd.read_csv(path)
