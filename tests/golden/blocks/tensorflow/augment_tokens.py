# As in train.py of tensorflow, gru, texts, word_dropout=0.1

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(tokens: tf.Tensor, targets: tf.Tensor, random, config: Config):
    # 1 is the unknown word, 0 the padding, which has no words to hide
    hidden = random.random(tuple(tokens.shape)) < config.word_dropout
    return tf.where(hidden & (tokens > 0), 1, tokens), targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))

    def changed(*batch):
        kinds = [part.dtype for part in batch]
        made = tf.py_function(lambda *both: augment(*both, random, config), batch, kinds)
        return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(made, batch, strict=True))

    return batches.map(changed)
