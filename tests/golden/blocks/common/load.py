# As in train.py of pytorch, linear, digits

def load_data(config: Config) -> Data:
    path = Path()
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = fit_preparation(inputs, train, config)  # On the training rows alone
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Each class is a number
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})
