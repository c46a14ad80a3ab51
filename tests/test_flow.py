"""The order of the nine steps."""

from importlib.util import find_spec

import pytest

from apprenti.flow import STEPS
from apprenti.language import LANGUAGES, choose, say


def test_there_are_nine_steps_each_once():
    assert len(STEPS) == len(set(STEPS)) == 9


def test_the_order_goes_from_the_data_to_the_service():
    assert " ".join(STEPS) == "data model train diagnose tune evaluate track export serve"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_name_for_people(language):
    choose(language)
    names = [say(f"words.step_{step}") for step in STEPS]
    assert all(names)
    assert len(set(names)) == 9


def test_a_package_that_exists_bears_the_name_of_its_step():
    packages = [step for step in STEPS if find_spec(f"apprenti.{step}")]
    assert packages == ["data", "model", "train", "diagnose", "evaluate", "track", "export"]
