# As in predict.py of pytorch, linear, table

# %% Reading: new rows, written as those that the model was trained on, or in Parquet.
def read_new(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
    return read_table(path, config)
