# As in train.py of pytorch, mlp, table-streamed

# %% Loading: the rows are read piece by piece, and those of two sets go to the disk.
# The preparation is fitted on at most this many rows
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into memory; rows without a target cannot be used
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels, places = table[config.target].to_numpy(), table.index.to_numpy()
    # Both sets in the order of the file
    both = [np.sort(some) for some in split(table[config.split_by].to_numpy(), config)[:2]]
    target, targets = code_labels(labels, *both)
    train, valid = (places[rows] for rows in both)
    # The preparation is fitted on training rows drawn at random
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    fitted = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(fitted, np.arange(len(fitted)), config)
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    known = valid, labels[both[1]].tolist()
    return Data(*ready, *targets, known, {**target, "preparation": preparation})


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table that holds some of these rows, and their places in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            piece = convert(piece, config)
            inputs = piece.drop(columns=[config.target, *config.ignore])
            yield inputs, places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation: dict) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation, config))
    return ready
