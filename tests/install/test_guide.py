"""The guide gives the commands that are decided for each system."""

import pytest

from apprenti import language
from apprenti.install import guide


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("system", guide.SYSTEMS)
def test_the_guide_gives_the_commands_that_are_decided(lang, system):
    language.choose(lang)
    steps = guide.steps(system)
    assert all(step.title and step.texts for step in steps)
    lines = [line for step in steps for group in step.groups for line in group.commands]
    for label, plan in guide._plans(system).items():
        assert all(guide.written(*words) in lines for words in guide.commands(plan)), label
    assert not [line for line in lines if "{" in line]
