# As in train.py of sklearn, linear, workbook

# %% Names of columns: written in one way, whatever the file.
def name_columns(table: pd.DataFrame) -> pd.DataFrame:
    # No space around a name, one form for its accents
    clean = [unicodedata.normalize("NFC", str(name)) for name in table.columns]
    clean = [name.replace("\ufeff", "").strip() for name in clean]
    # Where there is no name, the place of the column
    names = [
        f"column {place}" if not name or name.startswith("Unnamed: ") else name
        for place, name in enumerate(clean, start=1)
    ]
    return table.set_axis(names, axis=1)
