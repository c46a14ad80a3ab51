# As in train.py of pytorch, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

# %% Batches: each epoch goes through all the rows, in an order of its own.
def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    pieces = torch.from_numpy(order).split(config.batch_size)
    return ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
