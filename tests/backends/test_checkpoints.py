"""What training changes in a model of scikit-learn is in its checkpoint, whatever the optimizer."""

import io
import zipfile

import numpy as np
import pytest
import skops.io

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn import fit_epochs, mlp, train_epochs


@pytest.fixture
def data():
    random = np.random.default_rng(0)
    inputs, targets = random.normal(size=(90, 4)).astype(np.float32), np.arange(90) % 3
    known = np.arange(30), targets[60:].tolist()
    return Data(inputs[:60], inputs[60:], targets[:60], targets[60:], known, {"outputs": 3})


def never(history):
    return False


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_training_goes_on_as_if_it_had_never_stopped(data, optimizer, tmp_path):
    config = Config(train=60, batch_size=8, hidden_units=(5, 4), optimizer=optimizer, epochs=3)

    def train(history, epochs, folder):
        model = mlp.build_model(config, 60)
        if folder:
            history += train_epochs.load_checkpoint(folder, model, data, "origin", config)
        longer = config._replace(epochs=epochs)
        train_epochs.train(model, data, history, longer, folder, "origin", never)
        return [{**row, "seconds": 0} for row in history]

    whole = train([], 6, None)
    assert train([], 3, tmp_path) == whole[:3]
    assert train([], 6, tmp_path) == whole


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_training_that_was_killed_after_its_last_epoch_leaves_the_same_model(
    data, optimizer, tmp_path
):
    config = Config(train=60, batch_size=8, hidden_units=(5, 4), optimizer=optimizer, epochs=3)
    whole, again = (mlp.build_model(config, 60) for _ in range(2))
    train_epochs.train(whole, data, [], config, tmp_path, "origin", never)
    assert len(train_epochs.load_checkpoint(tmp_path, again, data, "origin", config)) == 3
    assert arrays_in(again) == arrays_in(whole)


def arrays_in(model):
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        return sorted(map(archive.read, names))


def test_the_checkpoint_of_another_origin_is_left_alone(data, tmp_path):
    config = Config(train=60, epochs=1)
    train_epochs.train(mlp.build_model(config, 60), data, [], config, tmp_path, "one", never)
    model = mlp.build_model(config, 60)
    assert train_epochs.load_checkpoint(tmp_path, model, data, "another", config) == []
    assert not hasattr(model, "coefs_")


def test_what_scikit_learn_makes_of_ctrl_c_before_the_first_epoch_is_kept_is_ctrl_c(
    data, monkeypatch
):
    def train(*given):
        raise UserWarning("Training interrupted by user.")

    monkeypatch.setattr(fit_epochs, "train", train)
    with pytest.raises(KeyboardInterrupt):
        fit_epochs.fit(Config(train=60, epochs=1, hidden_units=(2,)), data, None, never)
