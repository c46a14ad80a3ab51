# As in train.py of tensorflow, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(images: tf.Tensor, targets: tf.Tensor, random, config: Config):
    count, height, width = images.shape[:3]
    # From the points of a new image to those of the old one, counted from the middle
    views = np.tile(np.eye(2, 3), (count, 1, 1))
    angle = np.radians(random.uniform(-config.rotation, config.rotation, count))
    turned = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    views[:, :, :2] = np.transpose(turned, (2, 0, 1))
    # Twice as large: what is seen at a point was half as far from the middle
    views /= random.uniform(1 - config.zoom, 1 + config.zoom, (count, 1, 1))
    views[:, 0] *= random.choice([-1, 1], (count, 1))
    views[:, :, 2] = random.uniform(-config.shift, config.shift, (count, 2)) * [width, height]
    # Keras counts from the first point; the two numbers more are for perspective
    scaled, middle = np.float32(views), (np.float32([*images.shape[2:0:-1]]) - 1) / 2
    scaled[:, :, 2] += middle - scaled[:, :, :2] @ middle
    scaled = np.pad(scaled.reshape(-1, 6), ((0, 0), (0, 2)))
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = tf.reshape(images - page, (*images.shape[:3], -1))
    planes = keras.ops.image.affine_transform(planes, scaled, data_format="channels_last")
    images = tf.reshape(planes, images.shape) + page
    images = images + config.noise * random.standard_normal(tuple(images.shape), dtype=np.float32)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = np.float32(random.beta(config.mixup, config.mixup))
    other = random.permutation(len(images))
    images, targets = [part * one + (1 - part) * tf.gather(one, other) for one in (images, targets)]
    return images, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))

    def changed(*batch):
        kinds = [part.dtype for part in batch]
        made = tf.py_function(lambda *both: augment(*both, random, config), batch, kinds)
        return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(made, batch, strict=True))

    return batches.map(changed)
