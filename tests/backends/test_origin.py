"""A checkpoint goes with the code, the settings and the data that it was made by."""

import os

import numpy as np
import pytest

from apprenti.backends.common import data as block
from apprenti.backends.common.data import Data, origin_of
from apprenti.backends.common.settings import Config


@pytest.fixture
def data():
    random = np.random.default_rng(0)
    inputs, targets = random.normal(size=(20, 3)).astype(np.float32), np.arange(20)
    target, preparation = {"classes": [0, 1]}, {"mean": [0.5], "deviation": [1.0]}
    description = {**target, "preparation": preparation}
    known = targets, targets.tolist()
    return Data(inputs, inputs, targets, targets, known, description, inputs, targets)


@pytest.fixture
def script(tmp_path, monkeypatch):
    path = tmp_path / "train.py"
    path.write_text("print(1)\n")
    monkeypatch.setattr(block, "__file__", str(path))
    return path


def test_the_same_code_settings_and_data_have_one_origin(script, data):
    again = data._replace(train_inputs=data.train_inputs.copy())
    assert origin_of(Config(), data) == origin_of(Config(), again)


def test_whatever_is_changed_makes_another_origin(script, data):
    sample, moved = data.sample_inputs.copy(), data.train_inputs.copy()
    sample[3, 1] += 1e-3
    moved[3, 1] += 1e-3
    origins = [
        origin_of(Config(), data),
        origin_of(Config(epochs=6), data),
        origin_of(Config(), data._replace(train_inputs=moved)),
        origin_of(Config(train=20_000), data),
        # Of many rows, those that are measured stand for all
        origin_of(Config(train=20_000), data._replace(sample_inputs=sample)),
        origin_of(Config(), data._replace(train_targets=data.train_targets[::-1])),
        origin_of(Config(), data._replace(valid_targets=data.valid_targets + 1)),
        origin_of(Config(), data._replace(description={"mean": [0.6]})),
    ]
    script.write_text("print(2)\n")
    origins.append(origin_of(Config(), data))
    assert len(set(origins)) == 9


def test_where_there_is_no_script_settings_and_data_decide(data, monkeypatch):
    monkeypatch.setattr(block, "__file__", os.devnull)  # As a notebook has it
    assert origin_of(Config(), data) == origin_of(Config(), data)
    assert origin_of(Config(), data) != origin_of(Config(epochs=6), data)
