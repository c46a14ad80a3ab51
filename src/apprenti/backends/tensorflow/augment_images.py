"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.random_views import draw_views
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.augment import mixed, noisy


def moved(images: tf.Tensor, views: np.ndarray) -> tf.Tensor:
    # Keras counts from the first point; the two numbers more are for perspective
    scaled, middle = np.float32(views), (np.float32([*images.shape[2:0:-1]]) - 1) / 2
    scaled[:, :, 2] += middle - scaled[:, :, :2] @ middle
    scaled = np.pad(scaled.reshape(-1, 6), ((0, 0), (0, 2)))
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = tf.reshape(images - page, (*images.shape[:3], -1))
    planes = keras.ops.image.affine_transform(planes, scaled, data_format="channels_last")
    return tf.reshape(planes, images.shape) + page


def augment(images: tf.Tensor, targets: tf.Tensor, random, config: Config):
    if config.shift or config.rotation or config.zoom or config.flip:
        views = draw_views(random, images.shape[:3], config)
        images = moved(images, views)
    if config.noise:
        images = noisy(images, random, config)
    if config.mixup:
        images, targets = mixed(images, targets, random, config)
    return images, targets


def augmented(batches, epoch: int, config: Config):
    if (config.shift or config.rotation or config.zoom or config.flip) or (
        config.noise or config.mixup
    ):
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))

        def changed(*batch):
            kinds = [part.dtype for part in batch]
            made = tf.py_function(lambda *both: augment(*both, random, config), batch, kinds)
            return tuple(tf.ensure_shape(a, b.shape) for a, b in zip(made, batch, strict=True))

        return batches.map(changed)
    return batches
