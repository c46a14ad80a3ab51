"""The change that is proposed after a run is one that its script would obey."""

import pytest
import tomlkit

from apprenti import project
from apprenti.model.catalogue import RECIPES
from apprenti.runs import Run
from apprenti.train.next_change import next_change


@pytest.fixture
def run_of(tmp_path):
    def make(framework, model, **chosen):
        content = {"model": {"kind": model}, "train": {"framework": framework}}
        for key, value in chosen.items():
            section, name = project.full_name(key).split(".")
            content[section][name] = value
        (tmp_path / "choices.toml").write_text(tomlkit.dumps(content), encoding="utf-8")
        return Run(tmp_path)

    return make


@pytest.mark.parametrize(("framework", "model"), RECIPES)
def test_every_model_has_a_change_of_its_own(framework, model, run_of):
    name, value = project.parse_override(next_change(run_of(framework, model)))
    assert (name == "train.learning_rate") == (framework != "sklearn" or model == "mlp")
    data = {"source": "digits"}
    section, field = name.split(".")
    project.check({"data": data, section: {field: value}})


def test_what_the_run_had_is_not_proposed_again(run_of):
    assert next_change(run_of("pytorch", "mlp", learning_rate=0.01)) == "learning_rate=0.001"
    assert next_change(run_of("sklearn", "forest", n_estimators=300)) == "n_estimators=100"
