# As in train.py of tensorflow, gru, texts, word_dropout=0.1

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(tokens: tf.Tensor, targets: tf.Tensor, random, config: Config):
    drawn = tf.numpy_function(lambda tokens: random.random(tokens.shape), [tokens], tf.double)
    hidden = tf.reshape(drawn < config.word_dropout, tf.shape(tokens))
    # 1 is the unknown word, 0 the padding, which has no words to hide
    return tf.where(hidden & (tokens > 0), 1, tokens), targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return batches.map(lambda rows, targets: augment(rows, targets, random, config))
