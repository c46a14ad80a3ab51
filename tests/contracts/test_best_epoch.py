"""The weights of the best epoch are kept beside those of the last one."""

import numpy as np
import pytest

WILD = {"epochs": 9, "learning_rate": 0.3, "schedule": "constant", "hidden_units": [16]}
"""So large a rate makes the loss jump: the last epoch is not the best."""

FILES = {
    "pytorch": ("best.pt", "weights.pt"),
    "tensorflow": ("best.weights.h5", "model.weights.h5"),
}


def arrays(path):
    if path.suffix == ".pt":
        import torch

        return [values.numpy() for values in torch.load(path, weights_only=True).values()]
    import h5py

    found = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.append(item) if hasattr(item, "shape") else None)
        return [np.asarray(item) for item in found if "layers" in item.name]


@pytest.mark.parametrize("framework", FILES)
def test_the_best_weights_are_those_of_a_training_that_ends_with_the_best_epoch(
    make_project, train, framework
):
    best, last = FILES[framework]
    run = train(make_project("digits", framework=framework, **WILD))
    losses = [row["valid_loss"] for row in run.history]
    epoch = losses.index(min(losses)) + 1
    assert epoch < len(losses)
    short = train(make_project("digits", framework=framework, **{**WILD, "epochs": epoch}))
    ours, theirs = arrays(run.folder / "model" / best), arrays(short.folder / "model" / last)
    assert len(ours) == len(theirs) == 4
    assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(ours, arrays(run.weights), strict=True))
