# As in train.py of pytorch, linear, digits

# %% Split: at random, and so that each part has its share of every class.
TRAIN, VALID, TEST, UNUSED = range(4)


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.labels), UNUSED)
    # The test rows leave first, before anything about them was looked at
    parts[order[: config.test]] = TEST
    others = order[config.test :]
    # Line the others up by their label and take some at equal distances: all labels are there
    sorted_rows = np.argsort(rows.labels[others], kind="stable")
    chosen = sorted_rows[np.arange(config.valid) * len(sorted_rows) // config.valid]
    parts[others[chosen]] = VALID
    parts[np.delete(others, chosen)[: config.train]] = TRAIN
    return parts
