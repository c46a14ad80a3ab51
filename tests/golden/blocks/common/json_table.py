# As in train.py of sklearn, linear, json

# %% Reading: a table in a JSON file, one row an example, one column the target.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    text = path.read_text(encoding="utf-8-sig")
    rows = json.loads(text)
    rows = rows[config.json_key]
    # The contents of a value become columns of their own: "address.city"
    table = pd.json_normalize(rows)
    # No space around a name, one form for its accents
    names = [unicodedata.normalize("NFC", str(name)) for name in table.columns]
    names = [name.replace("\ufeff", "").strip() for name in names]
    # Where there is no name, the place of the column
    names = [
        f"column {place}" if not name or name.startswith("Unnamed: ") else name
        for place, name in enumerate(names, start=1)
    ]
    table.columns = names
    return table
