"""Preparation: missing values filled in, numbers scaled, each category a column of 0 and 1."""

import numpy as np
import pandas as pd

from apprenti.backends.common.settings import Config
from apprenti.backends.common.word_columns import weigh_words, word_columns


def prepare_both(inputs: pd.DataFrame, train, valid, config: Config) -> tuple:
    # The first rows, those of the training set, decide how all are prepared
    table, count, columns = inputs.iloc[np.concatenate([train, valid])], len(train), []
    text_sizes = [] if config.word_dropout else None
    if config.texts:
        texts, table = table[list(config.texts)].fillna(""), table.drop(columns=list(config.texts))
    if "gaps" in config.column_needs:
        numbers, gaps = [], []
        for name in table.select_dtypes("number"):
            values = table[name].to_numpy(float, na_value=np.nan)
            missing = np.isnan(values)
            if missing[:count].any():  # Where values were missing
                gaps.append(missing)
            if "empty" in config.column_needs and missing[:count].all():
                continue
            numbers.append(np.where(missing, np.nanmedian(values[:count]), values))
        for values in [*numbers, *gaps]:
            known = values[:count]
            deviation = 1.0 if known.min() == known.max() else known.std()
            columns.append((values - known.mean()) / deviation)
    elif "numbers" in config.column_needs:
        for name in table.select_dtypes("number"):
            values = table[name].to_numpy(float)
            known = values[:count]
            deviation = 1.0 if known.min() == known.max() else known.std()
            columns.append((values - known.mean()) / deviation)
    if "categories" in config.column_needs:
        for name in table.select_dtypes(exclude="number"):
            if "missing" in config.column_needs:
                words = table[name].astype(str).where(table[name].notna(), "(missing)")  # One more
            else:
                words = table[name].astype(str)
            if "rare" in config.column_needs or "missing" in config.column_needs:
                counts = words.iloc[:count].value_counts()
            if "missing" in config.column_needs:
                known = sorted(counts.index, key=lambda word: (word == "(missing)", word))
            elif "rare" in config.column_needs:
                known = sorted(counts.index)
            else:
                known = sorted(words.iloc[:count].unique())
            if "rare" in config.column_needs:
                frequent = [word for word in known if counts[word] >= 0.01 * count]
                columns += [words == word for word in frequent]
                if len(frequent) < len(known):  # Those of fewer than 1 row of 100 share one column
                    columns.append(~words.isin(frequent))
            else:
                columns += [words == word for word in known]
    if config.texts:
        for name in texts:
            counted = weigh_words(texts[name].iloc[:count], config)
            columns += list(word_columns(texts[name], counted).T)
            if config.word_dropout:
                text_sizes.append(len(counted["words"]))
    prepared = np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
    train_inputs, valid_inputs = np.split(prepared, [count])
    return train_inputs, valid_inputs, text_sizes
