"""Keras on TensorFlow the way the guide's chapter 6 trains.

That is `fit` with the accuracy as a metric and everything else left at its default. The guide's
validation at each epoch is left out, because only training is timed.
"""

import os
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import tensorflow as tf
from keras import layers
from task import BATCH, CLASSES, HIDDEN, flat, read_task, report

task = read_task()
if task.threads:
    tf.config.threading.set_intra_op_parallelism_threads(task.threads)
keras.utils.set_random_seed(0)

inputs = flat(task.train_images)
model = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(HIDDEN, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    ]
)
# Keras' own Adam has the rate of the others, 0.001
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

start = time.perf_counter()
model.fit(inputs, task.train_labels, epochs=task.epochs, batch_size=BATCH)
seconds = time.perf_counter() - start

report(task, seconds, model.predict(flat(task.valid_images), batch_size=1000, verbose=0))
