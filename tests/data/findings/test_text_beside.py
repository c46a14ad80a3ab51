"""D022: texts beside other columns."""

import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_texts_are_to_be_learned_from_and_not_thrown_away(table_of, lang):
    language.choose(lang)
    found = look(table_of("text_beside_other_columns.csv", "stars"))
    about = [one for one in found if one.subject == "review"]
    assert [(one.code, one.severity) for one in about] == [("D022", "warning")]
    told = words.tell(about[0])
    assert told.commands == ("apprenti set text=review",) and "ignore" not in told.todo


def test_names_and_short_categories_are_no_texts(find, sound):
    named = [f"customer {number}" for number in range(200)]
    assert not find("D022", {**sound, "name": named})
