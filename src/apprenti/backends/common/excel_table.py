"""Reading: a table in a sheet of Excel or OpenDocument, one row an example."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.column_names import name_columns, number_columns
from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    written = {"sheet_name": config.sheet, "engine": "calamine"}
    if config.skip_rows or config.skip_lines:
        # Rows of the sheet that are not in the table: titles above it, notes and totals below it
        written["skiprows"] = [*range(config.skip_rows), *config.skip_lines]
    if config.columns:
        # The columns around these have neither a name nor a value
        written["usecols"] = [*range(config.first_column, config.columns)]
    if not config.header:
        return number_columns(pd.read_excel(path, header=None, **written))
    if not config.name_needs:
        return pd.read_excel(path, **written)
    table = pd.read_excel(path, **written)
    return name_columns(table, config)
