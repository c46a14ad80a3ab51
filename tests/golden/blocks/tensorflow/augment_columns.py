# As in train.py of tensorflow, mlp, table, noise=0.1, mixup=0.2

def augment(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    rows = noisy(rows, random, config)
    rows, targets = mixed(rows, targets, random, config)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return batches.map(lambda rows, targets: augment(rows, targets, random, config))
