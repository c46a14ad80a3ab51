"""Labels that may be wrong: those that were planted are found, by models that did not see them."""

import numpy as np
import pandas as pd
import pytest

from apprenti.diagnose import label_suspects
from apprenti.diagnose.label_suspects import Answers
from apprenti.errors import ApprentiError

LINEAR = {"framework": "sklearn", "kind": "linear", "iterations": 50}
NETWORK = {"framework": "sklearn", "kind": "mlp", "epochs": 10, "learning_rate": 0.01}
SETTINGS = {"text": {"text": "text", **LINEAR}, "size": NETWORK}


def test_of_wrong_labels_among_the_digits_most_are_suspected_and_most_suspects_are_wrong(
    make_project, train, tmp_path
):
    from sklearn.datasets import load_digits

    digits, random = load_digits(), np.random.default_rng(0)
    wrong = random.choice(len(digits.target), 90, replace=False)
    labels = digits.target.copy()
    labels[wrong] = (labels[wrong] + random.integers(1, 10, 90)) % 10
    np.savez(tmp_path / "noisy.npz", x=digits.images, y=labels)
    run = train(make_project(tmp_path / "noisy.npz", **LINEAR))
    found = label_suspects.look(run)
    # The test rows are not looked at
    assert found.rows == 1797 - run.choices["data"]["split"]["test"]
    learned = {row for row, part in _parts(run) if part != "test"}
    planted = {str(row) for row in wrong} & learned
    rows = [one.row for one in found.found]
    hits = len(planted & {*rows})
    assert hits / len(rows) >= 0.9 and hits / len(planted) >= 0.7
    assert all(one.truth == str(labels[int(one.row)]) for one in found.found)
    assert [one.of_truth for one in found.found] == sorted(one.of_truth for one in found.found)
    assert found.content.rows[rows[0]].image.shape == (8, 8)


def _parts(run):
    table = pd.read_parquet(run.folder / "split.parquet")
    return zip(table["row"].astype(str), table["part"], strict=True)


@pytest.mark.few(1)
@pytest.mark.parametrize("column", ["text", "size"])
def test_suspects_of_texts_and_tables_come_with_what_stands_in_their_rows(
    column, make_project, train, tmp_path
):
    random = np.random.default_rng(0)
    truth = random.integers(2, size=200)
    of_text = np.array(["a dull, cold and noisy place", "a warm, bright and quiet place"])[truth]
    table = pd.DataFrame({"size": (truth + random.normal(0, 0.1, 200)).round(3), "text": of_text})
    table = table[[column]].assign(label=np.where(random.random(200) < 0.05, 1 - truth, truth))
    table["label"] = table["label"].map({0: "bad", 1: "good"})
    table.to_csv(tmp_path / "a.csv", index=False)
    run = train(make_project(tmp_path / "a.csv", target="label", **SETTINGS[column]))
    heard = []
    found = label_suspects.look(run, lambda done, of: heard.append((done, of)))
    assert found.found
    for one in found.found:
        row = found.content.rows[one.row]
        said = row.text if column == "text" else row.columns["size"]
        assert said == table[column][int(one.row)]
        assert one.truth == table["label"][int(one.row)] != one.predicted
    # What is trained in one call has no epochs to hear of
    assert column == "text" or heard[-1] == (50, 50)


def test_the_filter_names_rows_whose_label_is_improbable_and_no_others():
    random = np.random.default_rng(0)
    truth = random.integers(3, size=600)
    probabilities = 0.05 + 0.85 * np.eye(3)[truth]
    labels = truth.copy()
    labels[:30] = (truth[:30] + 1) % 3
    rows, classes = [str(n) for n in range(600)], ("a", "b", "c")
    answers = Answers(rows, [classes[one] for one in labels], classes, probabilities)
    found = label_suspects.suspects(answers)
    assert {one.row for one in found} == {*rows[:30]}
    assert all(one.predicted == classes[truth[int(one.row)]] for one in found)


def test_numbers_and_data_that_have_changed_are_refused(make_project, train, tmp_path):
    with pytest.raises(ApprentiError) as caught:
        label_suspects.look(train(make_project("diabetes", **LINEAR)))
    assert caught.value.key == "labels_no_classes"
    table = tmp_path / "a.csv"
    rows = [f"{n},{'xy'[n % 2]}" for n in range(80)]
    table.write_text("\n".join(["n,label", *rows]))
    run = train(make_project(table, target="label", **LINEAR))
    table.write_text("\n".join(["n,label", *rows, "80,x"]))
    with pytest.raises(ApprentiError) as caught:
        label_suspects.look(run)
    assert caught.value.key == "data_changed"


def test_without_cleanlab_the_command_that_installs_it_is_told(make_project, train, monkeypatch):
    import importlib.util

    there = importlib.util.find_spec
    missing = lambda name: None if name == "cleanlab" else there(name)  # noqa: E731
    monkeypatch.setattr("importlib.util.find_spec", missing)
    with pytest.raises(ApprentiError, match="-m pip install cleanlab"):
        label_suspects.look(train(make_project(**LINEAR)))
