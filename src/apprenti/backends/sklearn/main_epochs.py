"""The whole run, from the data to the predictions."""

import os

import skops.io
from threadpoolctl import threadpool_limits

from apprenti.backends.common.describe_arrays import describe_model
from apprenti.backends.common.idx import load_data
from apprenti.backends.common.report import write_table
from apprenti.backends.common.report_classification import predictions
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import build_model, predict
from apprenti.backends.sklearn.mlp import count_parameters
from apprenti.backends.sklearn.train_epochs import train


def main(config: Config) -> None:
    data = load_data(config)
    model = build_model(config, data)
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.skops")


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
