"""Accuracy of the weights a run on MNIST left behind, on MNIST's own 10,000 test images.

    python weights_score.py FRAMEWORK RUN_FOLDER MNIST_FOLDER

Nothing of the run but its weights and model/model.json is used: the network is written out again
here, so that what is measured is what somebody else could load.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

from apprenti.backends.common.idx_file import read_idx


def pytorch_scores(weights: Path, inputs: np.ndarray) -> np.ndarray:
    import torch
    from torch import nn

    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    model.load_state_dict(torch.load(weights / "weights.pt", weights_only=True))
    with torch.inference_mode():
        return model(torch.from_numpy(inputs)).numpy()


def tensorflow_scores(weights: Path, inputs: np.ndarray) -> np.ndarray:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    import keras
    from keras import layers

    stack = [keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, activation="relu")]
    model = keras.Sequential([*stack, layers.Dense(10)])
    model.load_weights(weights / "model.weights.h5")
    return np.asarray(model.predict(inputs, batch_size=1000, verbose=0))


def main(framework: str, run: str, mnist: str) -> None:
    weights, folder = Path(run) / "model", Path(mnist)
    described = json.loads((weights / "model.json").read_text(encoding="utf-8"))
    images = read_idx(folder / "t10k-images-idx3-ubyte.gz")
    labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz")
    inputs = images.astype(np.float32) / np.float32(described["preparation"]["scale"])
    scores = {"pytorch": pytorch_scores, "tensorflow": tensorflow_scores}[framework]
    predicted = np.array(described["classes"])[scores(weights, inputs).argmax(axis=1)]
    accuracy = float((predicted == labels).mean())
    print(json.dumps({"images": len(labels), "accuracy": accuracy}))


if __name__ == "__main__":
    main(*sys.argv[1:])
