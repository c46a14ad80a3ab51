"""Nothing of a French script is left in English, and no French sentence has lost a field."""

import ast
from string import Formatter

from apprenti import language
from apprenti.script.translate import sentences
from apprenti.train.plan import BLOCKS

FRENCH = language.subject("script", "fr")["words"]


def test_no_english_sentence_is_left_in_a_french_script(scripts):
    for name, text in scripts.items():
        said = {sentence.words for sentence in sentences(text)}
        assert len(said) > 10
        assert bool(said & FRENCH.keys()) == name.endswith("-en"), name


def test_a_french_twin_keeps_the_fields_of_its_sentence():
    for english, french in FRENCH.items():
        assert fields(english) == fields(french), english


def test_the_title_of_a_script_has_the_same_fields_in_both_languages():
    for kind in BLOCKS:
        titles = [language.subject("script", name)[kind] for name in language.LANGUAGES]
        found = [{field for _, field, *_ in Formatter().parse(title)} - {None} for title in titles]
        assert found[0] == found[1], kind
        assert {"source", "model", "needs"} <= found[0], kind


def fields(words):
    """Return the expressions inside the braces of a printed sentence; {} as code is one too."""
    try:
        tree = ast.parse(f"f{words!r}")
    except SyntaxError:
        return []
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue)]
    return sorted(ast.unparse(node.value) for node in nodes)
