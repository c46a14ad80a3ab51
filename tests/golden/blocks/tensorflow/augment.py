# As in train.py of tensorflow, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def mixed(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    share = np.float32(random.beta(config.mixup, config.mixup))
    other = random.permutation(len(rows))
    return [share * each + (1 - share) * tf.gather(each, other) for each in (rows, targets)]
