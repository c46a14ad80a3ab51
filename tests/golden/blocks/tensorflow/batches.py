# As in train.py of tensorflow, linear, digits

# %% Batches: each epoch goes through all the rows, in an order of its own.
def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    order, size, both = tf.constant(order), config.batch_size, (inputs, targets)
    starts = tf.data.Dataset.range(0, len(order), size)
    # Each batch is a piece of the order, in which each number is replaced by its row
    return starts.map(lambda i: tuple(tf.gather(x, order[i : i + size]) for x in both))
