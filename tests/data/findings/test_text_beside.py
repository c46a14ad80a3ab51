"""D022: texts that a project reads as categories."""

import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_texts_read_as_categories_are_to_be_read_as_texts(table_of, lang):
    language.choose(lang)
    review = {"categorical": ("review",)}
    found = look(table_of("text_beside_other_columns.csv", "stars", **review))
    about = [one for one in found if one.subject == "review"]
    assert [(one.code, one.severity) for one in about] == [("D022", "warning")]
    told = words.tell(about[0])
    assert told.commands == ("apprenti data --as review=text",) and "ignore" not in told.todo


def test_of_texts_whose_words_are_counted_nothing_is_said(table_of):
    opened = table_of("text_beside_other_columns.csv", "stars")
    assert opened.columns.texts == ("review",)
    assert not [one for one in look(opened) if one.subject == "review"]


def test_names_and_short_categories_are_no_texts(find, sound):
    named = [f"customer {number}" for number in range(200)]
    assert not find("D022", {**sound, "name": named})
