"""The catalogue: every recipe is made of blocks that exist, in the order of a script's sections."""

import pytest

from apprenti import project
from apprenti.errors import ApprentiError
from apprenti.language import LANGUAGES, choose, say
from apprenti.model import catalogue
from apprenti.model.catalogue import BACKENDS, FRAMEWORKS, MODELS, RECIPES, blocks, parity_blocks

READINGS = (("digits", (8, 8)), ("idx", (28, 28)), ("arrays", (4,)), ("arrays", (9, 9)))


def names(paths):
    return [path.relative_to(BACKENDS).with_suffix("").as_posix() for path in paths]


@pytest.mark.parametrize("reading", READINGS, ids=str)
@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_every_recipe_is_made_of_blocks_that_exist(recipe, reading):
    chosen = blocks(*recipe, *reading)
    assert all(path.is_file() for path in chosen)
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize("recipe", RECIPES, ids="-".join)
def test_the_sections_come_in_one_order_whatever_the_framework(recipe):
    framework, model = recipe
    chosen = names(blocks(*recipe, "digits", (8, 8)))
    before = ["common/settings", "common/data", "common/digits", "common/pixels"]
    assert chosen[:5] == [*before, f"{framework}/{model}"]
    assert chosen[6:8] == ["common/measure", "common/report"]
    assert chosen[5].startswith(f"{framework}/train")
    assert chosen[8].startswith(f"{framework}/main")
    assert len(chosen) == 9


def test_columns_are_prepared_one_by_one_and_images_as_a_whole():
    assert "common/columns" in names(blocks("pytorch", "mlp", "arrays", (4,)))
    assert "common/pixels" in names(blocks("pytorch", "mlp", "arrays", (9, 9)))
    assert "common/pixels" in names(blocks("pytorch", "mlp", "arrays", (9, 9, 3)))


def test_a_script_has_no_block_of_another_framework():
    for framework, model in RECIPES:
        folders = {path.parent.name for path in blocks(framework, model, "digits", (8, 8))}
        assert folders == {"common", framework}


def test_the_two_networks_have_the_same_blocks():
    ours, theirs = (names(blocks(name, "mlp", "idx", (28, 28))) for name in catalogue.NETWORKS)
    assert [name.replace("pytorch", "tensorflow") for name in ours] == theirs


@pytest.mark.parametrize("framework", catalogue.NETWORKS)
@pytest.mark.parametrize("model", ["linear", "mlp"])
def test_the_experiment_of_parity_is_made_of_blocks_that_exist(framework, model):
    chosen = parity_blocks(framework, model, "digits", (8, 8))
    assert all(path.is_file() for path in chosen)
    assert names(chosen)[-2:] == ["common/parity", f"{framework}/parity"]


@pytest.mark.parametrize(
    ("framework", "model", "offered"),
    [
        ("pytorch", "trivial", "linear, mlp"),
        ("tensorflow", "trivial", "linear, mlp"),
        ("sklearn", "forest", "trivial, linear, mlp"),
    ],
)
def test_a_model_that_is_not_offered_is_told_with_those_that_are(framework, model, offered):
    with pytest.raises(ApprentiError) as caught:
        blocks(framework, model, "digits", (8, 8))
    assert caught.value.key == "model_not_offered"
    assert caught.value.values["offered"] == offered


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


def test_the_requirements_of_a_script_are_installed_here_under_those_names():
    from importlib import metadata

    for framework in FRAMEWORKS:
        needed = catalogue.requirements(framework, "digits")
        assert "scikit-learn" in needed
        assert len(set(needed)) == len(needed)
        for name in needed:
            if name != "tensorflow":  # its build for processors only has another name
                assert metadata.version(name)


def test_only_the_digits_need_scikit_learn_where_the_framework_does_not():
    assert "scikit-learn" not in catalogue.requirements("pytorch", "idx")
    assert "scikit-learn" in catalogue.requirements("sklearn", "idx")
