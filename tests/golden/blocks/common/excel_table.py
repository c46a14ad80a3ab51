# As in predict.py of sklearn, linear, workbook

# %% Reading: a table in a sheet of Excel or OpenDocument, one row an example.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    written = {"sheet_name": config.sheet, "engine": "calamine"}
    # Rows of the sheet that are not in the table: titles above it, notes and totals below it
    written["skiprows"] = [*range(config.skip_rows), *config.skip_lines]
    # The columns around these have neither a name nor a value
    written["usecols"] = [*range(config.first_column, config.columns)]
    return name_columns(pd.read_excel(path, **written))
