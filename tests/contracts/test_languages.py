"""French and English scripts compute the same, and every word for people exists in both."""

import ast

import pytest

from apprenti import language
from apprenti.model.catalogue import BACKENDS
from apprenti.script.translate import sentences
from apprenti.train.plan import plan

FRENCH = language.subject("script", "fr")["words"]
BLOCKS = sorted(path for path in BACKENDS.rglob("*.py") if path.name != "__init__.py")


def in_both(project, parity):
    made = {}
    for code in language.LANGUAGES:
        language.choose(code)
        made[code] = plan(project, parity=parity).script.text
    return made


@pytest.fixture
def texts(combination, tiny_project):
    """Return the scripts of one combination as {language: text}, the parity script where it is."""
    project = tiny_project(*combination)
    both = [in_both(project, parity=False)]
    if combination[0] != "sklearn":
        both.append(in_both(project, parity=True))
    return both


class WithoutWords(ast.NodeTransformer):
    """Empties what a translation may change: docstrings and what is printed."""

    def visit(self, node):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "SystemExit"):
            for part in [part for argument in node.args for part in ast.walk(argument)]:
                if isinstance(part, ast.Constant):
                    part.value = ""
        return self.generic_visit(node)


def code(text):
    return ast.dump(WithoutWords().visit(ast.parse(text)))


def test_the_french_script_computes_what_the_english_one_does(texts):
    for both in texts:
        assert both["fr"] != both["en"]
        assert code(both["fr"]) == code(both["en"])


def test_no_english_sentence_is_left_in_a_french_script(texts):
    for both in texts:
        left = {sentence.words for sentence in sentences(both["fr"])} & FRENCH.keys()
        assert not left


def test_both_scripts_have_as_many_lines_and_as_many_sentences(texts):
    for both in texts:
        french, english = (both[name] for name in language.LANGUAGES)
        assert len(french.splitlines()) == len(english.splitlines())
        assert len(list(sentences(french))) == len(list(sentences(english)))


def test_what_a_french_script_prints_can_be_shown_by_an_old_terminal(texts):
    for both in texts:
        for node in ast.walk(ast.parse(both["fr"])):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "SystemExit"):
                ast.unparse(node).encode("cp1252")


def words_of_the_blocks():
    found = {}
    for path in BLOCKS:
        for sentence in sentences(path.read_text(encoding="utf-8")):
            found.setdefault(sentence.words, path.relative_to(BACKENDS).as_posix())
    return found


def test_every_sentence_of_the_blocks_has_a_french_twin():
    found = words_of_the_blocks()
    assert len(found) > 50
    assert not {words: path for words, path in found.items() if words not in FRENCH}


def test_no_french_twin_is_unused():
    assert not FRENCH.keys() - words_of_the_blocks().keys()


def test_a_french_twin_keeps_the_fields_of_its_sentence():
    for english, french in FRENCH.items():
        assert english.count("{") == french.count("{"), english
        assert english.count("\n") == french.count("\n"), english


def test_the_title_of_a_script_has_the_same_fields_in_both_languages():
    from string import Formatter

    titles = [language.subject("script", name)["title"] for name in language.LANGUAGES]
    fields = [{field for _, field, *_ in Formatter().parse(title)} - {None} for title in titles]
    assert fields[0] == fields[1]
    assert "version" in fields[0]
