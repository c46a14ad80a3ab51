"""Sets that many have learned from: nothing in them is an error, and what is known is found."""

import os
import re
from pathlib import Path

import pytest

from apprenti import language
from apprenti.data.findings import RULES, Evidence, look, words
from apprenti.data.kinds.table import open_table
from apprenti.data.split.parts import parts_of
from apprenti.findings import SEVERITIES
from apprenti.project import DataSettings

TABLES = Path(os.environ.get("APPRENTI_DATA", "nowhere")) / "tables"
needs_tables = pytest.mark.skipif(
    not TABLES.is_dir(), reason="set APPRENTI_DATA to a folder that holds a folder named tables"
)


def findings(source, target=None, **settings):
    data = DataSettings(source=source, target=target, **settings)
    table = open_table(data, TABLES / source if source.endswith(".csv") else None)
    parts = parts_of(table, data.split, data)
    return look(Evidence(table.frame, table.columns, table.task, parts, data.time))


def in_words(found):
    """Return what is said, in both languages; no place may be left open."""
    said = []
    for lang in language.LANGUAGES:
        language.choose(lang)
        told = [words.tell(finding) for finding in found]
        said += [part for one in told for part in (one.what, one.todo, one.page)]
    assert all(text and not re.search(r"\{\w", text) for text in said)
    return said


@pytest.mark.parametrize("source", ["iris", "wine", "breast_cancer", "diabetes"])
def test_no_error_is_found_in_the_tables_of_scikit_learn(source):
    found = findings(source)
    assert [finding for finding in found if finding.severity == "error"] == []
    in_words(found)


@needs_tables
@pytest.mark.parametrize(
    ("name", "target", "ignored"),
    [
        ("penguins", "species", ()),
        ("mpg", "mpg", ()),
        ("diamonds", "price", ()),
        ("titanic", "survived", ("alive",)),
    ],
)
def test_no_error_is_found_in_tables_that_many_have_used(name, target, ignored):
    found = findings(f"{name}.csv", target, ignore=ignored)
    assert [finding for finding in found if finding.severity == "error"] == []
    in_words(found)


@needs_tables
def test_in_titanic_the_column_alive_is_the_answer():
    found = findings("titanic.csv", "survived")
    assert [(one.code, one.subject) for one in found if one.severity == "error"] == [
        ("D020", "alive")
    ]
    assert any("alive" in text for text in in_words(found))


@needs_tables
def test_the_copies_in_titanic_are_a_warning():
    found = {one.code: one for one in findings("titanic.csv", "survived")}
    assert found["D015"].severity == "warning"


def test_errors_come_first():
    order = [SEVERITIES.index(one.severity) for one in findings("breast_cancer")]
    assert order == sorted(order)


def test_the_codes_are_in_order_and_each_has_its_texts_and_its_sections():
    codes = [rule.CODE for rule in RULES]
    assert codes == sorted(set(codes))
    docs = Path(__file__).parents[3] / "docs"
    for lang, page in (("en", docs / "findings.md"), ("fr", docs / "fr" / "constats.md")):
        texts = language.subject("findings", lang)
        lines = page.read_text(encoding="utf-8").splitlines()
        headings = [line.replace("\u202f:", ":") for line in lines if line.startswith("## D")]
        assert headings == [f"## {code}: {texts[code]['name']}" for code in codes]
        # What was found is said in one sentence, or in one for each kind of it
        assert all({"name", "todo"} < set(texts[code]) for code in codes)
        assert all("what" in texts[code] or len(texts[code]) > 4 for code in codes)


def test_every_rule_states_its_severity():
    assert {rule.SEVERITY for rule in RULES} == set(SEVERITIES)
