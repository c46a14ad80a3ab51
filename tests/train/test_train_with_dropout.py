"""A training with what a model may have more: resumed, repeated, short, beside others."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
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

import apprenti
from apprenti import language
from apprenti.data.split.parts import counted
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import NETWORKS, OF_TEXTS, OFFERED
from apprenti.model.smaller import USUAL_LEAF
from apprenti.script.translate import sentences
from apprenti.train.plan import plan
from apprenti.train.trials import trials

REMEDIES = {"dropout": 0.3, "batch_norm": True, "initial_weights": "he"}
SMALL = {
    "epochs": 4,
    "hidden_units": [32, 16],
    "learning_rate": 0.01,
    "data.split.train": 300,
}


@pytest.fixture(
    scope="module", params=["pytorch", pytest.param("tensorflow", marks=pytest.mark.slow)]
)
def made(request, make_project, tmp_path_factory):
    """A project with both remedies, and the folder in which its script ran without a stop."""
    project = make_project("digits", framework=request.param, **SMALL, **REMEDIES)
    folder = script_of(project, tmp_path_factory.mktemp("whole") / "run")
    execute(folder, "train.py")
    return project, folder


@pytest.mark.slow
def test_a_run_that_was_stopped_ends_in_the_same_bytes_as_one_that_was_not(made, tmp_path):
    project, whole = made
    folder = script_of(project, tmp_path / "stopped")
    (folder / "stopped.py").write_text(STOPPED, encoding="utf-8")
    assert "2" in execute(folder, "stopped.py")
    assert [row["epoch"] for row in history_of(folder)] == ["1", "2"]
    execute(folder, "train.py")
    assert left_by(folder) == left_by(whole)


def test_the_short_form_prints_the_same_losses(made, tmp_path):
    project, whole = made
    said = execute(script_of(project, tmp_path, "essential.py"), "essential.py")
    recorded = [{k: v for k, v in row.items() if k != "epoch"} for row in history_of(whole)]
    assert losses_in(said) == recorded


def test_a_trial_does_not_depend_on_those_before_it(made):
    project, whole = made
    settings = [{"dropout": 0.6, "seed": 5}, {"dropout": 0.0}, {"batch_norm": False}]
    settings += [{"initial_weights": one} for one in ("default", "glorot", "normal")]
    ended = trials(project, [*settings, {}], workers=1)
    assert [one.status for one in ended] == ["finished"] * 7
    found = [as_recorded(one.history) for one in ended]
    assert found[-1] == history_of(whole)
    assert len({str(one) for one in found}) == 7


def test_the_model_predicts_from_its_file_as_it_did_when_it_was_trained(made, tmp_path):
    project, whole = made
    folder = shutil.copytree(whole, tmp_path / "run")
    script_of(project, folder, "evaluate.py")
    one, other = (execute(folder, "evaluate.py") for _ in range(2))
    assert one == other
    assert float(re.search(r"test_accuracy (\S+)", one)[1]) > 0.3


@pytest.mark.parametrize("framework", NETWORKS)
@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_a_last_batch_of_one_row_is_refused_with_a_size_that_is_not(framework, kind, make_project):
    project = make_project("digits", framework=framework, kind=kind, batch_norm=True)
    given = {"train.batch_size": 32, "data.split.train": 33}
    with pytest.raises(ApprentiError) as caught:
        plan(apprenti.project.changed(project, given))
    assert caught.value.key == "batch_norm_of_one"
    other = caught.value.values["other"]
    assert f"--set batch_size={other}" in str(caught.value)
    assert plan(apprenti.project.changed(project, {**given, "train.batch_size": other}))
    assert plan(apprenti.project.changed(project, {**given, "model.batch_norm": False}))


def test_groups_are_counted_before_a_batch_of_one_row_is_refused(make_project, tmp_path):
    lines = [f"{i % 7},{i},{i % 2}" for i in range(130)]
    (tmp_path / "groups.csv").write_text("\n".join(["who,size,answer", *lines]), encoding="utf-8")
    given = {"target": "answer", "group": "who", "framework": "pytorch", "batch_norm": True}
    project = make_project(tmp_path / "groups.csv", **given)
    shares = plan(project).shares
    rows = counted(shares.parts)["train"]
    # Whole groups: not the share that was asked for
    assert rows != round(0.7 * 130)
    alone = apprenti.project.changed(project, {"train.batch_size": rows - 1})
    with pytest.raises(ApprentiError) as caught:
        plan(alone)
    assert (caught.value.key, caught.value.values["rows"]) == ("batch_norm_of_one", rows)
    with pytest.raises(ApprentiError) as caught:
        trials(project, [{}, {"batch_size": rows - 1}])
    assert caught.value.key == "batch_norm_of_one"


def test_the_size_that_is_proposed_leaves_no_row_alone():
    sizes = [(rows, size) for rows in range(2, 200) for size in range(1, 70)]
    for rows, size in sizes:
        if (rows % size or size) == 1:
            other = next((n for n in range(size + 1, size + 9) if rows % n != 1), rows)
            assert (rows % other or other) != 1


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("linear", {"dropout": 0.2}),
        ("mlp", {"dropout": 0.2, "hidden_units": []}),
        ("linear", {"batch_norm": True}),
        ("resnet", {"batch_norm": True}),
        ("linear", {"initial_weights": "normal"}),
        ("forest", {"initial_weights": "he"}),
        ("forest", {"dropout": 0.2}),
        ("knn", {"min_samples_leaf": 3}),
        ("mlp", {"min_samples_leaf": 3}),
        ("mlp", {"C": 3.0}),
    ],
)
def test_a_remedy_that_a_model_has_no_place_for_is_refused(kind, settings, make_project):
    name = next(iter(settings))
    key = f"model.{name}"
    with pytest.raises(ApprentiError) as caught:
        plan(make_project("digits", kind=kind, **settings), [key])
    assert (caught.value.key, caught.value.values["key"]) == ("no_effect", key)
    # Which models use it is said
    assert caught.value.values["help"] in str(caught.value)


def test_a_linear_regression_finds_its_own_penalty(make_project):
    project = make_project("diabetes", framework="sklearn", kind="linear", C=0.1)
    with pytest.raises(ApprentiError) as caught:
        plan(project, ["model.C"])
    assert caught.value.key == "no_effect"


def test_a_smaller_c_keeps_the_weights_of_a_logistic_regression_small(make_project):
    project = make_project("iris", framework="sklearn", kind="linear")
    few, many = trials(project, [{"C": 0.001}, {"C": 1.0}], workers=1)
    assert few.history[-1]["train_loss"] > 2 * many.history[-1]["train_loss"]


def test_what_is_off_is_not_in_a_script(make_project):
    for framework in NETWORKS:
        project = make_project("digits", framework=framework, **SMALL)
        for text in plan(project).files.values():
            assert not re.search("dropout|batch_?norm|initial_?weights", text, re.IGNORECASE)


def test_rows_that_train_under_dropout_still_learn(make_project):
    project = make_project("digits", framework="pytorch", epochs=8, hidden_units=[64])
    settings = [{"dropout": 0.5}, {"batch_norm": True}]
    for one in trials(project, settings, workers=1):
        losses = [row["train_loss"] for row in one.history]
        assert losses[-1] < 0.7 * losses[0]
        assert np.isfinite(losses).all()


# ---- The scripts


SETTINGS_OF = {
    **{(name, kind): REMEDIES for name in NETWORKS for kind in OFFERED[name] if kind != "linear"},
    **{("sklearn", kind): {"min_samples_leaf": 4} for kind in USUAL_LEAF},
    ("sklearn", "linear"): {"C": 0.1},
}


def scripts_of(project):
    """Return each script of a project in both languages, by the name of its file."""
    made = {}
    for lang in language.LANGUAGES:
        language.choose(lang)
        made |= {f"{lang}_{name}": text for name, text in plan(project).files.items()}
    language.choose(None)
    return made


@pytest.fixture(scope="module")
def written(make_project, texts_csv, tmp_path_factory):
    """A folder with all scripts with the remedies, under the rules of blocks; those without."""
    folder = tmp_path_factory.mktemp("scripts")
    shutil.copyfile(Path(__file__).parents[2] / "pyproject.toml", folder / "pyproject.toml")
    place = folder / "src" / "apprenti" / "backends"
    place.mkdir(parents=True)
    found = {}
    for (framework, kind), settings in SETTINGS_OF.items():
        texts = kind in OF_TEXTS
        given = {"framework": framework, "kind": kind, **({"target": "opinion"} if texts else {})}
        source = texts_csv if texts else "digits"
        plain = scripts_of(make_project(source, **given))
        for name, text in scripts_of(make_project(source, **given, **settings)).items():
            path = place / f"{framework}_{kind}_{name}"
            path.write_text(text, encoding="utf-8")
            found[path.stem] = text, plain[name]
    return folder, found


@pytest.mark.slow
@pytest.mark.parametrize("task", [("check",), ("format", "--check")], ids=" ".join)
def test_scripts_with_them_are_as_a_formatter_would_have_them(written, task):
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    command = [ruff, *task, "--no-cache", "."]
    done = subprocess.run(command, cwd=written[0], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_scripts_with_them_are_hardly_longer_and_have_short_functions(written):
    for name, (text, plain) in written[1].items():
        # Of scikit-learn the file of a model holds its settings too
        opens_alone = name.startswith("sklearn") and not name.endswith(("train", "essential"))
        assert (text == plain) == opens_alone, name
        assert len(text.splitlines()) - len(plain.splitlines()) <= 30, name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 40, (name, node.name)


@pytest.mark.slow
def test_scripts_with_them_say_the_same_in_french(written):
    english = set(language.subject("script", "fr")["words"])
    for name, (text, _) in written[1].items():
        said = {sentence.words for sentence in sentences(text)}
        assert bool(said & english) == ("_en_" in name), name
