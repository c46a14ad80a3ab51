"""The same seed gives the same bytes, another seed others, and no test row has a say in any.

That one seed gives the same bytes twice is seen in test_alone.py, for every combination.
"""

import ast

import numpy as np
import pandas as pd
import pytest

from apprenti.data.kinds.table import open_table
from apprenti.data.split.parts import TEST, parts_of
from apprenti.train.plan import plan

EVERYTHING_LEARNED = {"data.split.train": None}
FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")


@pytest.mark.parametrize(
    "framework", ["pytorch", "sklearn", pytest.param("tensorflow", marks=pytest.mark.slow)]
)
def test_another_seed_gives_another_run(framework, tiny_project, learn, results):
    usual = results(learn(tiny_project(framework, "mlp", "arrays-images")))
    other = results(learn(tiny_project(framework, "mlp", "arrays-images", seed=1)))
    for name in ("history", "predictions", "weights"):
        assert usual[name] != other[name], name
    # The split has a seed of its own: the same rows were checked with
    assert rows_of(usual) == rows_of(other)


def test_another_split_seed_checks_with_other_rows(tiny_project, learn, results):
    usual = results(learn(tiny_project("sklearn", "trivial", "digits")))
    seed = {"data.split.seed": 1}
    other = results(learn(tiny_project("sklearn", "trivial", "digits", **seed)))
    assert rows_of(usual) != rows_of(other)


def rows_of(result):
    return [line.split(b",")[0] for line in result["predictions"].splitlines()]


@pytest.fixture(scope="module")
def tampered_runs(tiny_project, learn, columns_npz, tmp_path_factory):
    """Runs on data as they are, with the test rows scrambled, and with one learned row changed."""

    def make(framework):
        as_it_is = tiny_project(framework, "mlp", str(columns_npz), **EVERYTHING_LEARNED)
        learned, test = parts(plan(as_it_is).script.text, columns_npz)
        made = {"as it is": learn(as_it_is)}
        for name, rows in (("test rows", test), ("learned row", learned[:1])):
            changed = scramble(columns_npz, rows, tmp_path_factory.mktemp("changed"))
            project = tiny_project(framework, "mlp", str(changed), **EVERYTHING_LEARNED)
            made[name] = learn(project)
        return made

    return make


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scrambling_the_test_rows_changes_no_byte_of_a_run(framework, tampered_runs, results):
    made = tampered_runs(framework)
    found = {name: results(folder) for name, folder in made.items()}
    assert found["as it is"] == found["test rows"]
    # The comparison can fail: a row that is learned from changes the weights
    assert found["as it is"]["weights"] != found["learned row"]["weights"]
    scripts = {(folder / "train.py").read_bytes() for folder in made.values()}
    assert len(scripts) == 1


@pytest.mark.parametrize("framework", ["pytorch", "sklearn"])
def test_scrambling_the_test_rows_of_a_table_changes_no_byte_of_a_run(
    framework, tiny_project, learn, results, table_csv, tmp_path
):
    found = {}
    table = pd.read_csv(table_csv)
    usual = tiny_project(framework, "mlp", "table", **EVERYTHING_LEARNED)
    data = usual.choices.data
    part = parts_of(open_table(data, table_csv), data.split, data)
    for name, touched in (("as it is", []), ("test", np.flatnonzero(part == TEST))):
        path = tmp_path / name.replace(" ", "-") / table_csv.name
        path.parent.mkdir()
        changed = table.copy()
        order = np.random.default_rng(1).permutation(touched).astype(int)
        # Another order of whole cells in each column: labels and values no longer go together
        for column in table.columns:
            order = np.roll(order, 1)
            changed.loc[touched, column] = table[column].to_numpy()[order]
        changed.to_csv(path, index=False)
        settings = {"target": "réponse", **EVERYTHING_LEARNED}
        project = tiny_project(framework, "mlp", str(path), **settings)
        found[name] = results(learn(project))
    assert len(np.flatnonzero(part == TEST)) == 30
    assert found["as it is"] == found["test"]


def parts(script, path):
    """Return the rows learned from and the test rows, by the functions of the script itself."""
    names = ("split", "Config")
    tree = ast.parse(script)
    tree.body = [
        node
        for node in tree.body
        if getattr(node, "name", "") in names
        or (isinstance(node, ast.ImportFrom) and node.module == "typing")
    ]
    script = {"np": np}
    exec(compile(tree, "train.py", "exec"), script)
    labels = np.load(path)["y"]
    learned, checked, test = script["split"](labels, script["Config"]())
    assert (len(learned), len(checked), len(test)) == (210, 60, 30)
    return learned, test


def scramble(path, rows, folder):
    """Give these rows wild numbers, and labels that are often of a class nobody has seen."""
    with np.load(path) as arrays:
        inputs, labels = arrays["x"].copy(), arrays["y"].astype("U20")
    random = np.random.default_rng(1)
    inputs[rows] = random.normal(scale=1e6, size=inputs[rows].shape)
    labels[rows] = random.choice([*np.unique(labels), "never seen before"], size=len(rows))
    if len(rows) == 1:
        labels[rows] = np.load(path)["y"][rows]
    np.savez(folder / path.name, x=inputs, y=labels)
    return folder / path.name
