# As in train.py of sklearn, linear, table-streamed

# %% Reading: a table in a Parquet file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    return pd.read_parquet(path)
