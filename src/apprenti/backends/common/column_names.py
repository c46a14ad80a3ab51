"""Names of columns: written in one way, whatever the file."""

import unicodedata

import pandas as pd

from apprenti.backends.common.settings import Config


def name_columns(table: pd.DataFrame, config: Config) -> pd.DataFrame:
    if "tidy" not in config.name_needs:
        # Where there is no name, the place of the column
        named = [
            f"column {place}" if name.startswith("Unnamed: ") else name
            for place, name in enumerate(table.columns, start=1)
        ]
        table.columns = named
        return table
    # No space around a name, one form for its accents
    names = [unicodedata.normalize("NFC", str(name)) for name in table.columns]
    names = [name.replace("\ufeff", "").strip() for name in names]
    if "places" in config.name_needs:
        # Where there is no name, the place of the column
        names = [
            f"column {place}" if not name or name.startswith("Unnamed: ") else name
            for place, name in enumerate(names, start=1)
        ]
    table.columns = names
    return table


def number_columns(table: pd.DataFrame) -> pd.DataFrame:
    # The file has no names: each column has its place for one
    return table.set_axis([f"column {place + 1}" for place in range(table.shape[1])], axis=1)
