# As in evaluate.py of pytorch, linear, digits

# %% Test set: the rows that no choice was made on; they are looked at here for the first time.
def read_test(config: Config, preparation: dict) -> Iterator[tuple]:
    """Yield the test rows, some at a time: prepared inputs, labels, names."""
    path = Path()
    rows = read(path, config)
    some = np.flatnonzero(split(rows, line_up(rows, config), config) == TEST)
    for i in range(0, len(some), 1000):
        piece = some[i : i + 1000]
        inputs = prepare(rows.inputs, piece, preparation, config)
        yield inputs, rows.labels[piece].tolist(), rows.names[piece]
