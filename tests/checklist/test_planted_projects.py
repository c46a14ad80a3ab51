"""The eleven items on projects with one thing planted in each; the pages have a table of them."""

import re
from pathlib import Path

import pytest
from flats import IN_DOUBT, ITEMS, NOT_DONE, PROJECTS

import apprenti
from apprenti.checklist.items import NAMES

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"english": DOCS / "checklist.md", "french": DOCS / "fr" / "checklist.md"}
HEADS = {"english": "what is planted", "french": "ce qui est planté"}
MARKS = {NOT_DONE: "✗", IN_DOUBT: "?", None: ""}
TABLE = re.compile(r"(?<=\n)(FIXTURES\n|\| [^\n]*\| 1 \| 2 \|.*)\Z", re.DOTALL)


@pytest.mark.few(12)
@pytest.mark.parametrize("planted", PROJECTS, ids=[one.name for one in PROJECTS])
def test_a_planted_fault_keeps_its_items_open_and_no_other(planted, perfect):
    planted.plant(perfect)
    judged = apprenti.checklist(perfect).items
    assert [one.item for one in judged] == list(ITEMS) == list(NAMES)
    assert {one.item: one.state for one in judged if one.state != "done"} == planted.expected


def test_every_item_has_a_fault_planted_and_there_are_at_least_twenty():
    assert len(PROJECTS) >= 20
    alone = {item for one in PROJECTS if len(one.expected) < 4 for item in one.expected}
    assert alone == set(ITEMS)


def table(language):
    head = f"| {HEADS[language]} | {' | '.join(map(str, range(1, 12)))} |\n|---|{'---|' * 11}\n"
    rows = (
        f"| {getattr(one, language)} | "
        + " | ".join(MARKS[one.expected.get(item)] for item in ITEMS)
        + " |\n"
        for one in PROJECTS
    )
    return head + "".join(rows)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_has_the_table_of_the_projects(language, request):
    path = PAGES[language]
    text = path.read_text(encoding="utf-8")
    made = TABLE.sub(lambda found: table(language), text)
    if request.config.getoption("--rewrite-docs", default=False):
        path.write_text(made, encoding="utf-8", newline="\n")
        text = made
    assert table(language) in text
    assert text == made
