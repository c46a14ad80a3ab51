# As in predict.py of pytorch, linear, table

# %% Reading: a table in a text file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    # Every cell as it is written
    written["dtype"] = str
    return pd.read_csv(path, **written)
