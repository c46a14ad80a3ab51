# As in train.py of tensorflow, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

def moved(images: tf.Tensor, random: np.random.Generator, config: Config) -> tf.Tensor:
    height, width, channels = *images.shape[1:3], math.prod(images.shape[3:])

    def draw(images):
        views = draw_views(random, len(images), height, width, config)
        # Keras counts from the first point; the two numbers more are for perspective
        middle = np.float32([width - 1, height - 1]) / 2
        views[:, :, 2] += middle - views[:, :, :2] @ middle
        return np.pad(views.reshape(-1, 6), ((0, 0), (0, 2)))

    views = tf.reshape(tf.numpy_function(draw, [images], tf.float32), (-1, 8))
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = tf.reshape(images - page, (-1, height, width, channels))
    planes = keras.ops.image.affine_transform(planes, views, data_format="channels_last")
    return tf.reshape(planes, tf.shape(images)) + page


def augment(images: tf.Tensor, targets: tf.Tensor, random, config: Config):
    images = moved(images, random, config)
    images = noisy(images, random, config)
    images, targets = mixed(images, targets, random, config)
    return images, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return batches.map(lambda rows, targets: augment(rows, targets, random, config))
