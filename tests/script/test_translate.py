"""The language of a script: which words are found, and that nothing but words is replaced."""

import ast

import pytest

from apprenti.script.translate import sentences, translate

SCRIPT = '''"""A title
on two lines."""

# %% Data: find it
NAME = "# not a comment"
PATH = "Where it is"  # Beside the code


class Model:
    """What learns."""

    # é before: columns count characters
    accent = "éé"; other = 1  # After accents


def find(name):
    """Return it."""
    if not name:
        raise SystemExit(f"{name!r} is not here, {len(name)} letters.")
    print("é", "Found it", flush=True)
    print("  ".join(["a", "b"]), "history.csv")
    print(f"{name} {len(name)}")
    return "a text of several words"
'''

WORDS = {
    "Data: find it": "Données : les trouver",
    "Beside the code": "À côté",
    "What learns.": "Ce qui apprend.",
    "é before: columns count characters": "é avant",
    "After accents": "Après",
    "Return it.": "La donne.",
    "{name!r} is not here, {len(name)} letters.": "{name!r} manque, {len(name)} lettres.",
    "Found it": "La voici",
    "a text of several words": "MUST NOT APPEAR",
    "Where it is": "MUST NOT APPEAR",
    "history.csv": "MUST NOT APPEAR",
}


def test_comments_docstrings_and_printed_sentences_are_found():
    found = {sentence.words for sentence in sentences(SCRIPT)}
    title = {"A title\non two lines."}
    assert found == title | {w for w, french in WORDS.items() if french != "MUST NOT APPEAR"}


def test_each_sentence_stands_where_it_is_said_to():
    lines = SCRIPT.splitlines()
    for words, (first, start), (last, end) in sentences(SCRIPT):
        if first == last:
            assert lines[first - 1][start:end] == words


def test_words_are_replaced_and_code_is_not():
    french = translate(SCRIPT, WORDS)
    for english, other in WORDS.items():
        if other == "MUST NOT APPEAR":
            assert other not in french
        else:
            assert other in french
            assert english not in french
    assert "# %% Données : les trouver\n" in french
    assert 'accent = "éé"; other = 1  # Après\n' in french
    assert 'raise SystemExit(f"{name!r} manque, {len(name)} lettres.")' in french
    assert 'NAME = "# not a comment"' in french
    assert len(french.splitlines()) == len(SCRIPT.splitlines())
    ast.parse(french)


def test_a_sentence_without_a_twin_stays_in_english():
    assert translate(SCRIPT, {}) == SCRIPT
    assert translate(SCRIPT, {"Found it": "La voici"}).replace("La voici", "Found it") == SCRIPT


@pytest.mark.parametrize("text", ["", "x = 1\n", "x = 1", "# one", '"""one"""\n'])
def test_small_scripts_are_read_to_the_end(text):
    assert translate(text, {"one": "un"}) == text.replace("one", "un")
