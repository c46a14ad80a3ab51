# As in train.py of tensorflow, linear, digits

# %% Batches: each epoch goes through all the rows, in an order of its own.
def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    batches = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
    # Each batch is a piece of the order, in which each number is replaced by its row
    return batches.map(lambda some: (tf.gather(inputs, some), tf.gather(targets, some)))
