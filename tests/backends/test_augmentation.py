"""Augmentation: each operation does what it says, and both frameworks see the same rows."""

import json
import sys

import numpy as np
import pytest

import fork_server
from apprenti.model.catalogue import NETWORKS

random = np.random.default_rng(0)
SQUARE = random.random((3, 8, 8), dtype=np.float32)
COLOURS = random.random((3, 6, 10, 3), dtype=np.float32)
COLUMNS = random.normal(size=(500, 40)).astype(np.float32)
TOKENS = np.where(np.arange(40) < random.integers(1, 40, (500, 1)), 2 + np.arange(40), 0)
RAMP = np.float32(np.add.outer(np.arange(6) * 0.1, np.arange(10) * 0.03)) + np.zeros((3, 1, 1))
WORDS = np.maximum(COLUMNS, 0) / np.linalg.norm(np.maximum(COLUMNS, 0), axis=1, keepdims=True)
BESIDE = np.column_stack([COLUMNS[:, :3], WORDS, WORDS[:, :5]])
"""Three columns, the words of a text, and those of another one."""
INPUTS = {
    "square": SQUARE,
    "colours": COLOURS,
    "ramp": np.float32(RAMP),
    "columns": COLUMNS,
    "words": WORDS,
    "beside": BESIDE,
    "tokens": np.int32(TOKENS),
}

EVERY = {"shift": 0.2, "rotation": 30, "zoom": 0.2, "flip": True, "noise": 0.1, "mixup": 0.4}
FULL = "as far as it goes"
"""Each draw is the largest value that may be drawn."""
JOBS = {
    "shifted": ("images", "square", {"shift": 0.25}, FULL),
    "shifted in colour": ("images", "colours", {"shift": 0.5}, FULL),
    "flipped": ("images", "square", {"flip": True}, FULL),
    "flipped in colour": ("images", "colours", {"flip": True}, FULL),
    "a quarter turned": ("images", "square", {"rotation": 90}, FULL),
    "turned": ("images", "ramp", {"rotation": 30}, FULL),
    "larger": ("images", "ramp", {"zoom": 0.5}, FULL),
    "every": ("images", "square", EVERY, 1),
    "every again": ("images", "square", EVERY, 1),
    "every later": ("images", "square", EVERY, 2),
    "every in colour": ("images", "colours", EVERY, 1),
    "flips": ("images", "square", {"flip": True}, 1),
    "noisy": ("columns", "columns", {"noise": 0.3}, 1),
    "mixed": ("columns", "columns", {"mixup": 0.4}, 1),
    "without words": ("words", "words", {"word_dropout": 0.2}, 1),
    "without words beside": (
        "columns",
        "beside",
        {"word_dropout": 0.2, "texts": ("first", "second"), "word_columns": (40, 5)},
        1,
    ),
    "hidden": ("tokens", "tokens", {"word_dropout": 0.2}, 1),
    **{f"no {kind}": (kind, data, {}, 1) for kind, data in (("images", "square"),)},
}

# Each framework in a process of its own; what it made is in one file
MAKE = """
import json, os, sys
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")
from importlib import import_module
import numpy as np
from apprenti.backends.common.settings import Config

class Largest:
    def uniform(self, low, high, size):
        return np.full(size, high, float)
    def choice(self, values, size):
        return np.full(size, values[0])

framework, jobs, inputs = sys.argv[1], json.loads(sys.argv[2]), np.load("inputs.npz")
if framework == "pytorch":
    import torch
    tensors = torch.from_numpy
    batches_of = lambda rows, targets: zip(rows.split(32), targets.split(32))
else:
    import tensorflow as tf
    tensors = tf.constant
    batches_of = lambda *both: tf.data.Dataset.from_tensor_slices(both).batch(32)
made = {}
for name, (kind, data, settings, epoch) in jobs.items():
    block = import_module(f"apprenti.backends.{framework}.augment_{kind}")
    rows, config = tensors(inputs[data]), Config(**settings, seed=5, batch_size=32)
    targets = tensors(np.eye(len(rows), dtype=np.float32))
    if isinstance(epoch, str):
        found = [block.augment(rows, targets, Largest(), config)]
    else:
        given = batches_of(rows, targets)
        found = block.augmented(given, epoch, config)
        assert (found is given) == (not settings)
    parts = zip(*((x.numpy(), y.numpy()) for x, y in found))
    made |= {f"{name}/{i}": np.concatenate(part) for i, part in enumerate(parts)}
np.savez("made.npz", **made)
"""


@pytest.fixture(scope="module")
def of_both(tmp_path_factory):
    """What each framework makes of the inputs, by the name of the job: rows and targets."""
    made = {}
    for framework in NETWORKS:
        folder = tmp_path_factory.mktemp(framework)
        np.savez(folder / "inputs.npz", **INPUTS)
        command = [sys.executable, "-c", MAKE, framework, json.dumps(JOBS)]
        done = fork_server.run(command, cwd=folder)
        assert done.returncode == 0, done.stderr
        arrays = np.load(folder / "made.npz")
        made[framework] = {name: (arrays[f"{name}/0"], arrays[f"{name}/1"]) for name in JOBS}
    return made


@pytest.fixture(params=NETWORKS)
def made(request, of_both):
    return of_both[request.param]


def close(one, other):
    assert one.dtype == np.float32
    np.testing.assert_allclose(one, other, atol=2e-5)


def test_a_shift_moves_each_point_and_what_comes_in_is_the_corner(made):
    expected = np.broadcast_to(SQUARE[:, :1, :1], SQUARE.shape).copy()
    expected[:, :-2, :-2] = SQUARE[:, 2:, 2:]
    close(made["shifted"][0], expected)
    # Half of 6 rows, half of 10 columns, each colour of the corner by itself
    expected = np.broadcast_to(COLOURS[:, :1, :1], COLOURS.shape).copy()
    expected[:, :-3, :-5] = COLOURS[:, 3:, 5:]
    close(made["shifted in colour"][0], expected)


def test_a_flip_is_the_mirror_image(made):
    close(made["flipped"][0], SQUARE[:, :, ::-1])
    close(made["flipped in colour"][0], COLOURS[:, :, ::-1])


def test_half_of_the_images_are_flipped(made):
    mirrored = [
        np.abs(image - old[:, ::-1]).max() < 1e-4
        for image, old in zip(made["flips"][0], SQUARE, strict=True)
    ]
    same = [
        np.abs(image - old).max() < 1e-4
        for image, old in zip(made["flips"][0], SQUARE, strict=True)
    ]
    assert [not one for one in mirrored] == same
    assert len(set(mirrored)) == 2


def test_a_rotation_of_90_degrees_is_a_quarter_turn(made):
    close(made["a quarter turned"][0], np.rot90(SQUARE, axes=(1, 2)))


def test_a_rotation_keeps_right_angles_where_the_sides_differ(made):
    x, y = np.meshgrid(np.arange(10) - 4.5, np.arange(6) - 2.5)
    cos, sin = np.cos(np.pi / 6), np.sin(np.pi / 6)
    expected = RAMP.mean() + 0.03 * (cos * x - sin * y) + 0.1 * (sin * x + cos * y)
    inside = (abs(x) < 2) & (abs(y) < 1)
    close(made["turned"][0][:, inside], np.tile(expected[inside], (3, 1)))


def test_a_zoom_makes_things_larger(made):
    # Half as large again: what rises by 0.03 a point rises by 0.02
    x, y = np.meshgrid(np.arange(10) - 4.5, np.arange(6) - 2.5)
    close(made["larger"][0], np.tile(RAMP.mean() + 0.02 * x + 0.1 / 1.5 * y, (3, 1, 1)))


def test_noise_has_the_deviation_that_was_asked_for_and_leaves_the_targets(made):
    noise = made["noisy"][0] - COLUMNS
    assert abs(noise.mean()) < 0.01
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert np.array_equal(made["noisy"][1], np.eye(500, dtype=np.float32))


def test_mixup_blends_rows_and_targets_by_the_same_shares(made):
    rows, shares = made["mixed"]
    close(rows, shares @ COLUMNS)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert (np.count_nonzero(shares, axis=1) <= 2).all()
    # One share a batch, another one in the next
    assert 0 < shares[0, 0] < 1
    assert shares[0, 0] != pytest.approx(shares[40, 40], abs=1e-4)


def test_words_of_a_text_are_hidden_and_the_padding_is_not_touched(made):
    tokens, targets = made["hidden"]
    assert np.array_equal(tokens == 0, TOKENS == 0)
    changed = tokens != TOKENS
    assert (tokens[changed] == 1).all()
    assert changed[TOKENS > 0].mean() == pytest.approx(0.2, abs=0.02)
    assert np.array_equal(targets, np.eye(500, dtype=np.float32))


def test_columns_of_words_lose_some_and_keep_their_length(made):
    rows = made["without words"][0]
    gone = (rows == 0) & (WORDS > 0)
    assert gone[WORDS > 0].mean() == pytest.approx(0.2, abs=0.02)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows[WORDS == 0] == 0).all()


def test_words_beside_other_columns_are_hidden_and_these_are_not_touched(made):
    rows = made["without words beside"][0]
    assert np.array_equal(rows[:, :3], BESIDE[:, :3])
    for text in (slice(3, 43), slice(43, 48)):
        gone = (rows[:, text] == 0) & (BESIDE[:, text] > 0)
        assert gone[BESIDE[:, text] > 0].mean() == pytest.approx(0.2, abs=0.03)
        length = np.linalg.norm(rows[:, text], axis=1)
        np.testing.assert_allclose(length[length > 0], 1, atol=1e-5)


def test_each_epoch_draws_anew_and_finds_it_again(made):
    assert np.array_equal(made["every"][0], made["every again"][0])
    assert np.abs(made["every"][0] - made["every later"][0]).max() > 0.1


@pytest.mark.parametrize("name", JOBS)
def test_both_frameworks_see_the_same_rows(name, of_both):
    ours, theirs = (of_both[framework][name] for framework in NETWORKS)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)
