"""What is shown of runs in a terminal of any width: names stay whole, numbers are not cut."""

import io

import pytest
from rich.console import Console

from apprenti import runs
from apprenti.cli import show, show_evaluation, show_runs
from apprenti.evaluate.class_measures import measure
from apprenti.evaluate.confusion import confusion_matrix
from apprenti.evaluate.data_rows import DataRow, DataRows
from apprenti.evaluate.evaluation import OfClasses, OfNumbers
from apprenti.evaluate.mistakes import Prediction, confusions, mistakes
from apprenti.evaluate.probabilities import Probabilities
from apprenti.evaluate.regression_measures import Estimate, RegressionMeasures
from apprenti.evaluate.side_by_side import side_by_side
from apprenti.language import choose


@pytest.fixture
def screen(monkeypatch):
    """screen(62): what is shown on a terminal of so many columns, and what it shows it on."""

    def make(width):
        written = io.StringIO()
        out = Console(file=written, width=width, color_system=None, markup=False, highlight=False)
        monkeypatch.setattr(show, "console", lambda stderr=False: out)
        return written, out

    return make


def lines(written):
    return written.getvalue().splitlines()


def made(classes, wrong=3):
    """Return what was said of two rows of each class, of which the first few are mistakes."""
    said = []
    for place, name in enumerate(classes):
        other = classes[place - 1] if place < wrong else name
        said += [
            Prediction(f"{place}", name, other, 0.9, 0.1),
            Prediction("x", name, name, 0.6, 0.6),
        ]
    return said


def of_classes(classes, **columns):
    said = made(classes)
    wrong = mistakes(said)
    rows = DataRows({one.row: DataRow(columns) for one in wrong})
    measures = measure(said, Probabilities(tuple(classes), None))
    matrix = confusion_matrix(said, classes)
    return OfClasses(measures, matrix, confusions(said), wrong, wrong[:2], rows)


@pytest.mark.parametrize("width", [62, 80, 120])
def test_a_hundred_classes_are_told_by_those_that_are_confused_most(screen, width):
    written, out = screen(width)
    names = [f"class number {number} of a hundred" for number in range(100)]
    show_evaluation.tell(of_classes(names), out)
    assert max(map(len, lines(written))) <= width
    assert len(lines(written)) < 60
    assert "Confused most often (the whole matrix is in confusion.png)" in written.getvalue()
    assert "The ten lowest F1 of 100 classes" in " ".join(written.getvalue().split())


def test_few_classes_are_told_by_their_matrix(screen):
    written, out = screen(62)
    show_evaluation.tell(of_classes(["cat", "dog", "été"]), out)
    start = next(n for n, line in enumerate(lines(written)) if line.startswith("Confusion matrix"))
    shown = [" ".join(line.split()) for line in lines(written)[start:]]
    assert shown[shown.index("true cat dog été") :][1:4] == [
        "cat 1 · 1",
        "dog 1 1 ·",
        "été · 1 1",
    ]


def test_the_rows_of_mistakes_have_their_columns_and_gaps(screen):
    written, out = screen(80)
    show_evaluation.tell(of_classes(["cat", "dog"], age=None, fare=7.25, sex="male"), out)
    assert "row 0: predicted dog (90.0% certain), true class cat" in written.getvalue()
    assert "age – · fare 7.25 · sex male" in written.getvalue()


def test_of_numbers_the_unit_and_the_worst_errors_are_told_in_both_languages(screen):
    worst = [Estimate("3", 41.5, 34.69), Estimate("8", 120_000, 150_000.4)]
    rows = DataRows({}, "gone.csv has changed since this run.")
    found = OfNumbers("mpg", RegressionMeasures(60, 1.6424, 2.507, 0.888), worst, worst, rows)
    written, out = screen(80)
    show_evaluation.tell(found, out)
    assert "(MAE): 1.642, in the unit of mpg" in written.getvalue()
    assert "row 3: predicted 34.69, true 41.5 (-6.81)" in written.getvalue()
    assert "row 8: predicted 150,000, true 120,000 (+30,000)" in written.getvalue()
    assert "gone.csv has changed" in written.getvalue()
    choose("fr")
    written, out = screen(80)
    show_evaluation.tell(found, out)
    assert "prédit 34,69, vrai 41,5 (-6,81)" in written.getvalue()


@pytest.fixture
def facts(trained):
    from apprenti.listing import read_all

    return read_all(runs.all_runs(trained.folder / "runs"))


@pytest.mark.parametrize("width", [50, 62, 80, 120])
def test_in_a_list_numbers_names_and_scores_stay_whole(screen, facts, width):
    written, _ = screen(width)
    show_runs.tell_list(facts, 0, is_sorted=False)
    assert max(map(len, lines(written))) <= width
    for one in facts:
        name = one.name if width == 120 else f"{one.model}-{one.framework}"
        line = next(line for line in lines(written) if line.split()[:1] == [str(one.run.number)])
        assert name in line
        assert f"{100 * one.last['valid_accuracy']:.2f}%" in line
    assert "data.split.seed=1" in written.getvalue()


@pytest.mark.parametrize("width", [62, 80])
def test_side_by_side_names_stay_whole_however_many_runs_there_are(screen, facts, width):
    written, _ = screen(width)
    many = [facts[number % 3] for number in range(3)]
    show_runs.tell_side_by_side(side_by_side([one.run for one in many]), "a.png", whole=False)
    assert max(map(len, lines(written))) <= width
    assert all(one.name in written.getvalue() for one in many)
    assert any(line.split() == ["data.split.seed", "0", "0", "1"] for line in lines(written))


def test_a_table_that_does_not_fit_has_a_line_a_run(screen):
    _, out = screen(40)
    names = [str(number) for number in range(12)]
    table = show_runs._turned(out, names, {"accuracy": ["97.25%"] * 12, "time": ["0.3 s"] * 12})
    assert [column.header for column in table.columns] == ["", "accuracy", "time"]
    assert table.row_count == 12
