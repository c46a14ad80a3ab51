"""Both languages say everything, in their own typography, and nothing is said outside texts/."""

import ast
import re
import shlex
import string
from pathlib import Path

import pytest

from apprenti import language
from apprenti.cli.commands import COMMANDS
from apprenti.command_line import filled
from apprenti.errors import RunDamaged
from apprenti.language import COMMAND
from apprenti.script.run_local import CAUSES

SOURCES = Path(language.__file__).parent
NARROW = "\N{NARROW NO-BREAK SPACE}"
SUBJECTS = language.subjects("en")
REPLACED = ("typer.", "script.words.")
"""Tables of replacements rather than entries: each has tests of its own."""


def entries(name, lang):
    """Yield the entries of one file of texts as ("runs.errors.no_runs.what", "There are ...")."""

    def walk(prefix, content):
        for key, value in content.items():
            if isinstance(value, dict):
                yield from walk(f"{prefix}.{key}", value)
            elif isinstance(value, str):
                yield f"{prefix}.{key}", value

    yield from walk(name, language.subject(name, lang))


def all_entries(lang):
    everything = (entry for name in SUBJECTS for entry in entries(name, lang))
    return {key: words for key, words in everything if not key.startswith(REPLACED)}


def places(text):
    return sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})


def test_both_languages_have_the_same_files():
    assert language.subjects("fr") == SUBJECTS


def test_both_languages_have_the_same_entries_with_the_same_places():
    english, french = all_entries("en"), all_entries("fr")
    assert english.keys() == french.keys()
    assert {k: places(v) for k, v in english.items()} == {k: places(v) for k, v in french.items()}


def workbench():
    for path in sorted(SOURCES.rglob("*.py")):
        if "backends" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls(*names, place=0):
    """Yield the first argument of each call of these names in the workbench, if it is a text."""
    for path, tree in workbench():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names:
                yield path, node.args[place] if node.args[place:] else None


def patterns(node):
    """Return a regular expression for a key that is written, or put together, in the code."""
    if isinstance(node, ast.Constant):
        return re.escape(node.value)
    assert isinstance(node, ast.JoinedStr), ast.unparse(node)
    return "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values)


def said():
    """Return, for each key of a text in the code, where it is and its regular expression."""
    found = []
    for path, node in calls("say", "text", "_option"):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            found.append((path, patterns(node)))
        elif isinstance(node, ast.IfExp):
            found += [(path, patterns(choice)) for choice in (node.body, node.orelse)]
    return found


def test_every_text_that_the_code_names_is_there():
    keys = all_entries("en")
    for path, pattern in said():
        if "." in pattern:
            assert any(re.fullmatch(pattern, key) for key in keys), (path, pattern)


def raised():
    """Return the keys of all errors that the workbench can raise."""
    keys = {RunDamaged(Path(), "").key, *(key for _, key in CAUSES)}
    named = calls("ApprentiError", "Interrupted")
    for path, node in [*named, *calls("reading", place=1)]:
        if isinstance(node, ast.Name):
            # The key was chosen just before: key = "one" if ... else "other"
            tree = ast.parse(path.read_text(encoding="utf-8"))
            chosen = [n.value for n in ast.walk(tree) if is_assignment_to(node.id, n)]
            keys |= {text for value in chosen for text in texts_in(value)}
        elif node is not None:
            keys |= texts_in(node)
    return keys


def is_assignment_to(name, node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name


def texts_in(node):
    constants = [part for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return {part.value for part in constants if isinstance(part.value, str)}


def test_every_error_that_is_raised_has_its_three_parts_and_none_is_left_over():
    for lang in language.LANGUAGES:
        messages = language.errors(lang)
        assert set(messages) == raised()
        assert all(set(parts) == {"what", "why", "todo"} for parts in messages.values())
        assert all(parts["what"] and parts["todo"] for parts in messages.values())


def test_no_two_errors_have_the_same_name():
    for lang in language.LANGUAGES:
        names = [name for one in SUBJECTS for name in language.subject(one, lang).get("errors", {})]
        assert len(names) > 100
        assert sorted(names) == sorted(set(names))


FRENCH = [
    *all_entries("fr").items(),
    *entries("script", "fr"),
    *(("typer", words) for _, words in language.subject("typer", "fr")["phrases"]),
]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (r"\S [:;!?»]", "an ordinary space before a high sign"),
        (r"« ", "an ordinary space after a quotation mark"),
        (r"[^\W\d][;!?»](?!\w)", "no space before a high sign"),
        (r'"', "straight quotation marks"),
        (r"\b[Tt]u\b|\b[Tt]on\b|\b[Tt]es\b", "tutoiement"),
    ],
)
def test_french_is_typeset_as_french(wrong, why):
    allowed = re.compile(
        r'numpy\.savez\("(?:data|new)\.npz"|\\?"adam\\?"|\\?"sgd\\?"|"apprenti\[\{extra\}\]"'
        r'|runs note last ".*"|--because ".*"|\\?"D020 alive\\?"|"(?:\{name\}|\w+)=[^"]*"'
        r'|\["\?", "NR", "-999"\]|\{\{ "Paris" = \["paris", "PARIS"\] \}\}'
        r'|(?:target|task|text|kind|source|sheet) = "\{?\w+\}?"'
        r'|\\?"(?:linear|rbf|RGB|L|cosine|constant|step|one_cycle|relu|sigmoid|tanh|logistic)\\?"'
        r'|\\?"(?:none|balanced|default|glorot|he|normal|(?:binary_)?cross_entropy)\\?"'
    )
    found = [(k, v) for k, v in FRENCH if re.search(wrong, allowed.sub("", v))]
    assert not found, why


def test_french_and_english_differ():
    english, french = all_entries("en"), all_entries("fr")
    same = {key for key, words in english.items() if french[key] == words and " " in words}
    sayings = {key for key in same if not re.fullmatch(r"[\W\d{}a-z_:.%]*", english[key])}
    assert not sayings


def test_nothing_is_said_outside_the_texts():
    """A text of three words or more in the workbench is a docstring, or it should be in texts/."""
    found = []
    for path, tree in workbench():
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        raises = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise | ast.Assert)
            for part in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = re.findall(r"[A-Za-zéèà]{2,}", node.value)
                sentence = len(words) > 2 and re.search(r"[a-z] [a-z]+ [a-z]", node.value)
                if sentence and id(node) not in docs | raises:
                    found.append((path.name, node.value))
    # What other programs and people write, to recognise it, and a place in Matplotlib's words
    known = {"run_local.py", "usage.py", "pip_or_uv.py", "unknown.py"}
    spoken = [item for item in found if item[0] not in known]
    assert {words for _, words in spoken} == {"outside lower center"}


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_count_of_one_is_not_followed_by_a_plural(lang):
    """Errors and places whose count cannot be one are left out."""
    always_many = {"data.sampled", "new.made_classification"}
    always_many |= {f"findings.{code}.what" for code in ("D003", "D028")}
    plural = re.compile(r"\{\w+(?::,)?\} (?:rows|columns|classes|lignes|colonnes|valeurs)\b")
    said = {k: v for k, v in all_entries(lang).items() if k.startswith(("findings", "data", "new"))}
    found = {k for k, words in said.items() if plural.search(words) and ".errors." not in k}
    assert found <= always_many


HARD = "l'été; $1 *!"

NAMES_ALONE = ("settings.head", "data.columns_head", "doctor.report.title")
"""Texts that are written into files, and a title."""


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_what_fills_a_command_stays_one_word(lang):
    language.choose(lang)
    found = [(key, one) for key, text in all_entries(lang).items() for one in COMMAND.findall(text)]
    assert len(found) > 80
    for key, template in found:
        values = dict.fromkeys(places(template), HARD)
        words = shlex.split(template.replace("{megabytes:.0f}", "1"))
        expected = [word.format(**values) for word in words]
        assert shlex.split(filled(template, values)) == expected, key


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_a_command_to_give_is_marked(lang):
    """A name of a command may stand in a sentence; what is to be given is marked."""
    name = f"apprenti (?:{'|'.join(COMMANDS)})"
    to_give = re.compile(rf"{name}\b(?: (?:-|{{|\w+=)|$)|[:(]\s+{name}\b(?! (?:trains|s’|s'))")
    for key, text in all_entries(lang).items():
        if key not in NAMES_ALONE:
            assert not to_give.search(COMMAND.sub("", text)), (key, text)
