"""The model card: the usual headings; no name in it is a link, an element or a heading."""

import re

import pytest

from apprenti import language, report

HEADINGS = [
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
]


def card(project, tmp_path, lang="en"):
    with language.speaking(lang):
        return report.write(project, tmp_path / "card.md").files["card"].read_text(encoding="utf-8")


def test_a_card_has_the_usual_headings_in_their_order(digits, tmp_path):
    assert re.findall(r"^## (.*)$", card(digits, tmp_path), re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_tables_of_a_card_have_as_many_cells_in_every_row(digits, tmp_path, lang):
    tables = re.findall(r"(?:^\|.*\|\n)+", card(digits, tmp_path, lang), re.MULTILINE)
    assert len(tables) > 5
    for table in tables:
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1


def test_names_in_a_card_are_neither_elements_nor_links(hostile, tmp_path):
    written = card(hostile, tmp_path)
    outside = re.sub(r"^(`{3,}).*?^\1$", "", written, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"<[^>]*>", outside) == ["<!-- Apprenti -->"]
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert "javascript:" not in outside
    assert not re.search(r"(?<!\\)`", outside.replace("```", ""))


def test_a_card_says_where_people_have_to_go_on_writing(digits, tmp_path):
    assert card(digits, tmp_path).count("To be completed:") == 4


def test_a_card_replaces_a_card_and_nothing_else(digits, tmp_path):
    card(digits, tmp_path)
    card(digits, tmp_path)
    (tmp_path / "card.md").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(report.ApprentiError, match=r"card\.md"):
        card(digits, tmp_path)
