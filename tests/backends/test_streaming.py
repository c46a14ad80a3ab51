"""Rows on disk: each is read once an epoch, in another order each time, whatever the framework."""

import os
import sys

import numpy as np
import pytest

import fork_server
from apprenti.backends.common import pools
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.settings import Config

ROWS = 1003
CONFIG = Config()._replace(batch_size=16, seed=4)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rows():
    numbers = np.arange(ROWS * 2, dtype=np.float32).reshape(ROWS, 2)
    made = OnDisk(np.float32)
    for start in range(0, ROWS, 100):
        made.append(numbers[start : start + 100])
    return made, numbers


def test_a_slice_is_what_a_slice_of_an_array_would_be(rows):
    made, numbers = rows
    assert (made.shape, len(made)) == ((ROWS, 2), ROWS)
    for place in (slice(5, 20), slice(None, 10_000), slice(1000, 2000), slice(0, 0)):
        assert np.array_equal(made[place], numbers[place])
        assert made[place].dtype == np.float32


def test_chosen_rows_are_what_they_would_be_of_an_array(rows):
    made, numbers = rows
    for places in (np.array([7, 1002, 0, 7]), [3]):
        assert np.array_equal(made[places], numbers[places])


def test_bytes_become_numbers_from_0_to_1():
    made = OnDisk(np.uint8, 255)
    made.append(np.array([[0, 51], [255, 102]], np.uint8))
    assert made[0:2].tolist() == np.float32([[0, 0.2], [1, 0.4]]).tolist()
    assert made[0:2].dtype == np.float32


def test_the_file_is_gone_with_the_array():
    made = OnDisk(np.float32)
    made.append(np.ones((3, 1), np.float32))
    assert len(os.listdir()) == 1
    del made
    assert os.listdir() == []


def read(epoch, rows, targets, config=CONFIG):
    found = [*pools.pools(rows, targets, epoch, config)]
    return np.concatenate([x for x, _ in found]), np.concatenate([y for _, y in found])


def test_each_row_is_read_once_an_epoch_with_its_target(rows):
    made, numbers = rows
    inputs, targets = read(1, made, np.arange(ROWS))
    assert np.array_equal(numbers[targets], inputs)
    assert np.array_equal(np.sort(targets), np.arange(ROWS))


def test_each_epoch_has_an_order_of_its_own_and_finds_it_again(rows):
    made, _ = rows
    first, second, again = (read(epoch, made, np.arange(ROWS))[1] for epoch in (1, 2, 1))
    assert not np.array_equal(first, second)
    assert np.array_equal(first, again)


def test_neighbours_in_the_file_are_not_together_in_a_batch(rows):
    made, _ = rows
    _, targets = read(1, made, np.arange(ROWS))
    batches = [targets[i : i + 16] for i in range(0, ROWS - 16, 16)]
    # Of 16 rows in a file of 63 stretches about 14 come from different ones
    assert np.mean([len(set(batch // 16)) for batch in batches]) > 12


SEEN = """
import sys
import numpy as np
from apprenti.backends.common.data import Data
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.settings import Config
from apprenti.backends.{framework} import batches_streamed as block

made = OnDisk(np.float32)
made.append(np.arange(2006, dtype=np.float32).reshape(1003, 2))
targets = np.arange(1003)
data = Data(made, made, targets, targets, (targets, []), {{}})
batches = block.shuffled(*block.as_tensors(data, Config()), 3, Config(batch_size=16, seed=4))
if "{framework}" == "tensorflow":
    assert len(batches) == 63
found = [(rows.numpy(), targets.numpy()) for rows, targets in batches]
rows, targets = (np.concatenate(parts) for parts in zip(*found))
np.savez(sys.argv[2], sizes=[len(rows) for rows, _ in found], rows=rows, targets=targets)
"""


def test_both_frameworks_see_the_same_batches(tmp_path):
    seen = []
    for framework in ("pytorch", "tensorflow"):
        path = tmp_path / f"{framework}.npz"
        command = [sys.executable, "-c", SEEN.format(framework=framework), framework, str(path)]
        done = fork_server.run(command)
        assert done.returncode == 0, done.stderr
        with np.load(path) as found:
            seen.append({name: found[name].tolist() for name in found.files})
    assert seen[0] == seen[1]
    assert len(seen[0]["sizes"]) == -(-ROWS // 16)
    assert sorted(seen[0]["targets"]) == list(range(ROWS))
