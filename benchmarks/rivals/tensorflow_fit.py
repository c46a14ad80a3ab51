"""Keras on TensorFlow: one long `fit` without metrics, in every way that could be the fastest.

--jit compiles with XLA, --steps is how many steps run before coming back to Python (0: all of an
epoch), --feed gives `fit` the arrays themselves, or row numbers that TensorFlow turns into rows.
"""

import os
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import tensorflow as tf
from keras import layers
from task import BATCH, CLASSES, HIDDEN, RATE, arguments, flat, read_task, report

parser = arguments()
parser.add_argument("--jit", action="store_true")
parser.add_argument("--steps", type=int, default=1)
parser.add_argument("--feed", choices=("arrays", "gather"), default="arrays")
given = parser.parse_args()
task = read_task(given)
if task.threads:
    tf.config.threading.set_intra_op_parallelism_threads(task.threads)
keras.utils.set_random_seed(0)

inputs, targets = flat(task.train_images), task.train_labels
model = keras.Sequential(
    [keras.Input((784,)), layers.Dense(HIDDEN, activation="relu"), layers.Dense(CLASSES)]
)
model.compile(
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    optimizer=keras.optimizers.Adam(RATE),
    steps_per_execution=given.steps or -(-len(inputs) // BATCH),
    jit_compile=given.jit,
)
if given.feed == "arrays":
    rows = {"x": inputs, "y": targets, "batch_size": BATCH}
else:
    all_inputs, all_targets = tf.constant(inputs), tf.constant(targets)
    numbers = tf.data.Dataset.range(len(inputs)).shuffle(len(inputs)).batch(BATCH)
    pick = lambda rows: (tf.gather(all_inputs, rows), tf.gather(all_targets, rows))  # noqa: E731
    rows = {"x": numbers.map(pick).prefetch(tf.data.AUTOTUNE)}

ends = []
clock = keras.callbacks.LambdaCallback(
    on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
)
start = time.perf_counter()
model.fit(**rows, epochs=task.epochs, verbose=0, callbacks=[clock])
seconds = time.perf_counter() - start

last_epoch = ends[-1] - (ends[-2] if len(ends) > 1 else start)
scores = model.predict(flat(task.valid_images), batch_size=1000, verbose=0)
report(task, seconds, scores, last_epoch=last_epoch)
