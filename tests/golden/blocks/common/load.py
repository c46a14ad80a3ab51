# As in train.py of pytorch, linear, digits

def load_data(config: Config) -> Data:
    path = Path()
    rows = read(path, config)
    order = np.random.default_rng(config.split_seed).permutation(len(rows.labels))
    parts = split(rows, order, config)
    train, valid = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    preparation = fit_preparation(rows.inputs, train, config)  # On the training rows alone
    inputs = [prepare(rows.inputs, some, preparation, config) for some in (train, valid)]
    classes = np.unique(rows.labels[np.concatenate([train, valid])])
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = [np.searchsorted(target["classes"], rows.labels[some]) for some in (train, valid)]
    known = rows.names[valid], rows.labels[valid].tolist()
    return Data(*inputs, *targets, known, {**target, "preparation": preparation})
