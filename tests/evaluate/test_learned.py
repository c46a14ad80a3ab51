"""What is looked at after a run: images with their predictions, and where it is wrong."""

import numpy as np
import pytest

from apprenti import project as projects
from apprenti.evaluate import learned, picture
from apprenti.evaluate.mistakes import predictions


@pytest.fixture(scope="module")
def made(make_project, train):
    """A weak model of the digits, and its project."""
    project = make_project("digits", framework="sklearn", kind="tree", max_depth=4)
    return train(project), project


def test_ten_images_one_of_each_class_and_the_ten_surest_mistakes(made):
    looked = learned.look(*made)
    assert [seen.said.truth for seen in looked.examples] == list("0123456789")
    assert len(looked.mistakes) == 10
    assert not any(seen.said.is_right for seen in looked.mistakes)
    surest = [seen.said.confidence for seen in looked.mistakes]
    assert surest == sorted(surest, reverse=True)
    assert looked.rows == len(predictions(made[0]))
    assert looked.wrong == sum(pair.rows for pair in looked.confusions)


def test_each_image_is_the_one_that_was_predicted(made):
    from sklearn.datasets import load_digits

    digits = load_digits()
    for seen in (looked := learned.look(*made)).examples + looked.mistakes:
        row = int(seen.said.row)
        assert str(digits.target[row]) == seen.said.truth
        assert np.array_equal(seen.image * digits.images[row].max(), digits.images[row])


def test_images_in_files_are_found_by_their_names(make_project, train, photos):
    project = make_project(photos, framework="sklearn", kind="tree", max_depth=1)
    looked = learned.look(train(project), project)
    assert looked.examples
    assert all(seen.image.ndim >= 2 for seen in looked.examples)
    assert all(seen.said.truth in seen.said.row for seen in looked.examples)


def test_of_data_that_have_changed_no_image_is_shown(make_project, train, images_npz, tmp_path):
    copy = tmp_path / "mine.npz"
    copy.write_bytes(images_npz.read_bytes())
    project = make_project(copy, framework="sklearn", kind="tree", max_depth=2)
    run = train(project)
    assert learned.look(run, project).examples
    with np.load(copy) as arrays:
        np.savez(copy, x=arrays["x"][::-1], y=arrays["y"])
    looked = learned.look(run, project)
    assert looked.confusions and not looked.examples and not looked.mistakes


def test_a_table_has_confusions_and_no_images_and_a_regression_neither(make_project, train):
    project = make_project("iris", framework="sklearn", kind="trivial")
    looked = learned.look(train(project), project)
    assert looked.wrong and not looked.examples
    project = make_project("diabetes", framework="sklearn", kind="trivial")
    assert learned.look(train(project), project) is None


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, ">99%"),
        (0.996, ">99%"),
        (0.9949, "99%"),
        (0.995, ">99%"),
        (0.5, "50%"),
        (0.004, "<1%"),
        (0, "<1%"),
    ],
)
def test_no_probability_is_called_certain(share, told):
    assert picture.percent(share) == told


def test_the_folder_of_a_project_may_have_moved(made, tmp_path):
    run, project = made
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / projects.FILE).write_bytes((project.folder / projects.FILE).read_bytes())
    assert learned.look(run, projects.load(moved)).examples
