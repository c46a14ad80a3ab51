"""New rows are read as the training read its own; what does not fit is told, with its row."""

import shutil
from pathlib import Path

import pytest

from apprenti.errors import ApprentiError
from apprenti.predict import new_rows
from apprenti.train import one_run
from apprenti.train.plan import plan

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def run_on(make_project, silent, tmp_path_factory):
    """run_on("carat_price.csv", "price"): a run of a tree on a table of tests/cases."""
    made = {}

    def train(name, target, **settings):
        key = (name, *settings)
        if key not in made:
            folder = tmp_path_factory.mktemp("cases")
            shutil.copy(CASES / name, folder / name)
            how = {"target": target, "framework": "sklearn", "kind": "tree", **settings}
            project = make_project(name, folder=folder, **how)
            made[key] = one_run.train(plan(project), project.runs_folder, silent())
        return made[key]

    return train


@pytest.fixture
def answered(silent, tmp_path):
    """answered(run, "a,b\\n1,2"): the answers for new rows, in a file or a text, and the notes."""

    def predict(run, given):
        path = CASES / given
        if "\n" in given:
            path = tmp_path / "new.csv"
            path.write_text(given, encoding="utf-8")
        found = new_rows.predict(run, str(path), silent())
        notes = {note.key: note.values for note in found.notes}
        return [row["predicted"] for row in found.rows], notes

    return predict


def test_dates_written_otherwise_are_refused_with_the_way_that_is_known(run_on, answered):
    run = run_on("dated_iso.csv", "level")
    with pytest.raises(ApprentiError) as caught:
        answered(run, "dated_new_french.csv")
    assert (caught.value.key, caught.value.values["how"]) == ("new_dates", "ISO8601")
    assert "1: 05/01/2020" in caught.value.values["cells"]
    answers, notes = answered(run, "day\n2020-01-05\n2021-02-20\n")
    assert len(answers) == 2
    assert not notes


def test_seconds_since_1970_stay_what_they_were_for_new_rows(
    make_project, silent, tmp_path, answered
):
    rows = [f"{1_700_000_000 + 86_400 * n},{n}" for n in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["seen,y", *rows]), encoding="utf-8")
    read = '[columns]\nseen = {kind = "date", format = "seconds"}\n'
    (tmp_path / "columns.toml").write_text(read, encoding="utf-8")
    project = make_project("t.csv", folder=tmp_path, target="y", framework="sklearn", kind="tree")
    run = one_run.train(plan(project), project.runs_folder, silent())
    answers, notes = answered(run, f"seen\n{1_700_000_000 + 86_400 * 30}\nsoon\n")
    assert abs(float(answers[0]) - 30) < 3
    assert notes["unread"]["cells"] == "2: soon"
    with pytest.raises(ApprentiError) as caught:
        answered(run, "seen\n2023-11-14\n2023-11-15\n")
    assert (caught.value.key, caught.value.values["how"]) == ("new_dates", "seconds")


def test_codes_are_the_same_with_a_gap_and_without(run_on, answered):
    run = run_on("codes_with_one_gap.csv", "rent", categorical=["code"])
    answers, notes = answered(run, "codes_new_without_gap.csv")
    assert len(answers) == 30
    known = notes.get("unknown_category", {"count": 0})
    assert known["count"] < 30


def test_leading_zeros_are_kept_to_the_predictions(run_on, answered):
    run = run_on("codes_postaux_zeros.csv", "rent")
    _, notes = answered(run, "code,n\n02100,2\n01000,5\n")
    assert not notes
    _, notes = answered(run, "code,n\n2100,2\n01000,5\n")
    assert notes["unknown_category"]["examples"] == "2100"


@pytest.mark.parametrize(
    ("new", "word"), [("two_new_with_word.csv", "unknown"), ("two_new_question.csv", "?")]
)
def test_a_word_among_numbers_is_a_gap_and_told_with_its_row(run_on, answered, new, word):
    answers, notes = answered(run_on("two_numbers.csv", "y"), new)
    assert len(answers) == 2
    assert (notes["unread"]["name"], notes["unread"]["cells"]) == ("a", f"2: {word}")


def test_the_other_decimal_mark_is_refused_with_its_place(run_on, answered):
    with pytest.raises(ApprentiError) as caught:
        answered(run_on("one_number.csv", "y"), "one_new_decimal_comma.csv")
    assert caught.value.key == "new_numbers"
    assert "1: 2,5" in caught.value.values["cells"]


def test_numbers_far_from_those_of_the_training_are_answered_and_told(run_on, answered):
    run = run_on("carat_price.csv", "price")
    answers, notes = answered(run, "carat_new_absurd.csv")
    assert len(answers) == 4
    assert notes["far"]["count"] >= 2
    assert "2: 2500" in notes["far"]["cells"]
    assert "3: -7" in notes["far"]["cells"]


def test_words_in_place_of_the_only_number_are_refused_with_their_places(run_on, answered):
    with pytest.raises(ApprentiError) as caught:
        answered(run_on("carat_price.csv", "price"), "carat_new_words.csv")
    assert caught.value.key == "new_numbers"
    assert "1: 1,0" in caught.value.values["cells"]
    assert "2: big" in caught.value.values["cells"]


def test_new_rows_in_another_file_mean_the_same(run_on, answered, silent, tmp_path):
    import pandas as pd

    run = run_on("prix_euros_pourcent.csv", "etat")
    french = "surface;prix;taux\n34;74 227,77 €;32,5 %\n175;362 507,05 €;92,5 %\n"
    usual, _ = answered(run, french)
    frame = pd.DataFrame(
        {"surface": [34, 175], "prix": [74227.77, 362507.05], "taux": [32.5, 92.5]}
    )
    frame.to_parquet(tmp_path / "new.parquet")
    typed = new_rows.predict(run, str(tmp_path / "new.parquet"), silent())
    assert [row["predicted"] for row in typed.rows] == usual
    assert not typed.notes
