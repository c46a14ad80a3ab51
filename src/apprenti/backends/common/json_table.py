"""Reading: a table in a JSON file, one row an example, one column the target."""

import json
from pathlib import Path

import pandas as pd

from apprenti.backends.common.column_names import name_columns
from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    text = path.read_text(encoding="utf-8-sig")
    if config.json_form == "lines":
        # Each line is a row
        rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    else:
        rows = json.loads(text)
    if config.json_key:
        rows = rows[config.json_key]
    if config.json_form == "columns":
        table = pd.DataFrame(rows).reset_index(drop=True)
    else:
        # The contents of a value become columns of their own: "address.city"
        table = pd.json_normalize(rows)
    return name_columns(table, config)
