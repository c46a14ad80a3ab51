# As in train.py of sklearn, linear, workbook

# %% Reading: a table in a sheet of Excel or OpenDocument, one row an example.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    written = {"sheet_name": config.sheet, "engine": "calamine"}
    # Rows of the sheet that are not in the table: titles above it, notes and totals below it
    written["skiprows"] = [*range(config.skip_rows), *config.skip_lines]
    # The columns around these have neither a name nor a value
    written["usecols"] = [*range(config.first_column, config.columns)]
    table = pd.read_excel(path, **written)
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
