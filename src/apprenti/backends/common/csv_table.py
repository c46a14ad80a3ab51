"""Reading: a table in a text file, one row an example, one column the target."""

import codecs
import csv
from pathlib import Path

import pandas as pd

from apprenti.backends.common.column_names import name_columns, number_columns
from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if config.regular and not (
        config.missing or config.as_text or config.as_written or config.words
    ):
        if config.encoding == "utf-8" and config.delimiter == "," and config.decimal == ".":
            return pd.read_csv(path)
        written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
        return pd.read_csv(path, **written)
    how = {}
    if config.missing:
        # Words that say that a value is not known
        how["na_values"] = list(config.missing)
    if config.as_text:
        # Every cell as it is written
        how["dtype"] = str
    elif config.as_written:
        # Codes keep their zeros
        how["dtype"] = dict.fromkeys(config.as_written, str)
    table = read_cells(path, config, how)
    for name in config.words:
        # A word such as NA is a value here, and no gap
        cells = read_cells(path, config, {"dtype": str, "keep_default_na": False})
        table[name] = cells[name].replace(dict.fromkeys(("", *config.missing)))
    return table


def read_cells(path: Path, config: Config, how: dict) -> pd.DataFrame:
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    if config.regular:
        return pd.read_csv(path, **written, **how)
    if config.compression != "infer":
        written["compression"] = config.compression
    if config.skip_rows or config.skip_lines:
        # Lines that are no rows: titles above the table, notes and totals below it
        written["skiprows"] = [*range(config.skip_rows), *config.skip_lines]
    if config.line_end:
        written["lineterminator"] = config.line_end
    if config.columns:
        # The columns after these have neither a name nor a value
        written["usecols"] = range(config.columns)
    if not config.quoted:
        # A quotation mark is a sign like any other
        written["quoting"] = csv.QUOTE_NONE
    if config.mixed_encoding:
        codecs.register_error("cp1252", as_cp1252)
        written["encoding_errors"] = "cp1252"
    if not config.header:
        return number_columns(pd.read_csv(path, header=None, **written, **how))
    return name_columns(pd.read_csv(path, **written, **how))


def as_cp1252(error: UnicodeError) -> tuple[str, int]:
    # What is not UTF-8 was written by an old Windows
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
