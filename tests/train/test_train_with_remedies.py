"""A training with what acts in its loss or in its updates: resumed, repeated, short, refused."""

import csv
import re

import pytest
from scripts_alone import (
    STOPPED,
    as_recorded,
    execute,
    history_of,
    left_by,
    losses_in,
    script_of,
)

from apprenti import language
from apprenti.errors import ApprentiError
from apprenti.explain import explain
from apprenti.model.catalogue import NETWORKS
from apprenti.new import change as changes
from apprenti.project import changed, load
from apprenti.train.plan import plan
from apprenti.train.trials import trials

REMEDIES = {
    "weight_decay": 0.3,
    "l1": 0.01,
    "clip_norm": 0.5,
    "label_smoothing": 0.1,
    "class_weights": "balanced",
}
SMALL = {"epochs": 4, "hidden_units": [24], "learning_rate": 0.01, "data.split.train": 300}


@pytest.fixture(scope="module", params=NETWORKS)
def framework(request):
    return request.param


@pytest.fixture(scope="module", params=["digits", pytest.param("streamed", marks=pytest.mark.slow)])
def made(request, framework, make_project, table_parquet, tmp_path_factory):
    """A project with all of them, and the folder in which its script ran without a stop."""
    given = {"framework": framework, **SMALL, **REMEDIES}
    if request.param == "streamed":
        given |= {"target": "réponse", "streamed": True, "data.split.train": 200}
    project = make_project("digits" if request.param == "digits" else table_parquet, **given)
    folder = script_of(project, tmp_path_factory.mktemp("whole") / "run")
    execute(folder, "train.py")
    return project, folder


@pytest.mark.few(1)
def test_a_run_that_was_stopped_ends_in_the_same_bytes_as_one_that_was_not(made, tmp_path):
    project, whole = made
    folder = script_of(project, tmp_path / "stopped")
    (folder / "stopped.py").write_text(STOPPED, encoding="utf-8")
    execute(folder, "stopped.py")
    assert [row["epoch"] for row in history_of(folder)] == ["1", "2"]
    execute(folder, "train.py")
    assert left_by(folder) == left_by(whole)


@pytest.mark.few(1)
def test_the_short_form_prints_the_same_losses(made, tmp_path):
    project, whole = made
    if "essential.py" not in plan(project).files:
        assert project.choices.data.streamed
        return
    said = execute(script_of(project, tmp_path, "essential.py"), "essential.py")
    recorded = [{k: v for k, v in row.items() if k != "epoch"} for row in history_of(whole)]
    assert losses_in(said) == recorded


@pytest.mark.few(1)
def test_trials_with_some_of_them_are_those_of_scripts_with_these_alone(made):
    project, whole = made
    off = {"weight_decay": 0.0, "l1": 0.0, "clip_norm": 0.0}
    off |= {"label_smoothing": 0.0, "class_weights": "none"}
    alone = [{**off, name: REMEDIES[name]} for name in REMEDIES]
    ended = trials(project, [*alone, {}, off], workers=1)
    assert [one.status for one in ended] == ["finished"] * 7
    found = [as_recorded(one.history) for one in ended]
    assert found[-2] == history_of(whole)
    # Each does something, and not what another does
    assert len({str(one) for one in found}) == 7
    (plain,) = trials(changed(project, {f"train.{k}": v for k, v in off.items()}), [{}])
    assert found[-1] == as_recorded(plain.history)


@pytest.mark.few(2)
def test_a_script_says_nothing_of_what_is_off(framework, make_project):
    for lang in language.LANGUAGES:
        language.choose(lang)
        for text in plan(make_project("digits", framework=framework, **SMALL)).files.values():
            assert not re.search(
                "decay|clip_|smoothing|class_weight|softshrink|l1|binary|EachClass", text
            )
    language.choose(None)


MORE = {"dropout": 0.2, "early_stopping": 2, "schedule": "one_cycle", "warm_up": 1}
EVERY = {**REMEDIES, **MORE, "labels": "labels.csv"}
BLENDED = {"noise": 0.1, "mixup": 0.2, "batch_norm": True}
OF_IMAGES = {"shift": 0.1, "rotation": 5.0, "zoom": 0.1, "flip": True, **BLENDED}
LONGER = {
    ("pytorch", "images"): (103, 94),
    ("pytorch", "columns"): (82, 74),
    ("pytorch", "words"): (86,),
    ("pytorch", "tokens"): (75,),
    ("tensorflow", "images"): (123, 108),
    ("tensorflow", "columns"): (101, 87),
    ("tensorflow", "words"): (105,),
    ("tensorflow", "tokens"): (99,),
}
"""Lines that all remedies together add to train.py and to essential.py, at the most; about fifteen
of them are settings. A wider comment in French is a line more."""
KINDS = {
    "images": ("digits", {"kind": "mlp", **OF_IMAGES}),
    "columns": ("table_csv", {"kind": "mlp", "target": "réponse", **BLENDED}),
    "words": ("texts_csv", {"kind": "mlp", "target": "opinion", "word_dropout": 0.1, **BLENDED}),
    "tokens": ("texts_csv", {"kind": "gru", "target": "opinion", "word_dropout": 0.1}),
}


@pytest.mark.few(3)
@pytest.mark.parametrize("kind", KINDS)
def test_with_all_of_them_a_script_stays_short_and_is_the_same_in_french(
    framework, kind, make_project, request
):
    data, own = KINDS[kind]
    source = data if data == "digits" else request.getfixturevalue(data)
    of_data = {name: value for name, value in own.items() if name in ("kind", "target")}
    plain = make_project(source, framework=framework, schedule="constant", **of_data)
    full = make_project(source, framework=framework, **own, **EVERY)
    (full.folder / "labels.csv").write_text("row,was,is\n", encoding="utf-8")
    lengths = {}
    for lang in language.LANGUAGES:
        language.choose(lang)
        both = [plan(one).files for one in (plain, full)]
        lengths[lang] = [
            [len(files[name].splitlines()) for files in both]
            for name in ("train.py", "essential.py")
            if name in both[0]
        ]
    language.choose(None)
    for lang, found in lengths.items():
        for (length, longer), most in zip(found, LONGER[framework, kind], strict=True):
            assert longer - length <= most + (lang == "fr"), (lang, longer - length)
    grown = [[longer - length for length, longer in found] for found in lengths.values()]
    assert all(abs(one - other) <= 1 for one, other in zip(*grown, strict=True))


# ---- scikit-learn


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    """A table in which one class is rare, and overlaps with the other."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(0)
    is_rare = random.random(900) < 0.1
    columns = random.normal(size=(900, 3)) + 0.8 * is_rare[:, None]
    table = pd.DataFrame(columns, columns=list("abc")).assign(answer=np.where(is_rare, "yes", "no"))
    path = tmp_path_factory.mktemp("rare") / "rare.csv"
    table.to_csv(path, index=False)
    return path


WEIGHTED = ("linear", "tree", "forest", "extra_trees", "boosting", "stochastic_boosting", "svm")
OF_RARE = {"max_depth": 3, "n_estimators": 20, "epochs": 20, "batch_size": 16}


def rare_predicted(folder):
    with open(folder / "predictions.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return sum(row["predicted"] == "yes" for row in rows) / len(rows)


@pytest.mark.few(3)
@pytest.mark.parametrize("kind", [*WEIGHTED, *NETWORKS])
def test_with_balanced_weights_a_rare_class_is_predicted_more_often(
    kind, make_project, rare, tmp_path
):
    named = {"framework": kind, "kind": "linear"} if kind in NETWORKS else {}
    given = {"framework": "sklearn", "kind": kind, "target": "answer", **OF_RARE, **named}
    shares = []
    for value in ("none", "balanced"):
        folder = script_of(make_project(rare, **given, class_weights=value), tmp_path / value)
        execute(folder, "train.py")
        shares.append(rare_predicted(folder))
    assert shares[1] > shares[0] + 0.05, shares


def test_the_short_form_of_a_weighted_model_prints_the_same_losses(make_project, rare, tmp_path):
    given = {"framework": "sklearn", "kind": "linear", "target": "answer"}
    project = make_project(rare, **given, class_weights="balanced")
    execute(script_of(project, tmp_path), "train.py")
    said = execute(script_of(project, tmp_path, "essential.py"), "essential.py")
    ((_, *recorded),) = [row.items() for row in history_of(tmp_path)]
    assert dict(re.findall(r"(\w+_\w+) (\S+)", said)) == dict(recorded)


@pytest.mark.parametrize("kind", ["trivial", "knn", "mlp"])
def test_a_model_whose_rows_all_count_the_same_refuses_class_weights(kind, make_project):
    project = make_project("iris", framework="sklearn", kind=kind, class_weights="balanced")
    with pytest.raises(ApprentiError) as caught:
        plan(project, ["train.class_weights", "train.framework"])
    assert caught.value.key == "no_effect"
    # In the file it is for the models that have a use for it
    assert "class_weight" not in plan(project).files["train.py"]


@pytest.mark.parametrize("name", ["weight_decay", "l1", "clip_norm", "label_smoothing"])
def test_scikit_learn_refuses_what_it_cannot_do(name, make_project):
    for kind in ("mlp", "linear"):
        project = make_project("iris", framework="sklearn", kind=kind, **{name: REMEDIES[name]})
        with pytest.raises(ApprentiError) as caught:
            plan(project, [f"train.{name}", "train.framework"])
        assert caught.value.key == "no_effect"


# ---- What is said of them


@pytest.mark.parametrize("name", ["label_smoothing", "class_weights"])
def test_what_needs_classes_is_refused_where_a_number_is_predicted(name, make_project):
    for framework in (*NETWORKS, "sklearn"):
        project = make_project("diabetes", framework=framework, kind="linear")
        with pytest.raises(ApprentiError) as caught:
            plan(changed(project, {f"train.{name}": REMEDIES[name]}))
        assert caught.value.key == "only_for_classes"
        assert f"apprenti set {name}=" in str(caught.value)


def test_apprenti_set_refuses_it_at_once(make_project):
    project = make_project("diabetes")
    with pytest.raises(ApprentiError) as caught:
        changes.change(project.folder, {"train.label_smoothing": 0.1})
    assert caught.value.key == "only_for_classes"
    changes.change(project.folder, {"train.weight_decay": 0.1})
    assert load(project.folder).choices.train.weight_decay == 0.1


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_each_is_explained_in_both_languages(lang):
    language.choose(lang)
    try:
        told = {name: str([one.told for one in explain(name)]) for name in REMEDIES}
    finally:
        language.choose(None)
    assert all(len(text) > 150 for text in told.values())
    # The price of class weights
    assert re.search("calibr", told["class_weights"])
