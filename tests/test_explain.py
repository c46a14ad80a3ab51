"""What findings, failures, terms and settings mean, in both languages and without a network."""

import pytest

from apprenti import pages
from apprenti.errors import ApprentiError
from apprenti.explain import FAILURE, FINDING, KINDS, SETTING, TERM, explain, known, name_of
from apprenti.language import LANGUAGES, choose


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_is_known_is_explained_and_named(lang):
    choose(lang)
    listed = list(known())
    assert {kind for kind, _, _ in listed} == set(KINDS)
    assert len(listed) > 150
    for kind, name, asked in listed:
        found = [one for word in asked for one in explain(word) if one.kind == kind]
        assert found and all(one.told.what or one.told.why for one in found), name
        assert name_of(kind, name)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("d020", [FINDING]),
        ("R01", [FINDING]),
        (" F14 ", [FAILURE]),
        ("T03", [FAILURE]),
        ("Perte", [TERM]),
        ("epoque", [TERM]),
        ("mlp", [TERM]),
        ("learning rate", [TERM]),
        ("learning_rate", [SETTING]),
        ("optimizer", [TERM, SETTING]),
        ("zsh: no matches found: hidden_units=[64]", [FAILURE]),
    ],
)
def test_a_word_is_known_by_all_its_names(words, kinds):
    assert [one.kind for one in explain(words)] == kinds


def test_a_finding_has_the_section_of_its_page_in_the_language_of_the_user():
    choose("fr")
    (french,) = explain("D020")
    assert "fuite" in french.told.what or "cible" in french.told.what
    choose("en")
    (english,) = explain("D020")
    assert english.told.what.startswith("*Error or warning.*") and "## " not in english.told.what


def test_a_term_says_what_it_is_in_the_other_language_too():
    choose("fr")
    # A setting has that name, too
    found = next(one for one in explain("loss") if one.told.name == "perte · loss")
    assert "probabilités" in found.told.what


@pytest.mark.parametrize(("word", "near"), [("overfiting", "overfitting"), ("qqqq", ""), (" ", "")])
def test_a_word_that_is_not_known_is_refused_with_the_nearest(word, near):
    with pytest.raises(ApprentiError) as caught:
        explain(word)
    assert (caught.value.key, caught.value.values["nearest"]) == ("not_explained", near)


def test_the_pages_are_those_that_a_built_package_brings(tmp_path, monkeypatch):
    for place in ("en", "fr"):
        (tmp_path / place).mkdir()
    (tmp_path / "en" / "findings.md").write_text("# Findings\n\n## D001: few\n\nPacked.\n")
    monkeypatch.setattr(pages, "TEXTS", tmp_path)
    pages._sections.cache_clear()
    try:
        choose("en")
        assert pages.section("D001") == "Packed."
        choose("fr")
        assert pages.section("D020")
    finally:
        pages._sections.cache_clear()


def test_a_built_package_is_told_to_bring_them():
    import tomllib

    built = tomllib.loads((pages.DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    brought = built["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    wanted = {
        f"{lang}/{name}": page for lang, of in pages.FINDINGS.items() for name, page in of.items()
    }
    wanted["glossary.md"] = pages.GLOSSARY
    assert brought == {
        page.relative_to(pages.DOCS.parent).as_posix(): f"apprenti/texts/{name}"
        for name, page in wanted.items()
    }
