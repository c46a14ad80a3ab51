"""Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1."""

import numpy as np
import pandas as pd

from apprenti.backends.common.settings import Config
from apprenti.backends.common.word_columns import weigh_words, word_columns


def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    if config.texts:
        texts = {name: weigh_words(table[name].fillna(""), config) for name in config.texts}
        table = table.drop(columns=list(config.texts))
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        if not missing.all():
            known = values[~missing]
            median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
            filled = scale(np.where(missing, median, values))
            numbers[name] = {"median": median, "range": ends, **filled}
    for name in table.select_dtypes(exclude="number"):
        # A missing value is a category too
        counts = table[name].astype(str).where(table[name].notna(), "(missing)").value_counts()
        known = sorted(counts.index, key=lambda word: (word == "(missing)", word))
        rare = [w for w in known if counts[w] < 0.01 * len(table)]  # In fewer than 1 row of 100
        categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
    if config.texts:
        return {"numbers": numbers, "gaps": gaps, "categories": categories, "texts": texts}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def scale(values: np.ndarray) -> dict[str, float]:
    constant = values.min() == values.max()
    return {"mean": float(values.mean()), "deviation": 1.0 if constant else float(values.std())}


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    for name, known in preparation["numbers"].items():
        filled = table[name].fillna(known["median"]).to_numpy(float)
        columns.append((filled - known["mean"]) / known["deviation"])
    for name, known in preparation["gaps"].items():  # Where values were missing
        columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    for name, known in preparation["categories"].items():
        words = table[name].astype(str).where(table[name].notna(), "(missing)")
        columns += [words == word for word in known["frequent"]]
        if known["rare"]:  # They share one column, and those never seen before join them
            columns.append(~words.isin(known["frequent"]))
    if config.texts:
        for name, known in preparation["texts"].items():
            columns += list(word_columns(table[name].fillna(""), known).T)
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
