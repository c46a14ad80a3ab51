# As in train.py of pytorch, linear, table

# %% Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1.
def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        known = values[~missing]
        median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
        filled = np.where(missing, median, values)
        numbers[name] = {"median": median, "range": ends, **scale(filled)}
    for name in table.select_dtypes(exclude="number"):
        words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
        known = sorted(words.unique(), key=lambda word: (word == "(missing)", word))
        categories[name] = {"frequent": known, "rare": []}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def scale(values: np.ndarray) -> dict[str, float]:
    deviation = 1.0 if values.min() == values.max() else float(values.std())
    return {"mean": float(values.mean()), "deviation": deviation}


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
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
