# As in evaluate.py of pytorch, linear, digits

# %% Test set: rows that were used for no choice; they are looked at here for the first time.
def read_test(config: Config, preparation: dict) -> Iterator[tuple]:
    """Yield the test rows, some at a time: prepared inputs, labels, names."""
    path = Path()
    inputs, labels, names = read(path, config)
    some = np.sort(split(labels, config)[2])
    for i in range(0, len(some), 1000):
        piece = some[i : i + 1000]
        prepared = prepare(inputs, piece, preparation, config)
        yield prepared, labels[piece].tolist(), names[piece]
