"""The report: all sections, in both languages; what is missing is said; the same twice."""

import json
import re
import shutil

import pytest
from left_by_improve import improved

from apprenti import language, report
from apprenti import project as projects
from apprenti.errors import ApprentiError
from apprenti.findings import SEVERITIES

SECTIONS = [report.name_of(one) for one in report.SECTIONS]


def text_of(path):
    """Return the words of a page, without its elements."""
    written = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", written).split())


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_section_is_there_in_both_languages(digits, written, lang):
    page = written(digits, lang).read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in page
    assert re.findall(r'<section id="([\w-]+)"', page) == SECTIONS
    with language.speaking(lang):
        for name in SECTIONS:
            assert language.say(f"report.section.{name}") in page.replace("&#39;", "'")


def test_the_same_report_twice_is_the_same_but_for_its_date(digits, written, tmp_path):
    first = written(digits).read_text(encoding="utf-8")
    second = written(digits).read_text(encoding="utf-8")
    date = re.compile(r"Written by Apprenti [\d.]+ on \d{4}-\d\d-\d\d \d\d:\d\d\.")
    assert len(date.findall(first)) == 1
    assert date.sub("", first) == date.sub("", second)


def test_every_chart_has_a_table_behind_it(digits, numbers, written):
    for project in (digits, numbers):
        page = written(project).read_text(encoding="utf-8")
        figures = re.findall(r"<figure>\s*<svg.*?</figure>", page, re.DOTALL)
        assert len(figures) > 3
        assert all("<details" in one and "<table" in one for one in figures)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_what_is_not_there_is_said_with_the_command_that_makes_it(make_project, written):
    made = make_project("digits", framework="sklearn")
    said = report.write(made, written(made))
    assert said.run is None
    assert set(said.missing) >= {"data", "split", "models", "evaluation", "ledger"}
    words = text_of(written(made))
    assert "apprenti train" in words and "apprenti data" in words


def test_a_run_that_was_never_evaluated_names_the_command(numbers, written):
    words = text_of(written(numbers))
    assert "apprenti evaluate 1" in words
    assert "apprenti improve 1" in words
    assert "apprenti compare" in words


def test_the_test_set_stands_first_with_its_opening_and_the_head_of_the_ledger(digits, written):
    from apprenti import ledger

    words = text_of(written(digits))
    assert words.index("On the test set") < words.index("On the validation set")
    there = ledger.read(digits.folder)
    assert there.head in words
    assert "cannot show that the whole file was rewritten" in words


def test_data_that_bring_a_test_set_are_not_said_to_have_no_test_row(
    make_project, train, idx_folder, written, tmp_path
):
    source = shutil.copytree(idx_folder, tmp_path / "with_test")
    for part in ("images-idx3", "labels-idx1"):
        shutil.copyfile(source / f"train-{part}-ubyte.gz", source / f"t10k-{part}-ubyte.gz")
    made = make_project(str(source), kind="tree", framework="sklearn")
    train(made)
    for lang, words in (("en", "comes with the data"), ("fr", "est fourni avec les données")):
        said = text_of(written(made, lang))
        assert words in said
        assert "test: 0" not in said


def test_a_run_chosen_after_the_test_set_was_opened_is_labelled_wherever_it_stands(fresh, written):
    from apprenti.evaluate import test_set
    from apprenti.runs import find

    test_set.open_test_set(find(fresh.runs_folder, "2"))
    for lang, words in (("en", "elected on the test set"), ("fr", "hoisi sur le jeu de test")):
        said = text_of(written(fresh, lang))
        assert words in said.partition("1. ")[0].replace("&#39;", "'") or words in said
        assert "2 †" in said


@pytest.mark.slow
def test_groups_that_were_asked_for_once_are_shown_as_measured(numbers, written, tmp_path):
    from apprenti.evaluate import test_set
    from apprenti.runs import find

    shutil.copytree(numbers.folder, tmp_path / "asked")
    asked = projects.load(tmp_path / "asked")
    assert "sensitive=COLUMN" in text_of(written(asked))
    test_set.open_test_set(find(asked.runs_folder, "1"), sensitive=("code",))
    said = text_of(written(asked))
    assert "sensitive=COLUMN" not in said
    assert "Whether a difference is just, no figure says" in said


def test_a_ledger_that_was_edited_is_told(fresh, written):
    path = fresh.folder / "ledger.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"by": "', '"by": "x'), "utf-8")
    assert "it was edited after it was written" in text_of(written(fresh))


def test_measured_remedies_are_those_of_this_run_alone(fresh, written):
    name = report.choose(fresh).name
    improved(fresh.folder, name)
    assert "over 8 pairs of trainings" in text_of(written(fresh))
    improved(fresh.folder, "another")
    assert "over 8 pairs of trainings" not in text_of(written(fresh))


def test_another_run_can_be_asked_for(digits, written):
    words = text_of(written(digits, wanted="1"))
    assert "001-trivial-sklearn" in words.partition("Contents")[0]


def test_mistakes_of_images_are_small_pictures_inside_the_page(digits, written):
    path = written(digits)
    page = path.read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 5
    assert path.stat().st_size < 1_000_000


def test_damaged_files_leave_the_rest_of_the_report(fresh, written):
    run = report.choose(fresh)
    (fresh.folder / "data.json").write_text('{"findings": [3]}', encoding="utf-8")
    (fresh.folder / "improve").mkdir()
    (fresh.folder / "improve" / "improve.json").write_text("[1", encoding="utf-8")
    (run.folder / "predictions.csv").write_text("row,truth\n1", encoding="utf-8")
    (run.folder / "test_evaluation.json").write_text("{}x", encoding="utf-8")
    page = written(fresh, wanted=run.name).read_text(encoding="utf-8")
    assert re.findall(r'<section id="([\w-]+)"', page) == SECTIONS
    assert "improve.json" in page and "test_evaluation.json" in page


def test_a_report_replaces_a_report_and_nothing_else(digits, tmp_path):
    path = tmp_path / "mine.html"
    report.write(digits, path)
    report.write(digits, path)
    path.write_text("<p>mine</p>", encoding="utf-8")
    with pytest.raises(ApprentiError) as raised:
        report.write(digits, path)
    assert raised.value.key == "file_exists"
    assert path.read_text(encoding="utf-8") == "<p>mine</p>"
    assert [one.name for one in tmp_path.iterdir()] == ["mine.html"]


def test_a_name_says_what_is_written(digits, tmp_path):
    with pytest.raises(ApprentiError, match=r"\.html"):
        report.write(digits, tmp_path / "report.docx")
    made = report.write(digits, tmp_path / "card.md")
    assert list(made.files) == ["card"]
    assert report.targets(digits.folder, None, True, True) == {
        "page": digits.folder / "report.html",
        "pdf": digits.folder / "report.pdf",
        "card": digits.folder / "model-card.md",
    }


def test_commands_in_a_report_are_for_the_folder_of_the_project(digits, written):
    from apprenti.command_line import elsewhere

    before = elsewhere.set("far/away")
    try:
        words = text_of(written(digits))
    finally:
        elsewhere.reset(before)
    assert "far/away" not in words


def test_findings_of_the_data_have_a_tone_each():
    from apprenti.report.sections.data import TONES

    assert set(TONES) == set(SEVERITIES)


def test_a_data_set_that_was_changed_is_not_described_as_it_was(numbers, written, tmp_path):
    from apprenti import project as projects

    shutil.copytree(numbers.folder, tmp_path / "p")
    made = projects.load(tmp_path / "p")
    facts = json.loads((made.folder / "data.json").read_text(encoding="utf-8"))
    facts["looked_at"]["settings"]["target"] = "other"
    (made.folder / "data.json").write_text(json.dumps(facts), encoding="utf-8")
    assert "has changed since it was" in text_of(written(made))
