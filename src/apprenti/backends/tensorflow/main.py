"""The whole run, from the data to the predictions."""

import os
from pathlib import Path

import keras
import tensorflow as tf

from apprenti.backends.common.describe_arrays import describe_model
from apprenti.backends.common.idx import load_data
from apprenti.backends.common.report import write_table
from apprenti.backends.common.report_classification import predictions
from apprenti.backends.common.settings import Config
from apprenti.backends.tensorflow.classification import predict
from apprenti.backends.tensorflow.mlp import build_model
from apprenti.backends.tensorflow.train import train


def main(config: Config) -> None:
    keras.utils.set_random_seed(config.seed)
    data = load_data(config)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    model.save_weights("model/model.weights.h5")
    describe_model(data, sum(weights.numpy().size for weights in model.trainable_variables))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.npz")
    Path("progress.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(Config().threads)
    main(Config())
