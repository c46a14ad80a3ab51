"""The catalogue: every recipe is made of blocks that exist, in the order of a script's sections."""

import pytest

from apprenti import project
from apprenti.errors import ApprentiError
from apprenti.language import LANGUAGES, choose, say
from apprenti.model import catalogue
from apprenti.model.catalogue import (
    BACKENDS,
    DISTRIBUTIONS,
    FRAMEWORKS,
    MODELS,
    RECIPES,
    Material,
    agreement_blocks,
    blocks,
    essential_blocks,
    evaluate_blocks,
    has_essential,
    notebook_blocks,
    predict_blocks,
    requirements,
)

DIGITS, IDX = Material("digits", (8, 8)), Material("idx", (28, 28))
COLUMNS, IMAGES = Material("arrays", (4,)), Material("arrays", (9, 9))
TABLES = [
    Material(reading, (4,), task, split)
    for reading in catalogue.TABLES
    for task in ("classification", "regression")
    for split in ("random", "groups", "time")
]
TEXTS = Material("csv_table", (100,), texts=True)
FILES = [Material("image_folder", (64, 64, 3)), Material("csv_table", (64, 64, 3), images=True)]
STREAMED = [material._replace(streamed=True) for material in (*FILES, Material("csv_table", (4,)))]


def names(paths):
    return [path.relative_to(BACKENDS).with_suffix("").as_posix() for path in paths]


def offered(recipe, material):
    """Return the blocks, or None where this model cannot learn from this material."""
    try:
        catalogue.check(*recipe, material)
    except ApprentiError as error:
        assert error.key != "model_not_offered"
        return None
    return blocks(*recipe, material)


BESIDE = Material("csv_table", (100,), texts_beside=True)
EVERY = [DIGITS, IDX, COLUMNS, IMAGES, *TABLES, TEXTS, BESIDE, *FILES, *STREAMED]


@pytest.mark.parametrize("material", EVERY, ids=str)
def test_every_recipe_is_made_of_blocks_that_exist(material):
    chosen = [found for recipe in RECIPES if (found := offered(recipe, material))]
    assert len(chosen) > 10
    for found in chosen:
        assert all(path.is_file() for path in found)
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("material", EVERY, ids=str)
@pytest.mark.parametrize("of", [predict_blocks, evaluate_blocks, essential_blocks])
def test_every_script_beside_it_is_made_of_blocks_that_exist(of, material):
    for recipe in RECIPES:
        if offered(recipe, material) and (of is not essential_blocks or short(recipe, material)):
            found = of(*recipe, material)
            assert all(path.is_file() for path in found)
            assert len(set(found)) == len(found)


def short(recipe, material):
    return has_essential(*recipe, material)


def test_every_block_is_in_some_script():
    used = set()
    every = [m._replace(split=s) for m in EVERY for s in ("random", "groups", "time")]
    every += [m._replace(split="folders") for m in EVERY if m.reading == "image_folder"]
    every += [m._replace(task="regression") for m in every]
    every += [EVERY[0]._replace(untaught=True)]
    for recipe in RECIPES:
        for material in every:
            if offered(recipe, material):
                used |= {*offered(recipe, material), *predict_blocks(*recipe, material)}
                used |= {*evaluate_blocks(*recipe, material)}
                if short(recipe, material):
                    used |= {*essential_blocks(*recipe, material)}
                    used |= {*catalogue.notebook_blocks(*recipe, material, augmented=True)}
                if recipe[0] in catalogue.NETWORKS:
                    used |= {*agreement_blocks(*recipe, material)}
    there = {path for path in BACKENDS.rglob("*.py") if path.stem != "__init__"}
    # For the notebook of a whole script
    used |= {*catalogue.whole_notebook_blocks()}
    assert used == there


@pytest.mark.parametrize("recipe", [one for one in RECIPES if offered(one, DIGITS)], ids="-".join)
def test_the_sections_come_in_one_order_whatever_the_framework(recipe):
    framework, model = recipe
    found = offered(recipe, DIGITS)
    epochs = "_epochs" if recipe == ("sklearn", "mlp") else ""
    wanted = ["settings", "find", "digits", "split_random", "correct", "pixels"]
    wanted += ["classification", "data"]
    wanted = [f"common/{name}" for name in (*wanted, "load")]
    drawn = [f"{framework}/initial_weights"] if framework != "sklearn" else []
    wanted += [f"{framework}/{model}", *drawn, f"{framework}/classification"]
    if framework != "sklearn":
        changed = ("common/random_views", f"{framework}/augment", f"{framework}/augment_images")
        wanted += [f"{framework}/batches", *changed, "common/schedule", f"{framework}/optimizer"]
    # What goes on from a file looks at what is in it
    wanted += ["sklearn/parts"] if epochs else []
    wanted += ["common/early_stopping", f"{framework}/train{epochs}"]
    wanted += ["sklearn/trees"] if model in catalogue.BOOSTING else []
    after = ("measure_classification", "report", "report_classification")
    wanted += [f"common/{name}" for name in after]
    wanted += ["common/updates", f"{framework}/updates"] if framework != "sklearn" else []
    wanted += ["common/leave"]
    assert names(found) == [*wanted, f"{framework}/fit{epochs}", "common/main"]


@pytest.mark.parametrize(
    ("framework", "model", "patience", "rows"),
    [
        ("pytorch", "mlp", 3, 7),
        ("sklearn", "mlp", 0, 7),
        ("sklearn", "boosting", 0, 1),
        ("sklearn", "boosting", 3, 40),
        ("sklearn", "stochastic_boosting", 3, 80),
        ("sklearn", "forest", 3, 1),
    ],
)
def test_a_history_is_as_long_as_there_are_epochs_or_iterations_that_can_be_stopped(
    framework, model, patience, rows
):
    train = {"framework": framework, "epochs": 7, "early_stopping": patience}
    choices = {"model": {"kind": model, "n_estimators": 40}, "train": train}
    assert catalogue.longest_history(choices) == rows


def test_the_notebook_of_a_model_that_can_be_stopped_draws_its_curve():
    for model, stops, shown in (("boosting", False, "bars"), ("boosting", True, "curve")):
        found = names(catalogue.notebook_blocks("sklearn", model, DIGITS, stops=stops))
        assert f"notebook/{shown}" in found


def test_a_model_is_opened_and_prepared_for_by_the_blocks_that_trained_it():
    for recipe in RECIPES:
        for material in EVERY:
            if not (trained := offered(recipe, material)):
                continue
            made = {*names(trained)} & {f"{recipe[0]}/{name}" for name in (recipe[1],)}
            for of in (predict_blocks, evaluate_blocks):
                beside = {*names(of(*recipe, material))}
                assert made <= beside
                assert f"{recipe[0]}/open_model" in beside
                kinds = ("impute_scale_encode", "tfidf", "tokens", "columns", "pixels")
                prepared = {f"common/{kind}" for kind in kinds} & {*names(trained)}
                assert prepared <= beside


def test_columns_are_prepared_one_by_one_and_images_as_a_whole():
    assert "common/columns" in names(blocks("pytorch", "mlp", COLUMNS))
    assert "common/pixels" in names(blocks("pytorch", "mlp", IMAGES))
    assert "common/pixels" in names(blocks("pytorch", "mlp", Material("arrays", (9, 9, 3))))


def test_a_script_has_no_block_of_another_framework():
    for framework, model in RECIPES:
        folders = {path.parent.name for path in offered((framework, model), DIGITS) or ()}
        assert folders in ({"common", framework}, set())


def test_the_two_networks_have_the_same_blocks():
    ours, theirs = (names(blocks(name, "mlp", IDX)) for name in catalogue.NETWORKS)
    assert [name.replace("pytorch", "tensorflow") for name in ours] == theirs


@pytest.mark.parametrize("framework", catalogue.NETWORKS)
@pytest.mark.parametrize("model", ["linear", "mlp"])
def test_the_experiment_of_agreement_is_made_of_blocks_that_exist(framework, model):
    chosen = agreement_blocks(framework, model, DIGITS)
    assert all(path.is_file() for path in chosen)
    assert names(chosen)[-2:] == ["common/agreement", f"{framework}/agreement"]


@pytest.mark.parametrize(
    ("framework", "model", "offered"),
    [
        ("pytorch", "trivial", "linear, mlp"),
        ("tensorflow", "forest", "linear, mlp"),
        ("sklearn", "cnn", "trivial, linear"),
    ],
)
def test_a_model_that_is_not_offered_is_told_with_those_that_are(framework, model, offered):
    with pytest.raises(ApprentiError) as caught:
        catalogue.check(framework, model, DIGITS)
    assert caught.value.key == "model_not_offered"
    assert str(caught.value.values["offered"]).startswith(offered)


def test_the_settings_allow_what_the_catalogue_offers():
    allowed = {setting.key: project.limits(setting.field) for setting in project.settings()}
    assert set(allowed["model.kind"].split(" | ")) == set(MODELS)
    assert set(allowed["train.framework"].split(" | ")) == set(FRAMEWORKS)
    assert {model for _, model in RECIPES} == set(MODELS)
    assert {framework for framework, _ in RECIPES} == set(FRAMEWORKS)


def test_models_and_frameworks_have_names_for_people():
    for language in LANGUAGES:
        choose(language)
        assert all(say(f"words.model_{model}") for model in MODELS)
        assert all(say(f"words.framework_{framework}") for framework in FRAMEWORKS)


def test_the_packages_of_a_script_are_installed_here_under_those_names():
    from importlib import metadata

    for name in DISTRIBUTIONS.values():
        if name != "tensorflow":  # its build for processors only has another name
            assert metadata.version(name)


def test_a_script_needs_what_it_imports():
    script = "import os\n\nimport keras\nimport numpy as np\nfrom PIL import Image\n"
    assert requirements(script) == ["keras", "numpy", "pillow"]
    assert requirements("import pandas as pd\npd.read_parquet(x)") == ["pandas", "pyarrow"]


@pytest.mark.parametrize(
    ("material", "shown"),
    [
        (DIGITS, "images"),
        (Material("arrays", (9, 9, 3)), "images"),
        # Two numbers for each point are no colour
        (Material("arrays", (9, 9, 2)), "columns"),
        (COLUMNS, "columns"),
        (Material("csv_table", (4,)), "table"),
        (Material("csv_table", (9, 9, 3), images=True), "images"),
    ],
    ids=str,
)
@pytest.mark.parametrize("recipe", [("pytorch", "mlp"), ("sklearn", "mlp"), ("sklearn", "svm")])
def test_a_notebook_shows_rows_for_what_they_are_and_a_curve_where_there_is_one(
    recipe, material, shown
):
    chosen = notebook_blocks(*recipe, material)
    assert all(path.is_file() for path in chosen)
    assert f"notebook/samples_{shown}" in names(chosen)
    assert ("notebook/curve" in names(chosen)) == (recipe != ("sklearn", "svm"))
    assert ("notebook/predictions_images" in names(chosen)) == (shown == "images")
