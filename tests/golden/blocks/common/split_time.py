# As in train.py of sklearn, linear, table-regression, time=jour, group=None

# %% Split: by time. The latest rows are the test set, those before the validation set.
def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dates = pd.to_datetime(pd.Series(by), format=config.time_format, errors="coerce", utc=True)
    times = dates.dt.tz_convert(None)
    # Rows without a time come last, and are in no set
    order = np.argsort(times.to_numpy(), kind="stable")[: times.count()]
    times = times.iloc[order].to_numpy()
    # Rows of one time stay together: a set begins where the time changes
    begins = np.flatnonzero(np.concatenate([[True], times[1:] != times[:-1]]))
    first_test = nearest(begins[2:], len(order) - config.test)
    earlier = begins[(begins > 0) & (begins < first_test)]
    first_valid = nearest(earlier, first_test - config.valid)
    # If fewer rows are wanted for training, they are the latest
    train, test = order[:first_valid][-config.train :], order[first_test:]
    valid = np.sort(order[first_valid:first_test])
    return train, valid, test


def nearest(places: np.ndarray, wanted: int) -> int:
    return places[np.abs(places - wanted).argmin()]
