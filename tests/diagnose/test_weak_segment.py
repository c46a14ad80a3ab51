"""R22: rows that have a value in common, and are predicted much worse than all others."""

import numpy as np
import pandas as pd
import pytest

from apprenti import diagnose
from apprenti.data.findings import words

random = np.random.default_rng(0)


def answer(run):
    return next(one for one in diagnose.diagnose(run).answers if one.code == "R22")


def table(path, broken, is_number=False, rows=900):
    """Write rows of four towns; of one, where something is broken, the target is luck."""
    frame = pd.DataFrame(random.normal(size=(rows, 3)).round(3)).add_prefix("c")
    target = frame.to_numpy() @ [1, 2, 0] + 0.05 * random.normal(size=rows)
    town = random.choice(["Brest", "Lyon", "Metz", "Nice"], rows)
    lost = (town == "Nice") & broken
    target[lost] = 3 * random.permutation(target[lost])
    kind = target.round(3) if is_number else np.where(target > 0, "yes", "no")
    frame.assign(town=town, kind=kind).to_csv(path, index=False)
    return path


LINEAR = {"framework": "sklearn", "kind": "linear", "split.valid": 0.4, "target": "kind"}


@pytest.fixture
def learned(make_project, train, tmp_path):
    def run(broken, **more):
        path = table(tmp_path / "rows.csv", broken, **more)
        return train(make_project(path, **LINEAR))

    return run


def test_the_town_whose_rows_are_often_wrong_is_told_with_both_figures(learned):
    found = answer(learned(True))
    assert (found.severity, found.subject, found.sentence) == ("note", "town", "value")
    assert found.values["value"] == "Nice"
    assert found.values["figure"] < 0.7 < 0.9 < found.values["rest"]
    assert "Nice" in words.tell(found).what


def test_of_numbers_the_mean_errors_are_told(learned):
    found = answer(learned(True, is_number=True))
    assert (found.subject, found.sentence) == ("town", "value_error")
    assert found.values["figure"] > 2 * found.values["rest"]


def test_where_all_towns_are_alike_it_passes(learned):
    assert answer(learned(False)).outcome == "passed"


@pytest.mark.slow
def test_arrays_baselines_and_data_that_have_changed_are_not_asked(
    make_project, train, tmp_path, learned
):
    arrays = {name: value for name, value in LINEAR.items() if name != "target"}
    assert answer(train(make_project("digits", **arrays))).sentence == "no_segments"
    path = table(tmp_path / "rows.csv", True)
    trivial = train(make_project(path, **LINEAR | {"kind": "trivial"}))
    assert answer(trivial).sentence == "is_baseline"
    run = train(make_project(path, **LINEAR))
    path.write_text(path.read_text().replace("Nice", "Nîmes"), encoding="utf-8")
    assert answer(run).sentence == "no_data"


def test_a_class_that_is_told_as_weak_is_not_told_again_by_where_it_lies(
    make_project, train, tmp_path
):
    kinds = random.choice(["ash", "elm", "oak"], 900, p=[0.4, 0.4, 0.2])
    height = np.select([kinds == "ash", kinds == "elm"], [0.0, 8.0], 1.0) + random.normal(size=900)
    frame = pd.DataFrame({"height": height.round(3), "kind": kinds})
    # Most of the third kind are taken for the first, which lies around them
    frame = frame.drop(frame.index[(kinds == "oak") & (random.random(900) < 0.5)])
    frame.to_csv(tmp_path / "rows.csv", index=False)
    run = train(make_project(tmp_path / "rows.csv", **LINEAR))
    found = diagnose.diagnose(run)
    assert [one.subject for one in found.found if one.code == "R13"] == ["oak"]
    assert any(one.kind == "range" for one in found.evidence.segments.weak)
    assert answer(run).outcome == "passed"
