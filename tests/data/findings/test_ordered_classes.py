"""D028: whole numbers that were taken for classes."""

import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_stars_are_said_to_be_classes_and_the_other_task_is_named(table_of, lang):
    language.choose(lang)
    seen = table_of("target_stars_1_to_5.csv", "stars")
    (found,) = [one for one in look(seen) if one.code == "D028"]
    assert (found.severity, found.values["classes"]) == ("note", 5)
    assert 'task = "regression"' in words.tell(found).todo
    chosen = seen._replace(task_chosen=True)
    assert not [one for one in look(chosen) if one.code == "D028"]


def test_two_classes_and_words_have_no_order(find, sound, random):
    assert not find("D028", {**sound, "answer": random.integers(2, size=200)})
    assert not find("D028", sound)
