"""TensorFlow, tried in a process of its own: python -m apprenti.doctor.trials.tensorflow [WHAT...]

WHAT is any of `training` and `compile`; the latter goes through XLA.
"""

import sys
from typing import Any

from apprenti.doctor.trials import problem
from apprenti.doctor.trials.report import begin, examine, tell


def others(tensorflow: Any) -> list[str]:
    """Return the devices other than the processor."""
    begin("devices")
    cards = tensorflow.config.list_physical_devices("GPU")
    found = [f"gpu:{number}" for number in range(len(cards))]
    tell("devices", found=found)
    return found


def multiply(tensorflow: Any, device: str) -> None:
    begin("operation", device)
    with tensorflow.device(f"/{device}"):
        left, right = (tensorflow.constant(each) for each in problem.matrices())
        answer = tensorflow.linalg.matmul(left, right).numpy().tolist()
    tell("operation", device, right=answer == problem.product(), name="")


def train(tensorflow: Any, compiled: bool) -> list[float]:
    """Return the losses of the steps that are shown."""
    with tensorflow.device("/cpu:0"):
        return _train(tensorflow, tensorflow.keras, compiled)


def _train(tensorflow: Any, keras: Any, compiled: bool) -> list[float]:
    model = keras.Sequential(
        [
            keras.Input((problem.INPUTS,)),
            keras.layers.Dense(problem.HIDDEN, activation="tanh"),
            keras.layers.Dense(problem.CLASSES),
        ]
    )
    for layer, first in zip(model.layers, problem.weights(), strict=True):
        layer.kernel.assign(tensorflow.constant(first))
        layer.bias.assign(tensorflow.zeros_like(layer.bias))
    optimizer = keras.optimizers.SGD(problem.LEARNING_RATE, momentum=problem.MOMENTUM)
    optimizer.build(model.trainable_variables)
    inputs, labels = tensorflow.constant(problem.inputs()), tensorflow.constant(problem.labels())

    def step_of() -> Any:
        with tensorflow.GradientTape() as tape:
            logits = model(inputs, training=True)
            loss = tensorflow.reduce_mean(
                tensorflow.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            )
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    one_step = tensorflow.function(step_of, jit_compile=compiled)
    losses = [one_step() for _ in range(problem.STEPS)]
    return [float(losses[step]) for step in problem.SHOWN]


if __name__ == "__main__":
    examine("tensorflow", sys.argv[1:], multiply, others, train)
