"""Training: Keras goes through one epoch, we look at the result and go on."""

import math
import os
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")  # Before Keras is loaded

import keras
import numpy as np
import tensorflow as tf

from apprenti.backends.common.classification import balanced, make_targets
from apprenti.backends.common.correct import correct
from apprenti.backends.common.idx import read
from apprenti.backends.common.impute_scale_encode_short import prepare_both
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.schedule import rate_of
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split
from apprenti.backends.tensorflow.augment_images import augmented
from apprenti.backends.tensorflow.classification import EachClass, build_loss, predict
from apprenti.backends.tensorflow.initial_weights import draw_weights
from apprenti.backends.tensorflow.mlp import build_model
from apprenti.backends.tensorflow.optimizer import build_optimizer


def main(config: Config) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    if config.data:
        folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
        path = next((f for f in folders if (f / config.data).exists()), Path()) / config.data
    else:
        path = None
    if config.split_by == config.target:
        if config.labels:
            inputs, labels, names = read(path, config)
        else:
            inputs, labels, _ = read(path, config)
        train, valid, _ = split(labels, config)
    else:
        if config.labels:
            inputs, labels, names, by = read(path, config)
        else:
            inputs, labels, _, by = read(path, config)
        train, valid, _ = split(by, config)
    if config.labels:
        labels = correct(labels, names, np.concatenate([train, valid]), config)
    if config.at_once:
        train_inputs, valid_inputs, text_sizes = prepare_both(inputs, train, valid, config)
        if config.texts and config.word_dropout:
            config = config._replace(word_columns=text_sizes)
    else:
        preparation = fit_preparation(inputs, train, config)
        train_inputs = prepare(inputs, train, preparation, config)
        valid_inputs = prepare(inputs, valid, preparation, config)
    train_targets, valid_targets, classes = make_targets(labels, train, valid)
    if config.class_weights == "balanced":
        weight_of = balanced(train_targets)
    model = build_model(config, train_inputs.shape[1:], 1 if config.regression else len(classes))
    if config.initial_weights != "default":
        draw_weights(model, config)
    if config.loss == "binary_cross_entropy":
        model = keras.Sequential([model, EachClass()])
    # %% Training: Keras goes through one epoch, we look at the result and go on.
    loss_of = build_loss(config)
    optimizer = build_optimizer(model, config)
    if config.warm_up or config.schedule in ("step", "one_cycle"):
        steps = math.ceil(len(train_inputs) / config.batch_size)
        every = [rate_of(update, steps, config) for update in range(config.epochs * steps)]
        rates, updates = tf.constant(every, "float32"), optimizer.iterations
        optimizer.learning_rate = lambda: tf.gather(rates, updates)  # Asked before each update
    model.compile(optimizer, loss_of, jit_compile=False)
    if config.train > 10_000:
        random = np.random.default_rng(config.split_seed)  # Ten thousand rows are enough to measure
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
    history = []
    for epoch in range(1, config.epochs + 1):
        if config.schedule == "cosine" and not config.warm_up:
            wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
            model.optimizer.learning_rate = config.learning_rate * wave
        shuffled = np.random.default_rng((config.seed, epoch)).permutation(len(train_inputs))
        inputs, targets = train_inputs[shuffled], train_targets[shuffled]
        if (
            config.loss == "binary_cross_entropy"
            or config.label_smoothing
            or (config.mixup and not config.regression)
        ):
            # Each class has its share of the truth
            targets = np.eye(len(classes), dtype=np.float32)[targets]
        if config.class_weights == "balanced":
            counts = dict(enumerate(weight_of))  # A row counts as its class does
        if (config.shift or config.rotation or config.zoom or config.flip) or (
            (config.texts and config.word_dropout) or config.noise or config.mixup
        ):
            batches = tf.data.Dataset.from_tensor_slices((inputs, targets))
            batches = augmented(batches.batch(config.batch_size), epoch, config)
            # For each batch: how wrong is the model, in which direction should each weight move?
            if config.class_weights == "balanced":
                model.fit(batches, shuffle=False, verbose=0, class_weight=counts)
            else:
                model.fit(batches, shuffle=False, verbose=0)
        elif config.class_weights == "balanced":
            # For each batch: how wrong is the model, in which direction should each weight move?
            size = config.batch_size
            model.fit(inputs, targets, size, shuffle=False, verbose=0, class_weight=counts)
        else:
            # For each batch: how wrong is the model, in which direction should each weight move?
            model.fit(inputs, targets, config.batch_size, shuffle=False, verbose=0)
        if config.train > 10_000:
            learned = measure("train", predict(model, train_inputs[drawn]), train_targets[drawn])
        else:
            learned = measure("train", predict(model, train_inputs), train_targets)
        history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
        print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
        if config.early_stopping:
            losses = [row["valid_loss"] for row in history]
            if epoch == 1 or losses[-1] <= min(losses):
                best = model.get_weights()
            # Patience: so many epochs have passed since the one with the lowest validation loss
            if len(losses) - losses.index(min(losses)) > config.early_stopping:
                break
    if config.early_stopping:
        model.set_weights(best)  # The model of the best epoch, not that of the last
