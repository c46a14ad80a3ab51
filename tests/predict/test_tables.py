"""New rows are read as the training read its own; what does not fit is told, with its row."""

import shutil
from pathlib import Path

import pytest

from apprenti.errors import ApprentiError

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def run_on(make_project, train, tmp_path_factory):
    """run_on("carat_price.csv", "price"): a run of a tree on a table of tests/cases."""
    made = {}

    def run(name, target, **settings):
        key = (name, *settings)
        if key not in made:
            folder = tmp_path_factory.mktemp("cases")
            shutil.copy(CASES / name, folder / name)
            how = {"target": target, "framework": "sklearn", "kind": "tree", **settings}
            made[key] = train(make_project(name, folder=folder, **how))
        return made[key]

    return run


@pytest.fixture
def answered(predict, tmp_path):
    """answered(run, "a,b\\n1,2"): the answers for new rows, in a file or a text, and the notes."""

    def call(run, given):
        path = CASES / given
        if "\n" in given:
            path = tmp_path / "new.csv"
            path.write_text(given, encoding="utf-8")
        found = predict(run, path)
        notes = {note.key: note for note in found.notes}
        return [row["predicted"] for row in found.rows], notes

    return call


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
    make_project, train, tmp_path, answered
):
    rows = [f"{1_700_000_000 + 86_400 * n},{n}" for n in range(60)]
    (tmp_path / "t.csv").write_text("\n".join(["seen,y", *rows]), encoding="utf-8")
    read = '[columns]\nseen = {kind = "date", format = "seconds"}\n'
    (tmp_path / "columns.toml").write_text(read, encoding="utf-8")
    project = make_project("t.csv", folder=tmp_path, target="y", framework="sklearn", kind="tree")
    run = train(project)
    answers, notes = answered(run, f"seen\n{1_700_000_000 + 86_400 * 30}\nsoon\n")
    assert abs(float(answers[0]) - 30) < 3
    assert notes["unread_date"].cells == ((2, "soon"),)
    with pytest.raises(ApprentiError) as caught:
        answered(run, "seen\n2023-11-14\n2023-11-15\n")
    assert (caught.value.key, caught.value.values["how"]) == ("new_dates", "seconds")


def test_codes_are_the_same_with_a_gap_and_without(run_on, answered):
    run = run_on("codes_with_one_gap.csv", "rent", categorical=["code"])
    answers, notes = answered(run, "codes_new_without_gap.csv")
    assert len(answers) == 30
    assert all(note.values["count"] < 30 for note in notes.values())


def test_leading_zeros_are_kept_to_the_predictions(run_on, answered):
    run = run_on("codes_postaux_zeros.csv", "rent")
    _, notes = answered(run, "code,n\n02100,2\n01000,5\n")
    assert not notes
    _, notes = answered(run, "code,n\n2100,2\n01000,5\n")
    (note,) = notes.values()
    assert note.cells == ((1, "2100"),)


@pytest.mark.parametrize(
    ("new", "word"), [("two_new_with_word.csv", "unknown"), ("two_new_question.csv", "?")]
)
def test_a_word_among_numbers_is_a_gap_and_told_with_its_row(run_on, answered, new, word):
    answers, notes = answered(run_on("two_numbers.csv", "y"), new)
    assert len(answers) == 2
    assert (notes["unread"].values["name"], notes["unread"].cells) == ("a", ((2, word),))


def test_the_other_decimal_mark_is_refused_with_its_place(run_on, answered):
    with pytest.raises(ApprentiError) as caught:
        answered(run_on("one_number.csv", "y"), "one_new_decimal_comma.csv")
    assert caught.value.key == "new_numbers"
    assert "1: 2,5" in caught.value.values["cells"]


def test_numbers_far_from_those_of_the_training_are_answered_and_told(run_on, answered):
    run = run_on("carat_price.csv", "price")
    answers, notes = answered(run, "carat_new_absurd.csv")
    assert len(answers) == 4
    assert notes["far"].values["count"] == len(notes["far"].cells) >= 2
    assert {(2, 2500), (3, -7)} <= {*notes["far"].cells}


def test_a_column_of_which_no_number_is_within_those_of_the_training_is_told(run_on, answered):
    run = run_on("prix_euros_pourcent.csv", "etat")
    shares = "surface;prix;taux\n34;74 227,77 €;0,003\n175;362 507,05 €;0,009\n90;200 000 €;0,005\n"
    answers, notes = answered(run, shares)
    assert notes["elsewhere"].values["name"] == "taux" and notes["elsewhere"].values["count"] == 3
    assert not notes["elsewhere"].doubtful and len(answers) == 3
    of_two = "".join(shares.splitlines(keepends=True)[:3])
    assert "elsewhere" not in answered(run, of_two)[1]


def test_words_in_place_of_the_only_number_are_refused_with_their_places(run_on, answered):
    with pytest.raises(ApprentiError) as caught:
        answered(run_on("carat_price.csv", "price"), "carat_new_words.csv")
    assert caught.value.key == "new_numbers"
    assert "1: 1,0" in caught.value.values["cells"]
    assert "2: big" in caught.value.values["cells"]


def test_new_rows_in_another_file_mean_the_same(run_on, answered, predict, tmp_path):
    import pandas as pd

    run = run_on("prix_euros_pourcent.csv", "etat")
    french = "surface;prix;taux\n34;74 227,77 €;32,5 %\n175;362 507,05 €;92,5 %\n"
    usual, _ = answered(run, french)
    frame = pd.DataFrame(
        {"surface": [34, 175], "prix": [74227.77, 362507.05], "taux": [32.5, 92.5]}
    )
    frame.to_parquet(tmp_path / "new.parquet")
    typed = predict(run, tmp_path / "new.parquet")
    assert [row["predicted"] for row in typed.rows] == usual
    assert not typed.notes


def test_what_the_model_cannot_know_is_told_by_row_and_column(predict, of_shops, tmp_path):
    rows = ["1;1e9;Ys", "2;-5;Brest", ";;", "3;40,5;Orléans", "4;NA;Ys"]
    path = tmp_path / "n.csv"
    path.write_text("\n".join(["code;surface;ville", *rows, ""]), encoding="utf-8")
    found = predict(of_shops, path)
    assert found.doubts == [
        ("surface", "ville"),
        ("surface",),
        ("surface", "ville"),
        (),
        ("ville",),
    ]
    assert len(found.answers) == 5 and found.answers["predicted"].notna().all()
    notes = {note.key: note.as_json() for note in found.notes}
    assert notes["far"]["cells"] == [{"row": 1, "value": 1e9}, {"row": 2, "value": -5.0}]
    assert notes["unknown_category"]["cells"] == [
        {"row": 1, "value": "Ys"},
        {"row": 5, "value": "Ys"},
    ]
    assert notes["blank"]["count"] == 1


def test_days_far_from_those_of_the_training_are_told_as_days(run_on, answered):
    run = run_on("dated_iso.csv", "level")
    answers, notes = answered(run, "day\n2020-01-05\n2099-02-20\n")
    assert notes["far_dates"].cells == ((2, "2099-02-20"),)
    assert len(notes["far_dates"].values["high"]) == len("2020-01-05")
    assert len(answers) == 2


def test_a_word_that_was_a_value_in_a_file_of_values_stays_one(make_project, train, predict):
    import pandas as pd

    made = make_project("t.json", target="y", framework="sklearn", kind="tree")
    kinds = ["None", "some"] * 30
    frame = pd.DataFrame({"kind": kinds, "y": ["no" if one == "None" else "yes" for one in kinds]})
    frame.to_json(made.folder / "t.json", orient="records")
    found = predict(train(made), made.folder / "t.json")
    assert not found.notes
    assert list(found.answers["predicted"]) == list(frame["y"])
