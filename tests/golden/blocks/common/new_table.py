# As in predict.py of pytorch, linear, table

# %% Reading: new rows in a table, written as the one that the model was trained on, or Parquet.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path)
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    return pd.read_csv(path, **written)
