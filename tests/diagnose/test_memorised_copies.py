"""R21: validation rows that are in the training set too, and are better predicted for that."""

import numpy as np
import pandas as pd
import pytest

from apprenti import diagnose, runs
from apprenti.diagnose import remembered

random = np.random.default_rng(0)


def answer(run):
    return next(one for one in diagnose.diagnose(run).answers if one.code == "R21")


def rows(count=300, twice=120, columns=4, is_number=False):
    """Return rows whose target is mostly luck, and some of them a second time."""
    inputs = random.normal(size=(count, columns)).round(3)
    target = inputs[:, 0] + 3 * random.normal(size=count)
    target = target.round(3) if is_number else np.where(target > 0, 1, 0)
    order = random.permutation([*range(count), *range(twice)])
    return inputs[order], target[order]


def table(folder, inputs, target, name="rows.csv"):
    frame = pd.DataFrame(inputs).add_prefix("c")
    named = np.where(target == 1, "yes", "no") if target.dtype.kind == "i" else target
    frame.assign(kind=named).to_csv(folder / name, index=False)
    return folder / name


FOREST = {"framework": "sklearn", "split.test": 0.1, "split.valid": 0.3}
TREE = {**FOREST, "kind": "tree", "max_depth": 40}


@pytest.fixture(scope="module")
def learned(make_project, train, tmp_path_factory):
    """A run of a tree on a table some of whose rows are there twice."""
    path = table(tmp_path_factory.mktemp("rows"), *rows())
    return train(make_project(path, target="kind", **TREE))


def test_copies_that_were_learned_by_heart_are_told_with_the_score_without_them(learned):
    found = answer(learned)
    assert found.severity == "warning"
    made = pd.read_csv(learned.folder / "predictions.csv")
    data = pd.read_csv(runs.Run(learned.folder).choices["data"]["source"])
    split = pd.read_parquet(learned.folder / "split.parquet").set_index("row")["part"]
    training = data[split == "train"].drop(columns="kind").astype(str).agg(",".join, axis=1)
    checked = data.loc[made["row"]].drop(columns="kind").astype(str).agg(",".join, axis=1)
    again = checked.isin(set(training)).to_numpy()
    right = (made["truth"] == made["predicted"]).to_numpy()
    assert (found.values["count"], found.values["rows"]) == (again.sum(), len(made))
    assert found.values["other"] == pytest.approx(right[~again].mean())
    assert found.values["score"] == pytest.approx(right.mean())


def test_lists_of_runs_do_without_what_reads_the_data_again(learned):
    project = learned.folder.parent.parent
    from apprenti.project import load

    codes = [one.code for run in remembered.troubled([learned], load(project)) for one in run[1]]
    assert "R02" in codes and "R21" not in codes


@pytest.mark.parametrize("what", ["numbers", "arrays"])
def test_numbers_and_arrays_are_compared_too(make_project, train, tmp_path, what):
    inputs, target = rows(is_number=what == "numbers")
    if what == "numbers":
        given = {"source": table(tmp_path, inputs, target), "target": "kind"}
    else:
        np.savez(tmp_path / "rows.npz", x=inputs, y=target)
        given = {"source": tmp_path / "rows.npz"}
    found = answer(train(make_project(given.pop("source"), **given, **TREE)))
    assert found.severity == "warning"
    assert found.values["other"] < found.values["score"] - 0.05


def test_without_copies_or_where_they_are_no_better_it_passes(make_project, train, tmp_path):
    alone = train(make_project(table(tmp_path, *rows(twice=0)), target="kind", **TREE))
    assert answer(alone).outcome == "passed"
    simple = {**FOREST, "kind": "linear"}
    not_by_heart = train(
        make_project(table(tmp_path, *rows(), "again.csv"), target="kind", **simple)
    )
    assert answer(not_by_heart).outcome == "passed"


def test_where_the_data_are_others_now_or_gone_it_is_not_asked(make_project, train, tmp_path):
    path = table(tmp_path, *rows())
    run = train(make_project(path, target="kind", **TREE))
    path.write_text(path.read_text().replace("yes", "maybe"))
    assert answer(run).sentence == "no_data"
    path.unlink()
    assert answer(run).sentence == "no_data"
