# As in train.py of tensorflow, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

def noisy(rows: tf.Tensor, random: np.random.Generator, config: Config) -> tf.Tensor:
    def draw(rows):
        return random.standard_normal(rows.shape, dtype=np.float32)

    noise = tf.numpy_function(draw, [rows], tf.float32)
    return rows + config.noise * tf.reshape(noise, tf.shape(rows))


def mixed(rows: tf.Tensor, targets: tf.Tensor, random, config: Config):
    def draw(rows):
        share = random.beta(config.mixup, config.mixup)
        return np.float32(share), random.permutation(len(rows))

    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    share, other = tf.numpy_function(draw, [rows], (tf.float32, tf.int64))
    share, other = tf.reshape(share, ()), tf.reshape(other, (-1,))
    return [share * each + (1 - share) * tf.gather(each, other) for each in (rows, targets)]
