"""What a model relies on: as scikit-learn says it, for every framework, on validation rows."""

import numpy as np
import pandas as pd
import pytest

from apprenti.errors import ApprentiError
from apprenti.evaluate import explanations
from apprenti.evaluate.explanations import SEED, explain, read
from apprenti.evaluate.importance import related

LINEAR = {"framework": "sklearn", "kind": "linear"}


class Silent:
    def line(self, text): ...
    def progress_to(self, at): ...


def explained(run):
    return explain(run, Silent())


@pytest.fixture(scope="module")
def sugar(make_project, train):
    """A regression, trained and explained."""
    run = train(make_project("diabetes", **LINEAR))
    return run, explained(run)


@pytest.fixture
def signal(tmp_path):
    """A table in which x decides, its double says the same, and noise says nothing."""

    def make(rows=400, **columns):
        random = np.random.default_rng(0)
        x = random.normal(size=rows).round(3)
        word = np.where(random.random(rows) < 0.5, "left", "right")
        noise = random.normal(size=rows).round(3)
        table = pd.DataFrame({"x": x, "noise": noise, "word": word, **columns})
        label = (x + (word == "left") + random.normal(0, 0.2, rows) > 0.5).astype(int)
        table.assign(label=np.array(["no", "yes"])[label]).to_csv(tmp_path / "a.csv", index=False)
        return tmp_path / "a.csv"

    return make


def by_name(found):
    return {one.columns[0]: one for one in found.columns}


def opened(run):
    """Return the model of a run, and its validation rows as it sees them, by scikit-learn alone."""
    import json

    import skops.io
    from sklearn.datasets import load_diabetes

    rows = pd.read_csv(run.folder / "predictions.csv")
    model = skops.io.load(run.weights, trusted=skops.io.get_untrusted_types(file=run.weights))
    known = json.loads((run.folder / "model" / "model.json").read_text())
    numbers = known["preparation"]["numbers"]
    frame = load_diabetes(as_frame=True).frame.loc[rows["row"], [*numbers]]
    scaled = pd.DataFrame(
        {n: (frame[n] - how["mean"]) / how["deviation"] for n, how in numbers.items()}
    )
    # Scripts prepare in 32 bits
    return model, scaled.to_numpy(np.float32), rows["truth"].to_numpy()


@pytest.mark.slow
def test_importance_is_that_of_scikit_learn_with_the_same_orders(sugar):
    from sklearn.inspection import permutation_importance

    run, found = sugar
    model, inputs, truth = opened(run)
    # The script learns numbers with mean 0 and deviation 1
    said = pd.read_csv(run.folder / "predictions.csv")["predicted"]
    unit, mean = np.polyfit(model.predict(inputs), said, 1)
    truth = (truth - mean) / unit
    how = {"n_repeats": found.repeats, "random_state": SEED}
    theirs = permutation_importance(model, inputs, truth, scoring="r2", **how)
    assert found.measure.name == "r2"
    ours = by_name(found)
    for name, drops in zip(run_columns(run), theirs.importances, strict=True):
        assert ours[name].drops == pytest.approx(drops, abs=1e-5), name


def run_columns(run):
    import json

    described = json.loads((run.folder / "model" / "model.json").read_text())
    return [*described["preparation"]["numbers"]]


def test_partial_dependence_of_a_linear_model_is_a_straight_line(sugar):
    _, found = sugar
    assert found.followed <= found.rows
    for one in found.dependence:
        (curve,) = one.curves
        assert curve.of is None and one.kind == "numbers"
        assert all(a <= m <= b for m, a, b in zip(*curve[1:], strict=True))
        line = np.polyfit(one.values, curve.mean, 1)
        assert np.polyval(line, one.values) == pytest.approx(curve.mean, abs=1e-3)


def test_what_is_kept_is_read_again_until_the_model_is_another(sugar):
    run, found = sugar
    assert read(run).as_json() == found.as_json()
    before = run.weights.read_bytes()
    run.weights.write_bytes(before + b" ")
    assert read(run) is None
    run.weights.write_bytes(before)


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", ["sklearn", "pytorch", "tensorflow"])
def test_in_every_framework_the_column_that_decides_counts_and_noise_does_not(
    framework, make_project, train, signal
):
    settings = {"kind": "linear", "framework": framework}
    settings |= {} if framework == "sklearn" else {"epochs": 15, "learning_rate": 0.05}
    run = train(make_project(signal(), target="label", **settings))
    found = explained(run)
    ours = by_name(found)
    assert ours["x"].matters and ours["word"].matters
    assert ours["x"].mean > 0.1 > abs(ours["noise"].mean)
    assert found.columns[0].columns == ("x",)
    first, *_ = found.dependence
    (curve,) = first.curves
    assert (first.column, curve.of) == ("x", "yes")
    # The more of x, the more often yes
    assert [*curve.mean] == sorted(curve.mean) and curve.mean[-1] - curve.mean[0] > 0.3
    words = next(one for one in found.dependence if one.column == "word")
    assert words.kind == "categories" and {*words.labels} == {"left", "right"}


def test_columns_that_say_the_same_are_shuffled_together_as_well(make_project, train, signal):
    random = np.random.default_rng(0)
    double = (2 * random.normal(size=400).round(3)).round(3)
    run = train(make_project(signal(double=double), target="label", **LINEAR))
    assert [one.columns for one in explained(run).groups] == [("x", "double")]


def test_related_columns_are_found_whatever_they_hold():
    random = np.random.default_rng(0)
    x, word = random.normal(size=300), random.choice(["a", "b", "c"], 300)
    table = pd.DataFrame(
        {
            "x": x,
            "curved": np.exp(x),
            "other": random.normal(size=300),
            "word": word,
            "renamed": np.char.add(word, "!"),
            "number": np.where(word == "a", 0, np.where(word == "b", 5, 9))
            + random.normal(0, 0.1, 300),
            "lonely": random.choice(["d", "e"], 300),
        }
    )
    assert related(table, [*table]) == [("x", "curved"), ("word", "renamed", "number")]


def test_of_texts_the_words_that_decide_are_named(make_project, train, tmp_path):
    random = np.random.default_rng(0)
    good = random.random(300) < 0.5
    texts = [
        f"the {'warm' if one else 'cold'} day was {random.choice(['long', 'short'])} here"
        for one in good
    ]
    table = pd.DataFrame({"text": texts, "label": np.where(good, "liked", "not")})
    table.to_csv(tmp_path / "a.csv", index=False)
    run = train(make_project(tmp_path / "a.csv", target="label", text="text", **LINEAR))
    found = explained(run)
    assert {one.word for one in found.words[:2]} == {"warm", "cold"}
    assert {(one.word, one.of) for one in found.words[:2]} == {("warm", "liked"), ("cold", "not")}
    assert all(one.low > 0 for one in found.words[:2])
    assert not found.columns and not found.dependence
    assert read(run).as_json() == found.as_json()


def test_images_have_no_columns_and_that_is_said(make_project, train):
    run = train(make_project("digits", iterations=5, **LINEAR))
    with pytest.raises(ApprentiError) as caught:
        explained(run)
    assert caught.value.key == "importance_no_columns"


def test_data_that_are_no_longer_the_same_are_refused(make_project, train, signal):
    path = signal()
    run = train(make_project(path, target="label", **LINEAR))
    path.write_text(path.read_text() + "1,2,left,yes\n")
    with pytest.raises(ApprentiError) as caught:
        explained(run)
    assert caught.value.key == "data_since_changed"


def test_no_test_row_is_read_and_nothing_is_opened(make_project, train, signal):
    run = train(make_project(signal(), target="label", **LINEAR))
    before = {path.name for path in run.folder.rglob("*")}
    found = explained(run)
    left = {path.name for path in run.folder.rglob("*")} - before
    assert left == {"explanations.json"}
    rows = pd.read_csv(run.folder / "predictions.csv")
    assert (found.rows, found.of_rows) == (len(rows), len(rows))


@pytest.mark.slow
def test_of_many_columns_the_dependence_is_asked_of_the_first_and_memory_is_bounded(
    make_project, train, signal, monkeypatch
):
    random = np.random.default_rng(1)
    many = {f"n{n}": random.normal(size=400).round(2) for n in range(4)}
    monkeypatch.setattr(explanations, "MANY", 5)
    monkeypatch.setattr(explanations, "FIRST", 2)
    monkeypatch.setattr("apprenti.evaluate.changed_rows.MOST_CELLS", 30_000)
    run = train(make_project(signal(**many), target="label", **LINEAR))
    found = explained(run)
    assert len(found.columns) == 7
    assert [one.column for one in found.dependence] == [one.columns[0] for one in found.columns[:2]]


def test_rows_are_drawn_where_there_are_many(make_project, train, signal, monkeypatch):
    monkeypatch.setattr(explanations, "MOST_ROWS", 40)
    found = explained(train(make_project(signal(), target="label", **LINEAR)))
    assert (found.rows, found.of_rows) == (40, 60)
