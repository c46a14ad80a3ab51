# As in train.py of sklearn, linear, table-regression

# %% Split: by time. The latest rows are the test set, those before the validation set.
TRAIN, VALID, TEST, UNUSED = range(4)


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.by), UNUSED)
    times = moments(pd.Series(rows.by), config).iloc[order].dropna().to_numpy()
    known, first_test = order[: len(times)], len(times)
    # Rows of one moment stay together: a part begins where the time changes
    begins = np.flatnonzero(np.concatenate([[True], times[1:] != times[:-1]]))
    first_test = nearest(begins[2:], first_test - config.test)
    parts[known[first_test:]] = TEST
    earlier = begins[(begins > 0) & (begins < first_test)]
    first_valid = nearest(earlier, first_test - config.valid)
    parts[known[first_valid:first_test]] = VALID
    # Where fewer rows are wanted for training, they are the latest
    parts[known[:first_valid][-config.train :]] = TRAIN
    return parts


def nearest(places: np.ndarray, wanted: int) -> int:
    return places[np.abs(places - wanted).argmin()]
