# As in train.py of tensorflow, mlp, table-beside, word_dropout=0.1, noise=0.1, mixup=0.2

def without_words(rows: tf.Tensor, random, config: Config) -> tf.Tensor:
    # The words of the texts are the last columns
    words = sum(config.word_columns)
    columns, words = tf.split(rows, [rows.shape[1] - words, words], axis=1)
    drawn = tf.numpy_function(lambda words: random.random(words.shape), [words], tf.double)
    words = tf.where(tf.reshape(drawn >= config.word_dropout, tf.shape(words)), words, 0.0)
    # Texts that lose words still count like the others
    texts = [keras.ops.normalize(text) for text in tf.split(words, config.word_columns, axis=1)]
    return tf.concat([columns, *texts], axis=1)


def augment(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    rows = without_words(rows, random, config)
    rows = noisy(rows, random, config)
    rows, targets = mixed(rows, targets, random, config)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return batches.map(lambda rows, targets: augment(rows, targets, random, config))
