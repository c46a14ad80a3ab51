"""Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1."""

import numpy as np
import pandas as pd

from apprenti.backends.common.settings import Config
from apprenti.backends.common.word_columns import weigh_words, word_columns


def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    if config.texts:
        texts = {name: weigh_words(table.pop(name).fillna(""), config) for name in config.texts}
    if "gaps" in config.column_needs:
        for name in table.select_dtypes("number"):
            values = table[name].to_numpy(float, na_value=np.nan)
            missing = np.isnan(values)
            if missing.any():
                gaps[name] = scale(missing)
            if "empty" in config.column_needs and missing.all():
                continue
            known = values[~missing]
            median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
            filled = np.where(missing, median, values)
            numbers[name] = {"median": median, "range": ends, **scale(filled)}
    elif "numbers" in config.column_needs:
        for name in table.select_dtypes("number"):
            values = table[name].to_numpy(float)
            # The median is for values that new rows lack
            median, ends = float(np.median(values)), [float(values.min()), float(values.max())]
            numbers[name] = {"median": median, "range": ends, **scale(values)}
    if "categories" in config.column_needs:
        for name in table.select_dtypes(exclude="number"):
            if "missing" in config.column_needs:
                words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
                known = sorted(words.unique(), key=lambda word: (word == "(missing)", word))
            elif "rare" in config.column_needs:
                words = table[name].astype(str)
                known = sorted(words.unique())
            else:
                known = sorted(table[name].astype(str).unique())
            if "rare" in config.column_needs:
                counts = words.value_counts()
                rare = [w for w in known if counts[w] < 0.01 * len(table)]  # Under 1 row in 100
                categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
            else:
                categories[name] = {"frequent": known, "rare": []}
    if config.texts:
        return {"numbers": numbers, "gaps": gaps, "categories": categories, "texts": texts}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def scale(values: np.ndarray) -> dict[str, float]:
    deviation = 1.0 if values.min() == values.max() else float(values.std())
    return {"mean": float(values.mean()), "deviation": deviation}


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    if "numbers" in config.column_needs:
        for name, known in preparation["numbers"].items():
            filled = table[name].fillna(known["median"]).to_numpy(float)
            columns.append((filled - known["mean"]) / known["deviation"])
    if "gaps" in config.column_needs:
        for name, known in preparation["gaps"].items():  # Where values were missing
            columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    if "categories" in config.column_needs:
        for name, known in preparation["categories"].items():
            if "missing" in config.column_needs:
                words = table[name].astype(str).where(table[name].notna(), "(missing)")
            else:
                words = table[name].astype(str)
            columns += [words == word for word in known["frequent"]]
            if "rare" in config.column_needs:
                if known["rare"]:  # They share one column, and those never seen before join them
                    columns.append(~words.isin(known["frequent"]))
    if config.texts:
        for name, known in preparation["texts"].items():
            columns += list(word_columns(table[name].fillna(""), known).T)
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
