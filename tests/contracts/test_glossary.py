"""The glossary is the source of terms: what was given up is not written, and what is kept is."""

import re
import runpy
import string
from pathlib import Path
from typing import NamedTuple

import pytest

from apprenti import language, pages
from apprenti.explain import TERM, explain

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# The pages of commands, settings and files repeat what is checked where it is written
WRITTEN_BY_CODE = ("commands.md", "settings.md", "commandes.md", "reglages.md", "tree.md")
ENGLISH = ("README.md", "CONTRIBUTING.md", "src/apprenti/backends/README.md", "tests/README.md")


class GivenUp(NamedTuple):
    language: str
    word: str
    instead: str
    right_in: list[str]

    def pattern(self):
        return whole(self.word)

    def is_written_in(self, text):
        for phrase in self.right_in:
            text = re.sub(whole(phrase), " ", text, flags=re.IGNORECASE)
        return re.search(self.pattern(), text, re.IGNORECASE)


def whole(words):
    """Return a pattern of whole words, wherever a line breaks; `(s)` is a plural that may be."""
    written = r"\s+".join(map(re.escape, words.split())).replace(re.escape("(s)"), r"(?:s|\(s\))?")
    return rf"(?<!\w){written}(?!\w)"


def table():
    """Yield the rows of the table of what was given up."""
    for line in pages.GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in language.LANGUAGES:
            yield GivenUp(*cells[:3], [phrase for phrase in cells[3].split(", ") if phrase])


def said(lang):
    """Yield what users read: where it is written, and the words, without code and places."""
    for subject in language.subjects(lang):
        yield from texts(f"{lang}/{subject}.toml", language.subject(subject, lang), lang)
    of_start = runpy.run_path(str(ROOT / "start.py"))["TEXTS"][lang]
    yield from ((f"start.py, {name}", bare(text)) for name, text in of_start.items())
    if lang == "en":
        comments = language.subject("script", "fr")["words"]
        yield from (("a comment of the blocks", bare(comment)) for comment in comments)
    for page in documents(lang):
        yield page.relative_to(ROOT).as_posix(), prose(page.read_text(encoding="utf-8"))


def texts(where, content, lang):
    for key, value in content.items():
        if isinstance(value, dict):
            yield from texts(f"{where} {key}", value, lang)
        elif isinstance(value, str):
            yield f"{where} {key}", bare(value)
        else:
            yield from ((f"{where} {key}", words) for _, words in value)


def documents(lang):
    if lang == "fr":
        pages_of = [ROOT / "README.fr.md", *(DOCS / "fr").glob("*.md")]
    else:
        pages_of = [*(ROOT / name for name in ENGLISH), *DOCS.glob("*.md")]
    left = (*WRITTEN_BY_CODE, pages.GLOSSARY.name)
    return [page for page in pages_of if page.name not in left]


def prose(markdown):
    return re.sub(r"`[^`]*`", "`", re.sub(r"(?ms)^```.*?^```$", "", markdown))


def bare(text):
    """Return a text whose places are empty, but for the words that they choose between."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:  # A comment with a brace of its own
        return prose(text)
    chosen = [literal + " | ".join((spec or "").split("|")) for literal, _, spec, _ in parsed]
    return prose("".join(chosen))


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_words_that_were_given_up_are_not_written(lang):
    given_up = [word for word in table() if word.language == lang]
    assert len(given_up) > 20
    found = [
        (where, word.word, word.instead)
        for where, text in said(lang)
        for word in given_up
        if word.is_written_in(text) and not is_of_people(where, word)
    ]
    assert not found


def is_of_people(where, word):
    """Say whether answers are meant that a person gives to the checklist, and not a model."""
    asked = "checklist" in where or " answers " in where or where.endswith(("json.md", "python.md"))
    return asked and word.word in ("answer(s)", "réponse(s)")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the test\npart", True),
        ("Test parts", True),
        ("test participants", False),
        ("a test set", False),
    ],
)
def test_a_word_that_was_given_up_is_found_whole_across_lines_and_in_the_plural(text, found):
    assert bool(GivenUp("en", "test part(s)", "test set", []).is_written_in(text)) == found


def test_a_word_is_right_inside_the_phrases_that_the_table_names():
    word = GivenUp("fr", "lien(s)", "association", ["un lien vers"])
    assert not word.is_written_in("c'est un lien vers un fichier")
    assert word.is_written_in("un lien vers un fichier, et le lien avec la cible")


NAMED = {
    "model_trivial": "trivial baseline",
    "model_linear": "logistic regression",
    "model_linear_regression": "linear regression",
    "model_tree": "decision tree",
    "model_forest": "random forest",
    "model_boosting": "gradient boosting",
    "model_knn": "k nearest neighbours",
    "model_mlp": "multilayer perceptron (MLP)",
    "model_cnn": "convolutional network (CNN)",
    "model_resnet": "residual network (ResNet)",
    "model_gru": "recurrent network (GRU)",
    "epoch": "epoch",
    "loss": "loss",
    "accuracy": "accuracy",
}


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize(("key", "english"), NAMED.items())
def test_models_and_measures_have_the_names_of_the_glossary(key, english, lang):
    language.choose(lang)
    (term,) = [term for term in pages.terms() if english in term.english.split(", ")]
    assert language.say(f"words.{key}") == term.name.split(", ")[0]


PRINTED = {
    "en": "loss, accuracy, R2, epoch, parameters, baseline, confidence interval, leakage, AUC, F1, "
    "association, MAE, RMSE, TF-IDF, vocabulary, overfitting, seed, split, threshold, precision, "
    "recall, training set, test set, score, median, mean, missing values, outlier, batch, "
    "learning rate, schedule, step",
    "fr": "perte, exactitude, R2, époques, paramètres, modèle de référence, fuite, AUC, F1, MAE, "
    "intervalle de confiance, association, RMSE, TF-IDF, vocabulaire, surapprentissage, graine, "
    "partage, seuil, précision, rappel, jeu de test, score, médiane, moyenne, valeurs manquantes, "
    "lot, taux d'apprentissage, pas",
}


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_the_terms_that_tables_print_are_explained(lang):
    language.choose(lang)
    for word in PRINTED[lang].split(", "):
        assert any(one.kind == TERM for one in explain(word)), word


def test_every_term_is_there_once_in_both_languages_and_in_order():
    for lang in language.LANGUAGES:
        language.choose(lang)
        names = [term.name for term in pages.terms()]
        assert len(names) == len(set(names))
        assert all(term.meaning and " · " not in term.meaning for term in pages.terms())
    english = [term.english.casefold() for term in pages.terms()]
    assert english == sorted(english)
