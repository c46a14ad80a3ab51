"""The model with which a project begins is one that suits its data."""

from pathlib import Path

import numpy as np
import pytest

from apprenti.data.source import open_source
from apprenti.new import starting_values, template
from apprenti.new.template import create
from apprenti.train.plan import plan


def begun(source, folder, target=None):
    made, _ = create(folder / "project", str(source), target)
    return made.choices.model.kind, made.choices.train.framework


def test_images_begin_with_a_convolutional_network(tmp_path, images_npz):
    assert begun("digits", tmp_path / "digits") == ("cnn", "pytorch")
    assert begun(images_npz, tmp_path / "images") == ("cnn", "pytorch")


def test_points_in_a_line_are_no_images(tmp_path):
    np.savez(tmp_path / "lines.npz", x=np.zeros((60, 2, 30)), y=np.arange(60) % 2)
    assert begun(tmp_path / "lines.npz", tmp_path) == ("mlp", "pytorch")


def test_columns_begin_with_a_network(tmp_path):
    assert begun("iris", tmp_path) == ("mlp", "pytorch")


@pytest.mark.parametrize(
    ("few", "expected"), [(1000, ("linear", "sklearn")), (100, ("mlp", "pytorch"))]
)
def test_few_texts_begin_with_a_linear_model(tmp_path, texts_csv, monkeypatch, few, expected):
    monkeypatch.setattr(starting_values, "FEW_TEXTS", few)
    assert begun(texts_csv, tmp_path, "opinion") == expected


def test_beside_other_columns_fewer_words_are_known(tmp_path, reviews_csv, texts_csv):
    beside, _ = create(tmp_path / "beside", str(reviews_csv), "réponse")
    alone, _ = create(tmp_path / "alone", str(texts_csv), "opinion")
    assert beside.choices.model.vocabulary == starting_values.WORDS_BESIDE == 500
    assert alone.choices.model.vocabulary == 5000


def test_the_project_of_the_guide_has_its_network_whatever_the_data(tmp_path):
    made = template.write_project(tmp_path / "first", "digits")
    assert (made.choices.model.kind, made.choices.train.epochs) == ("mlp", 50)


def test_a_project_can_be_trained_as_it_begins(tmp_path):
    made, source = create(tmp_path / "digits", "digits")
    assert plan(made).choices.model.kind == starting_values.model(source).kind == "cnn"
    assert open_source(made.choices.data, Path()).rows == 1797
