"""Answering: the model is opened again, and says what it thinks of each new row."""

import json

import numpy as np
import skops.io
from threadpoolctl import threadpool_limits

from apprenti.backends.common.answers_classification import write_answers
from apprenti.backends.common.mixed import prepare, recall_preparation
from apprenti.backends.common.new_table import read_new
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict


def main(config: Config) -> None:
    with open("model/model.json", encoding="utf-8") as file:
        description = json.load(file)
    # Of what skops does not know, only the parts of scikit-learn itself may be in the file
    foreign = skops.io.get_untrusted_types(file="model/model.skops")
    known = [name for name in foreign if name.startswith("sklearn.")]
    model = skops.io.load("model/model.skops", trusted=known)
    rows, names = read_new(config)
    inputs = prepare(rows, np.arange(len(names)), recall_preparation(description))
    write_answers(names, predict(model, inputs), description)


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
