# As in train.py of pytorch, linear, digits

# %% Batches: each epoch goes through all the rows, in an order of its own.
def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for rows in torch.from_numpy(order).split(config.batch_size):
        yield inputs.index_select(0, rows), targets.index_select(0, rows)
