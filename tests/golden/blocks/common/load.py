# As in train.py of pytorch, linear, digits

def load_data(config: Config) -> Data:
    rows = read(Path(), config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    both = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    # What the preparation learns, it learns from the training rows alone
    preparation = fit_preparation(rows.inputs, both[0], config)
    train, valid = (prepare(rows.inputs, some, preparation, config) for some in both)
    target = describe_target(rows.labels, *both)
    targets = [code(rows.labels[some], target) for some in both]
    sample = train, targets[0]
    known = rows.names[both[1]], rows.labels[both[1]].tolist()
    return Data(train, targets[0], *sample, valid, targets[1], *known, target, preparation)
