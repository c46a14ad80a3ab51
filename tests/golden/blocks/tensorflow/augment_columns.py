# As in train.py of tensorflow, mlp, table-beside, word_dropout=0.1, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    # The words of the texts are the last columns
    words = sum(config.word_columns)
    columns, words = tf.split(rows, [rows.shape[1] - words, words], axis=1)
    words = tf.where(random.random(tuple(words.shape)) >= config.word_dropout, words, 0.0)
    # Texts that lose words still count like the others
    texts = [keras.ops.normalize(text) for text in tf.split(words, config.word_columns, axis=1)]
    rows = tf.concat([columns, *texts], axis=1)
    rows = rows + config.noise * random.standard_normal(tuple(rows.shape), dtype=np.float32)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = np.float32(random.beta(config.mixup, config.mixup))
    other = random.permutation(len(rows))
    rows, targets = [part * one + (1 - part) * tf.gather(one, other) for one in (rows, targets)]
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))

    def changed(*batch):
        kinds = [part.dtype for part in batch]
        made = tf.py_function(lambda *both: augment(*both, random, config), batch, kinds)
        return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(made, batch, strict=True))

    return batches.map(changed)
