"""Reading: a table in a text file, one row an example, one column the target."""

import codecs
import csv
from pathlib import Path

import pandas as pd

from apprenti.backends.common.column_names import name_columns, number_columns
from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if (config.quoted and config.header) and not (
        (config.missing or config.as_text or config.as_written or config.words)
        or (config.skip_rows or config.skip_lines or config.line_end or config.columns)
        or (config.mixed_encoding or config.compression != "infer")
    ):
        if config.regular or not config.name_needs:
            if config.labelled and config.encoding == "utf-8" and config.decimal == ".":
                if config.delimiter == ",":
                    return pd.read_csv(path)
                return pd.read_csv(path, sep=config.delimiter)
            if config.labelled and config.encoding == "utf-8":
                return pd.read_csv(path, sep=config.delimiter, decimal=config.decimal)
            usual = {
                "sep": config.delimiter,
                "encoding": config.encoding,
                "decimal": config.decimal,
            }
            return pd.read_csv(path, **usual)
        if config.labelled and config.encoding == "utf-8" and config.decimal == ".":
            if config.delimiter == ",":
                table = pd.read_csv(path)
            else:
                table = pd.read_csv(path, sep=config.delimiter)
            return name_columns(table, config)
    if config.labelled and config.encoding == "utf-8" and config.decimal == ".":
        written = {"sep": config.delimiter} if config.delimiter != "," else {}
    else:
        written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    if config.missing:
        # Words that mean that a value is not known
        written["na_values"] = list(config.missing)
    if config.as_text:
        # Every cell as it is written
        written["dtype"] = str
    elif config.as_written:
        written["dtype"] = dict.fromkeys(config.as_written, str)  # Codes keep their zeros
    if config.compression != "infer":
        written["compression"] = config.compression
    if config.skip_rows and not config.skip_lines:
        # The table begins below a title
        written["skiprows"] = config.skip_rows
    elif config.skip_rows or config.skip_lines:
        # Lines that are not rows: titles above the table, notes and totals below it
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
    if config.words:
        return with_words(path, config, written)
    if not config.header:
        return number_columns(pd.read_csv(path, header=None, **written))
    if config.regular or not config.name_needs:
        return pd.read_csv(path, **written)
    table = pd.read_csv(path, **written)
    return name_columns(table, config)


def with_words(path: Path, config: Config, written: dict) -> pd.DataFrame:
    """Return a table in which a word such as NA is a value in some columns, not a missing one."""
    cells = {**written, "dtype": str, "keep_default_na": False}
    if not config.header:
        written, cells = {**written, "header": None}, {**cells, "header": None}
    tables = [pd.read_csv(path, **how) for how in (written, cells)]
    if not config.header:
        tables = [number_columns(table) for table in tables]
    elif not config.regular and config.name_needs:
        tables = [name_columns(table, config) for table in tables]
    for name in config.words:
        if config.missing:
            tables[0][name] = tables[1][name].replace(dict.fromkeys(("", *config.missing)))
        else:
            tables[0][name] = tables[1][name].replace({"": None})
    return tables[0]


def as_cp1252(error: UnicodeError) -> tuple[str, int]:
    # What is not UTF-8 was written by an old Windows
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
