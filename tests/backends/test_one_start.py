"""The parts of the experiment of agreement that both frameworks share."""

import numpy as np
import pytest

from apprenti.backends.common import agreement
from apprenti.backends.common.settings import Config

CONFIG = Config()._replace(batch_size=10, epochs=5)


@pytest.mark.parametrize("rows", [95, 100, 3, 1000, 2000])
@pytest.mark.parametrize("name", ["chosen", "sgd", "float64"])
def test_the_pieces_are_the_rows_of_every_epoch_in_their_order(rows, name):
    arm = agreement.ways_to_learn(rows, CONFIG)[name]
    pieces = list(agreement.in_pieces(rows, arm, CONFIG))
    by_epoch = {}
    for order, epoch, _ in pieces:
        by_epoch.setdefault(epoch, []).append(order)
    seen = 0
    for epoch, orders in by_epoch.items():
        usual = np.random.default_rng((CONFIG.seed, epoch)).permutation(rows)
        joined = np.concatenate(orders)
        assert np.array_equal(joined, usual[: len(joined)])
        seen += sum(-(-len(order) // 10) for order in orders)
    # Every step is taken once, and none after the last
    assert seen == pieces[-1][2] == arm.last_step


@pytest.mark.parametrize("rows", [95, 1000, 2000])
def test_each_stop_is_the_end_of_a_piece(rows):
    arm = agreement.ways_to_learn(rows, CONFIG)["chosen"]
    ends = {step for _, _, step in agreement.in_pieces(rows, arm, CONFIG)}
    wanted = {stop for stop in [*agreement.STOPS, arm.last_step] if 0 < stop <= arm.last_step}
    assert wanted <= ends


def test_the_short_ways_stop_after_300_steps():
    arms = agreement.ways_to_learn(2000, CONFIG)
    assert {name: arm.last_step for name, arm in arms.items()} == {
        "chosen": 1000,
        "sgd": 300,
        "float64": 300,
    }
    assert arms["float64"].precision == "float64"
    assert arms["sgd"].optimizer == "sgd"


def test_the_first_weights_are_the_same_each_time_and_neither_small_nor_large():
    shapes = [(64, 128), (128,), (128, 10), (10,)]
    named = [("kernel" if len(shape) > 1 else "bias", shape) for shape in shapes]
    one, other = (agreement.first_weights(named, CONFIG) for _ in range(2))
    assert [weights.shape for weights in one] == shapes
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    limit = np.sqrt(6 / (64 + 128))
    assert 0.99 * limit < np.abs(one[0]).max() <= limit
    assert not one[1].any()
    another = agreement.first_weights(named, CONFIG._replace(seed=1))
    assert not np.array_equal(one[0], another[0])


def test_a_filter_begins_as_small_as_the_points_that_it_looks_at_are_many():
    (patch,) = agreement.first_weights([("kernel", (5, 5, 3, 16))], CONFIG)
    limit = np.sqrt(6 / (25 * 3 + 25 * 16))
    assert 0.98 * limit < np.abs(patch).max() <= limit


def test_what_batch_normalisation_multiplies_by_begins_at_1_and_what_it_adds_at_0():
    scale, shift = agreement.first_weights([("gamma", (4,)), ("bias", (4,))], CONFIG)
    assert (scale.tolist(), shift.tolist()) == ([1] * 4, [0] * 4)
