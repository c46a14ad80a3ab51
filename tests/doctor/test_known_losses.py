"""The known losses of the tiny training, computed here by NumPy alone, in double precision."""

import json

import numpy as np
import pytest

from apprenti.doctor.prove import tolerance
from apprenti.doctor.trials import problem
from apprenti.doctor.trials.report import KNOWN

KNOWN_LOSSES = json.loads(KNOWN.read_text(encoding="utf-8"))["losses"]


def train(kind=np.float64, rate=problem.LEARNING_RATE, momentum=problem.MOMENTUM, changed=None):
    """Gradient descent with momentum, written out: no framework, no automatic gradients."""
    inputs, labels = np.array(problem.inputs(), kind), np.array(problem.labels())
    first, second = (np.array(each, kind) for each in problem.weights())
    if changed is not None:
        first[changed] += 0.01
    values = [first, np.zeros(problem.HIDDEN, kind), second, np.zeros(problem.CLASSES, kind)]
    speeds = [np.zeros_like(value) for value in values]
    losses = []
    for step in range(problem.STEPS):
        hidden = np.tanh(inputs @ values[0] + values[1])
        scores = hidden @ values[2] + values[3]
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        if step in problem.SHOWN:
            losses.append(-np.log(shares[np.arange(problem.ROWS), labels]).mean())
        error = shares.copy()
        error[np.arange(problem.ROWS), labels] -= 1
        error /= problem.ROWS
        inner = (error @ values[2].T) * (1 - hidden * hidden)
        slopes = [inputs.T @ inner, inner.sum(0), hidden.T @ error, error.sum(0)]
        speeds = [kind(momentum) * v + g for v, g in zip(speeds, slopes, strict=True)]
        values = [w - kind(rate) * v for w, v in zip(values, speeds, strict=True)]
    return np.array(losses)


def gap(losses):
    return np.max(np.abs(losses - KNOWN_LOSSES) / KNOWN_LOSSES)


def test_the_known_losses_are_those_of_an_independent_training():
    assert gap(train()) < 1e-8


def test_single_precision_is_far_inside_the_tolerance():
    assert gap(train(np.float32)) < tolerance() / 100


@pytest.mark.parametrize(
    "fault",
    [{"rate": 0.1251}, {"momentum": 0.501}, {"momentum": 0}, {"changed": (2, 3)}],
    ids=str,
)
def test_a_small_fault_is_outside_the_tolerance(fault):
    assert gap(train(**fault)) > tolerance()


def test_the_network_learns_and_its_classes_are_all_there():
    assert KNOWN_LOSSES[0] > 1
    assert KNOWN_LOSSES[-1] < 0.3
    assert sorted(set(problem.labels())) == [0, 1, 2]


def test_data_and_weights_are_exact_in_single_precision():
    for values in (problem.inputs(), *problem.weights(), *problem.matrices()):
        exact = np.array(values)
        assert (exact.astype(np.float32).astype(np.float64) == exact).all()
        assert len(np.unique(exact)) > 4


def test_the_product_is_that_of_numpy_and_small_enough_for_any_precision():
    left, right = (np.array(each) for each in problem.matrices())
    assert (left @ right == np.array(problem.product())).all()
    assert (np.abs(left) @ np.abs(right)).max() < 2**11
