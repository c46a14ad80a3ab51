"""PyTorch and TensorFlow are equals: the same files, functions, settings, sizes and results."""

import ast
from itertools import combinations as pairs

import pytest

from apprenti import project
from apprenti.backends.common.settings import Config
from apprenti.data.source import open_source
from apprenti.model.catalogue import BACKENDS, RECIPES
from apprenti.train.flat_settings import flat_settings
from apprenti.train.plan import plan

NETWORKS = ("pytorch", "tensorflow")

# Keras puts the optimizer inside the model, PyTorch beside it
EXCEPTIONS = {
    "train.py": {"compile_model"},
    "agreement.py": {"in_keras_order"},
    # PyTorch is given a loss, Keras is told which one to compute
    "classification.py": {"loss_of", "build_loss", "binary_cross_entropy", "smoothed"},
    "regression.py": {"loss_of", "build_loss"},
    # PyTorch asks how many colours or patterns come in, Keras looks
    "resnet.py": {"conv"},
}
KINDS = ["digits", "idx", "arrays-images", "arrays-columns"]
STATE = {"optimizer", "inputs", "targets"}


def functions(framework, name):
    """Return each public function of a block with the names of its parameters."""
    tree = ast.parse((BACKENDS / framework / name).read_text(encoding="utf-8"))
    return {
        node.name: [parameter.arg for parameter in node.args.args]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name not in EXCEPTIONS.get(name, ())
    }


def files(framework):
    return sorted(path.name for path in (BACKENDS / framework).glob("*.py"))


def test_both_frameworks_have_the_same_files():
    assert files("pytorch") == files("tensorflow")
    assert len(files("pytorch")) > 4


@pytest.mark.parametrize("name", files("pytorch"))
def test_both_frameworks_have_the_same_functions_with_the_same_parameters(name):
    ours, theirs = (functions(framework, name) for framework in NETWORKS)
    assert list(ours) == list(theirs)
    for function, parameters in ours.items():
        # What Keras keeps in the model is one parameter more in PyTorch, nothing else
        assert [p for p in parameters if p != "optimizer"] == theirs[function], function


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_each_named_exception_exists(name):
    defined = set()
    for framework in NETWORKS:
        tree = ast.parse((BACKENDS / framework / name).read_text(encoding="utf-8"))
        defined |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert EXCEPTIONS[name] <= defined


def test_both_frameworks_offer_the_same_networks():
    ours, theirs = ([m for framework, m in RECIPES if framework == name] for name in NETWORKS)
    assert ours == theirs


# ---- Settings: declared in project.py, written at the top of a script


@pytest.fixture(scope="module")
def found(sources, tiny_project):
    """Return the Source of each kind of data."""
    projects = {kind: tiny_project("pytorch", "mlp", kind) for kind in sources}
    return {kind: open_source(made.choices.data, made.folder) for kind, made in projects.items()}


def test_every_field_of_config_comes_from_a_setting_or_from_the_data(found):
    choices = project.check({"data": {"source": "digits"}})
    known = set()
    for source in found.values():
        known |= set(flat_settings(choices, source))
    # Of a table that comes with scikit-learn, of parts that come with the data, of new rows
    others = {"built_in", "test_files", "test_arrays", "labelled", "byte_value"}
    others |= {"folders", "valid_folder", "test_folders", "skip_images", "time_format"}
    # Of a file of text that is not plain, of workbooks, JSON, words that are values or gaps
    others |= {"regular", "header", "skip_rows", "skip_lines", "line_end", "first_column"}
    others |= {"columns", "quoted", "mixed_encoding", "compression", "sheet", "json_form"}
    others |= {"json_key", "as_text", "missing", "words"}
    # Names of columns that have to be put right
    others |= {"name_needs"}
    # Of new drawings
    others |= {"page", "ink", "one_size", "least_page", "ink_sizes", "ink_middle", "ink_apart"}
    others |= {"by_mass", "ink_width", "as_is", "seen"}
    # The same for all image files
    others |= {"formats"}
    # Told by the blocks of a short form
    others |= {"at_once"}
    # Which columns hold words, found when texts beside columns are prepared
    others |= {"word_columns"}
    assert not known & others
    assert known | others == set(Config._fields)


def test_the_defaults_of_config_are_those_of_the_project_file(found):
    choices = project.check({"data": {"source": "digits"}})
    settings = flat_settings(choices, found["digits"])
    # Told by the data: digits have no colours
    assert settings.pop("grey")
    # Left open in the file, and written out when a run is planned
    assert settings.pop("data") == ""
    assert settings.pop("train") is None
    assert settings.pop("test") is None
    # Shares in the file, numbers of rows in a script: these are the shares of a thousand
    assert (settings.pop("valid"), Config().valid) == (0.15, 150)
    assert (Config().train, Config().test) == (700, 150)
    assert settings == {name: getattr(Config(), name) for name in settings}
    assert len(settings) > 8


@pytest.mark.slow
def test_a_script_has_the_same_settings_in_both_frameworks(sources, tiny_project):
    for data in sources:
        for model in ("linear", "mlp"):
            used = [plan(tiny_project(f, model, data)).script.used_settings for f in NETWORKS]
            assert used[0] == used[1], (model, data)


# ---- Seen by running

OTHERS = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind != "digits"]


@pytest.mark.parametrize("data", ["digits", *OTHERS])
@pytest.mark.parametrize("model", ["linear", "mlp"])
def test_all_frameworks_learn_the_same_number_of_parameters(model, data, twice):
    runs = [twice(name, model, data).recorded for name in (*NETWORKS, "sklearn")]
    inputs, classes = (4, 3) if data == "arrays-columns" else (64, 10)
    expected = {
        "linear": (inputs + 1) * classes,
        "mlp": (inputs + 1) * 16 + 17 * classes,
    }
    assert [run.parameters for run in runs] == [expected[model]] * 3


@pytest.mark.parametrize("data", [*KINDS, "table", "table-regression"])
def test_all_frameworks_check_with_the_same_rows(data, twice, combinations):
    rows = set()
    for framework, model in [(f, m) for f, m, kind in combinations if kind == data]:
        text = (twice(framework, model, data).recorded.folder / "predictions.csv").read_text(
            encoding="utf-8"
        )
        rows.add(tuple(",".join(line.split(",")[:2]) for line in text.splitlines()))
    assert len(rows) == 1


# The cross-entropy on validation rows after a tiny training; guessing gives 2.30 and 1.10
LOSS_AT_MOST = {"digits": 0.85, "idx": 0.75, "arrays-images": 0.75, "arrays-columns": 0.6}
APART_AT_MOST = 0.25


@pytest.mark.parametrize("data", ["digits", *OTHERS])
def test_all_frameworks_reach_the_same_loss_within_a_stored_bound(data, twice):
    names = (*NETWORKS, "sklearn")
    losses = {n: twice(n, "mlp", data).recorded.history[-1]["valid_loss"] for n in names}
    assert max(losses.values()) < LOSS_AT_MOST[data]
    for one, other in pairs(losses.values(), 2):
        assert abs(one - other) < APART_AT_MOST
