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
    blocks,
    parity_blocks,
    requirements,
)

DIGITS, IDX = Material("digits", (8, 8)), Material("idx", (28, 28))
COLUMNS, IMAGES = Material("arrays", (4,)), Material("arrays", (9, 9))
TABLES = [
    Material(reading, (4,), task, split, converted)
    for reading in ("csv_table", "csv_dialect_table", "parquet_table", "built_in_table")
    for task in ("classification", "regression")
    for split, converted in (("random", False), ("random", True), ("groups", True), ("time", True))
]
FLAT = [(recipe, material) for recipe in RECIPES for material in (DIGITS, IDX, COLUMNS, IMAGES)]


def names(paths):
    return [path.relative_to(BACKENDS).with_suffix("").as_posix() for path in paths]


def offered(recipe, material):
    """Return the blocks, or None where this model cannot learn from this material."""
    try:
        return blocks(*recipe, material)
    except ApprentiError as error:
        assert error.key != "model_not_offered"
        return None


@pytest.mark.parametrize("material", [DIGITS, IDX, COLUMNS, IMAGES, *TABLES], ids=str)
def test_every_recipe_is_made_of_blocks_that_exist(material):
    chosen = [found for recipe in RECIPES if (found := offered(recipe, material))]
    assert len(chosen) > 10
    for found in chosen:
        assert all(path.is_file() for path in found)
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_the_sections_come_in_one_order_whatever_the_framework(recipe):
    framework, model = recipe
    if not (found := offered(recipe, DIGITS)):
        pytest.skip("this model learns from other data")
    chosen = names(found)
    before = ["settings", "data", "split_random", "digits", "pixels"]
    before = [*(f"common/{name}" for name in before), "common/classification"]
    assert chosen[:7] == [*before, f"{framework}/{model}"]
    assert chosen[7] == f"{framework}/classification"
    if framework != "sklearn":
        assert chosen.pop(8) == f"{framework}/batches"
    assert chosen[8].startswith(f"{framework}/train")
    after = ["measure", "measure_classification", "report", "report_classification"]
    after.append("describe_arrays")
    assert chosen[9:14] == [f"common/{name}" for name in after]
    assert chosen[14].startswith(f"{framework}/main")
    assert len(chosen) == 15


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
def test_the_experiment_of_parity_is_made_of_blocks_that_exist(framework, model):
    chosen = parity_blocks(framework, model, DIGITS)
    assert all(path.is_file() for path in chosen)
    assert names(chosen)[-2:] == ["common/parity", f"{framework}/parity"]


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
        blocks(framework, model, DIGITS)
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
