"""What is said of findings is short, whatever the values are."""

import pytest

from apprenti import language
from apprenti.data.findings import words
from apprenti.findings import Finding

NOVEL = "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte… " * 20


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_no_novel_is_printed(lang):
    language.choose(lang)
    told = [
        Finding("D018", "note", "text", {"rows": 9, "names": [NOVEL] * 9, "count": 9}),
        Finding("D010", "warning", "text", {"value": NOVEL}),
        Finding("D003", "warning", "text", {"classes": [(NOVEL, 1)] * 9, "fewest": 10}),
        Finding("D002", "error", "text", {"only": NOVEL, "rows": 9}),
    ]
    for finding in told:
        said = words.tell(finding).what
        assert "Longtemps, je me suis" in said and len(said) < 450
        assert said.count("Longtemps") <= (3 if finding.code == "D018" else words.MOST_NAMED)
        assert "\n" not in said


def test_one_row_is_singular_in_both_languages():
    once = Finding("D015", "note", "", {"rows": 1, "share": 0.01})
    twice = Finding("D015", "note", "", {"rows": 2, "share": 0.02})
    said = {}
    for lang in language.LANGUAGES:
        language.choose(lang)
        said[lang] = [words.tell(one).what for one in (once, twice)]
    assert said["en"] == [
        "1 row (1.0%) is a copy of another row.",
        "2 rows (2.0%) are copies of another row.",
    ]
    assert said["fr"][0].startswith("1 ligne (") and said["fr"][1].startswith("2 lignes (")


def test_names_of_images_are_not_cut():
    name = "a/folder/with/a/very/long/name/indeed/and/an/image.jpg"
    pair = f"{name} = {name}"
    finding = Finding("D015", "note", "", {"rows": 1, "share": 0.1, "copies": [pair]})
    assert pair in words.tell(finding).what
