# As in train.py of pytorch, linear, table-regression

# %% Split: by group. Rows of one group (a patient, a customer) are never in two sets.
def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    group_of, names = pd.factorize(by, sort=True)
    left = np.random.default_rng(config.split_seed).permutation(len(names))
    sizes, parts = np.bincount(group_of[group_of >= 0]), []
    for wanted in (config.test, config.valid):
        chosen, lacking = [], wanted
        for group in left.tolist():  # Each brings the rows nearer to what is wanted
            if sizes[group] < 2 * lacking and len(chosen) + 2 - len(parts) < len(left):
                chosen.append(group)  # One is left, at least, for each of the other sets
                lacking -= sizes[group]
        chosen = chosen if chosen or not wanted else [left[sizes[left].argmin()]]  # One at least
        parts.append(np.flatnonzero(np.isin(group_of, chosen)))
        left = left[~np.isin(left, chosen)]
    # The groups that are left; a row without a group might belong to any: it is in no set
    place = pd.Index(left).get_indexer(group_of)
    order = np.argsort(place, kind="stable")
    train, (test, valid) = order[place[order] >= 0][: config.train], parts
    return train, valid, test
