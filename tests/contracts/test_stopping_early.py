"""Early stopping keeps the best epoch to the bit, however often a run was stopped and resumed.

It ends when the validation loss has not been lower for a while; the short form prints the same.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import fork_server
from apprenti import runs
from apprenti.train.plan import plan
from apprenti.writing import write_json, write_text

FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
SLOW = {"tensorflow": pytest.mark.slow}
PATIENCE = 3
WILD = {
    "epochs": 40,
    "early_stopping": PATIENCE,
    "hidden_units": [16],
    "data.split.train": 250,
    "data.split.valid": 0.2,
}
RATES = {
    "pytorch": {"learning_rate": 0.05, "schedule": "one_cycle", "warm_up": 1, "activation": "tanh"},
    "sklearn": {"learning_rate": 0.05, "activation": "sigmoid"},
}
RATES["tensorflow"] = RATES["pytorch"]
FLAGS = (sys.executable, "-I", "-X", "utf8")
WAYS = ("killed", "at_the_end", "resumed")


@pytest.fixture(scope="module", params=[pytest.param(f, marks=SLOW.get(f, ())) for f in FRAMEWORKS])
def fitted(request, make_project, tmp_path_factory):
    """What each way of stopping_early.py left, and the histories."""
    framework, folder = request.param, tmp_path_factory.mktemp("fitted")
    project = make_project("digits", framework=framework, kind="mlp", **WILD, **RATES[framework])
    for name, text in plan(project).files.items():
        (folder / name).write_text(text, encoding="utf-8")
    driver = Path(__file__).with_name("stopping_early.py")
    done = fork_server.run([*FLAGS, driver, folder / "train.py", folder], cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, json.loads((folder / "histories.json").read_text())


def without_times(history):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history]


def losses_of(history):
    return [row["valid_loss"] for row in history]


def best_of(history):
    return max(n for n, loss in enumerate(losses_of(history), 1) if loss == min(losses_of(history)))


def arrays(folder):
    """Return all that a model has learned, by its name."""
    (path,) = (
        p
        for p in (folder / "model").iterdir()
        if p.suffix in (".pt", ".h5", ".skops") and not p.name.startswith("best")
    )
    if path.suffix == ".pt":
        import torch

        return {n: one.numpy() for n, one in torch.load(path, weights_only=True).items()}
    if path.suffix == ".h5":
        import h5py

        found = {}
        with h5py.File(path) as file:
            file.visititems(
                lambda n, one: found.update({n: one[()]}) if hasattr(one, "shape") else 0
            )
        return found
    from apprenti.backends.sklearn import mlp, parts

    model = parts.open_parts(path, mlp.PARTS)
    return dict(enumerate([*model.coefs_, *model.intercepts_]))


def are_the_same(ones, others):
    return ones.keys() == others.keys() and all(
        np.array_equal(ones[name], others[name]) for name in ones
    )


def test_it_ends_when_the_loss_has_not_been_lower_for_so_many_epochs(fitted):
    folder, histories = fitted
    losses = losses_of(histories["whole"])
    lowest = losses.index(min(losses)) + 1
    assert len(losses) == lowest + PATIENCE < WILD["epochs"]
    status = json.loads((folder / "whole" / "status.json").read_text())
    assert status == {"status": "stopped early", "epochs": len(losses)}


def test_without_a_folder_it_ends_at_the_same_epoch(fitted):
    _, histories = fitted
    assert without_times(histories["nowhere"]) == without_times(histories["whole"])


def test_what_is_left_is_the_model_of_the_best_epoch_to_the_bit(
    fitted, make_project, train, request
):
    folder, histories = fitted
    history = histories["whole"]
    framework = next(name for name in FRAMEWORKS if name in request.node.name)
    best = best_of(history)
    # The same rates need the same number of epochs: it is stopped by hand after the best one
    described = json.loads((folder / "whole" / "model" / "model.json").read_text())
    assert described["epoch"] == best < len(history)
    driver = folder / "short.py"
    driver.write_text(
        "import sys; from pathlib import Path; from types import ModuleType\n"
        "sys.modules['train'] = train = ModuleType('train')\n"
        "train.__file__ = 'train.py'\n"
        "exec(compile(Path('train.py').read_bytes(), 'train.py', 'exec'), train.__dict__)\n"
        "config = train.Config()\n"
        f"config = config._replace(early_stopping={WILD['epochs']})\n"
        "Path('short').mkdir()\n"
        f"train.fit(config, train.load_data(config), Path('short'), lambda h: len(h) == {best})\n"
    )
    done = fork_server.run([*FLAGS, "short.py"], cwd=folder)
    assert done.returncode == 0, (framework, done.stderr)
    assert are_the_same(arrays(folder / "whole"), arrays(folder / "short"))
    predictions = [(folder / way / "predictions.csv").read_bytes() for way in ("whole", "short")]
    assert predictions[0] == predictions[1]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_was_stopped_ends_as_one_that_never_was(fitted, way):
    folder, histories = fitted
    assert without_times(histories[way]) == without_times(histories["whole"])
    assert are_the_same(arrays(folder / way), arrays(folder / "whole"))
    for name in ("predictions.csv", "status.json", "model/model.json"):
        assert (folder / way / name).read_bytes() == (folder / "whole" / name).read_bytes()
    assert not list((folder / way).glob("checkpoint.*"))


def test_what_an_interrupted_run_leaves_is_its_best_epoch_and_it_can_go_on(fitted):
    folder, histories = fitted
    left = folder / "interrupted"
    best = best_of(histories["whole"])
    assert json.loads((left / "status.json").read_text()) == {
        "status": "interrupted",
        "epochs": best + 1,
    }
    assert json.loads((left / "model" / "model.json").read_text())["epoch"] == best
    assert are_the_same(arrays(left), arrays(folder / "whole"))
    assert list(left.glob("checkpoint.*"))


def test_the_short_form_prints_the_same_history_and_stops_there(fitted):
    folder, histories = fitted
    done = fork_server.run([*FLAGS, "essential.py"], cwd=folder)
    assert done.returncode == 0, done.stderr
    said = [dict(re.findall(r"(\w+_\w+) (\S+)", line)) for line in done.stdout.splitlines()]
    kept = [
        {name: str(value) for name, value in row.items() if name not in ("epoch", "seconds")}
        for row in histories["whole"]
    ]
    assert [line for line in said if line] == kept


def test_a_run_has_the_scores_of_the_epoch_that_it_keeps(fitted, tmp_path):
    folder, histories = fitted
    run = runs.Run(tmp_path / "run")
    shutil.copytree(folder / "whole", run.folder)
    write_text(run.folder / "choices.toml", '[model]\nkind="mlp"\n[train]\nframework="pytorch"')
    write_json(run.folder / "environment.json", {"status": "stopped early"})
    row = histories["whole"][best_of(histories["whole"]) - 1]
    facts = runs.read(run)
    assert run.kept == facts.kept == row
    assert run.kept_epoch == facts.kept_epoch == row["epoch"]
    told = facts.summary()
    assert told["valid_loss"] == row["valid_loss"]
    assert (told["epoch"], told["kept_epoch"]) == (len(histories["whole"]), row["epoch"])
    assert told["seconds"] == histories["whole"][-1]["seconds"]
