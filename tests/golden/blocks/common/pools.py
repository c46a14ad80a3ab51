# As in train.py of pytorch, mlp, table-streamed

# %% Batches: the rows on disk are read in stretches from many places, which are mixed in a pool.
# Stretches, each as long as a batch, that are in memory at a time
POOL = 64


def pools(
    inputs: OnDisk, targets: np.ndarray, epoch: int, config: Config
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield all the rows and their targets, in an order of its own for each epoch."""
    random, size = np.random.default_rng((config.seed, epoch)), config.batch_size
    starts = random.permutation(-(-len(inputs) // size)) * size
    for i in range(0, len(starts), POOL):
        places = [slice(start, start + size) for start in starts[i : i + POOL]]
        rows = np.concatenate([inputs[place] for place in places])
        # Neighbours in the file may be alike; a batch should mix rows from everywhere
        order = random.permutation(len(rows))
        yield rows[order], np.concatenate([targets[place] for place in places])[order]
