# As in predict.py of sklearn, linear, json

# %% Reading: a table in a JSON file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    text = path.read_text(encoding="utf-8-sig")
    rows = json.loads(text)
    rows = rows[config.json_key]
    # The contents of a value become columns of their own: "address.city"
    return name_columns(pd.json_normalize(rows))
