# As in predict.py of pytorch, linear, table

# %% Reading: new rows, written as those that the model was trained on, or in Parquet.
def read_new(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    # Every cell as it is written
    written["dtype"] = str
    return pd.read_csv(path, **written)
