"""The cells that a notebook adds: what they do here, on Colab and on Kaggle."""

import os
import zipfile

import matplotlib as mpl
import numpy as np
import pytest

from apprenti.backends.notebook import bars, curve, own_data, packages
from apprenti.backends.notebook import predictions_classification as classes
from apprenti.backends.notebook import predictions_images as pictures
from apprenti.backends.notebook import predictions_regression as numbers

THERE = {"numpy": "numpy"}
ABSENT = {"numpy": "numpy", "no_such_package": "no-such-package"}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """On one's own machine, with pictures that go to memory."""
    from matplotlib import pyplot

    for name in ("COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE", "APPRENTI_DATA"):
        # Set first, so that what a cell sets is forgotten too
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    with mpl.rc_context({"backend": "agg"}):
        yield
        pyplot.close("all")


@pytest.fixture
def magics(monkeypatch):
    """The magics that a cell asks for, instead of their being run."""
    asked = []

    class Notebook:
        def run_line_magic(self, name, line):
            asked.append((name, line))

    monkeypatch.setattr(packages, "get_ipython", Notebook)
    return asked


# Packages


def test_nothing_is_installed_on_ones_own_machine(magics):
    assert packages.main(ABSENT) == (False, False)
    assert magics == []


@pytest.mark.parametrize("name", ["COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"])
def test_what_is_missing_is_installed_on_colab_and_kaggle(magics, monkeypatch, name):
    monkeypatch.setenv(name, "some")
    packages.main(THERE)
    assert magics == []
    assert packages.main(ABSENT) == (name.startswith("COLAB"), name.startswith("KAGGLE"))
    assert magics == [("pip", "install --quiet no-such-package")]


# Data


@pytest.fixture
def working(tmp_path, monkeypatch):
    """The folder in which a notebook runs."""
    folder = tmp_path / "working"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_data_are_not_looked_for_on_ones_own_machine(working, capsys):
    own_data.main("photos", colab=False, kaggle=False)
    assert "APPRENTI_DATA" not in os.environ
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "place", ["photos", "mine/photos", "photos/photos", "datasets/me/x/photos"]
)
def test_a_dataset_on_kaggle_is_found_wherever_it_was_laid(working, place, capsys):
    images = working.parent / "input" / place
    (images / "summer").mkdir(parents=True)
    own_data.main("photos", colab=False, kaggle=True)
    assert os.environ["APPRENTI_DATA"] == str(images.parent)
    assert capsys.readouterr().out == ""


def test_kaggle_without_the_data_says_how_to_bring_them(working, capsys):
    (working.parent / "input" / "other").mkdir(parents=True)
    own_data.main("table [1].csv", colab=False, kaggle=True)
    assert "APPRENTI_DATA" not in os.environ
    assert "upload table [1].csv as a dataset" in capsys.readouterr().out


def test_a_folder_that_went_to_colab_as_an_archive_is_unpacked(working, capsys):
    with zipfile.ZipFile(working / "anything.zip", "w") as archive:
        archive.writestr("photos/summer/1.png", b"")
    own_data.main("photos", colab=True, kaggle=False)
    assert (working / "photos" / "summer" / "1.png").is_file()
    assert capsys.readouterr().out == ""


def test_colab_without_the_data_says_how_to_bring_them(working, capsys):
    own_data.main("photos", colab=True, kaggle=False)
    assert "Drop photos into Files" in capsys.readouterr().out


# Pictures and predictions


def row(loss, accuracy):
    return {
        f"{part}_{name}": value + shift
        for part, shift in (("train", 0), ("valid", 0.1))
        for name, value in (("loss", loss), ("accuracy", accuracy))
    }


def test_the_curve_has_a_line_for_each_part_and_a_place_for_each_measure():
    history = [row(0.9, 0.5), row(0.5, 0.7), row(0.4, 0.8)]
    figure = curve.main(history)
    assert [axes.get_title() for axes in figure.axes] == ["loss", "accuracy"]
    for axes in figure.axes:
        lines = {line.get_label(): line for line in axes.lines}
        for part, line in lines.items():
            assert list(line.get_xdata()) == [1, 2, 3]
            assert list(line.get_ydata()) == [r[f"{part}_{axes.get_title()}"] for r in history]
        assert set(lines) == {"train", "valid"}
        figure.canvas.draw()
        # There is no half epoch
        assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_one_line_of_history_becomes_bars():
    figure = bars.main([row(0.4, 0.8)])
    heights = [[bar.get_height() for bar in axes.patches] for axes in figure.axes]
    assert heights == [[0.4, 0.5], [0.8, 0.9]]


def certain(model, inputs):
    """Return a probability of 1 for the class that is written in each row."""
    return np.eye(3)[inputs[:, 0]]


def test_ten_predictions_are_named_as_the_classes_are_and_stand_beside_the_truth():
    random = np.random.default_rng(1)
    known = random.integers(3, size=40)
    names = np.array(["low", "middle", "été"])
    # The labels are those of all the rows, the inputs those of the validation rows
    train, valid = np.arange(60), np.arange(60, 100)
    labels = np.concatenate([np.resize(names, 60), names[known]])
    picked, predicted, truths = classes.main(None, certain, known[:, None], train, valid, labels)
    assert len(set(picked)) == 10
    assert list(predicted) == list(truths) == list(names[known[picked]])


def test_estimates_come_back_in_the_unit_of_the_data():
    # The mean of the training set is 1010, the standard deviation 2
    labels = np.array([1000.0, 1001, 1002, 1003, 1008, 1012])
    train, valid = np.arange(4, 6), np.arange(4)
    inputs = (labels[valid, None] - 1010) / 2
    picked, predicted, truths = numbers.main(
        None, lambda model, inputs: inputs, inputs, train, valid, labels
    )
    # Fewer rows than ten are all shown
    assert sorted(picked) == [0, 1, 2, 3]
    assert predicted == truths
    assert sorted(truths) == ["1000", "1001", "1002", "1003"]


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4)], ids=str)
def test_pictures_show_grey_and_coloured_rows_with_both_answers(shape):
    images = np.random.default_rng(0).random((3, *shape))
    figure = pictures.main(images, np.array([2, 0]), ["a$b$", "b"], ["c", "b"])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:3] == ["a$b$ (c)", "b (b)", ""]
    assert np.array_equal(np.squeeze(figure.axes[0].images[0].get_array()), np.squeeze(images[2]))
