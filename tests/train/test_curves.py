"""The learning curves: a picture, and a sketch for the terminal."""

import struct

import pytest

from apprenti import language
from apprenti.train import curves


def size(path):
    """Return the width and the height of a PNG, from its header."""
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_a_picture_is_drawn_of_several_runs(learned, tmp_path, tongue):
    language.choose(tongue)
    shown = [
        learned([2.3], "trivial", "sklearn"),
        learned([0.4], "linear", "sklearn"),
        learned([0.9, 0.5, 0.4]),
        learned([0.8, 0.6], framework="tensorflow"),
        learned([0.8, 0.6], "my_script", "sklearn"),
    ]
    picture = curves.draw(shown, tmp_path / "curves.png")
    assert picture == tmp_path / "curves.png"
    assert size(picture) == (1200, 504)


def test_other_losses_give_another_picture(learned, tmp_path):
    pictures = [
        curves.draw([learned(losses)], tmp_path / f"{number}.png").read_bytes()
        for number, losses in enumerate(([0.9, 0.5], [0.9, 0.4], [0.9, 0.5]))
    ]
    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2]


@pytest.mark.parametrize("losses", [[float("nan"), float("nan")], [0.5, float("inf")], [1e30, 1]])
def test_a_run_that_went_astray_is_drawn_without_complaint(learned, tmp_path, losses):
    run = learned(losses)
    assert size(curves.draw([run], tmp_path / "curves.png"))
    assert isinstance(curves.sketch([run]), str)


def test_what_is_no_number_is_left_out_of_the_sketch(learned):
    assert curves.sketch([learned([float("nan"), float("nan")])]) == ""
    assert "●" in curves.sketch([learned([0.9, float("nan"), 0.5])])


def test_a_script_that_measures_other_things_is_drawn_as_far_as_it_can_be(learned, tmp_path):
    for head in ("epoch,train_loss,train_accuracy,valid_loss", "epoch,score"):
        run = learned([0.9, 0.5], "mine", "sklearn", head)
        assert size(curves.draw([run], tmp_path / "curves.png"))
        assert isinstance(curves.sketch([run]), str)


def test_a_long_history_is_drawn_too(learned, tmp_path):
    run = learned([1 / n for n in range(1, 2000)])
    assert size(curves.draw([run], tmp_path / "curves.png"))
    assert len(curves.sketch([run]).splitlines()) <= 20


def test_a_sketch_is_plain_characters_within_its_width(learned):
    drawn = curves.sketch([learned([0.9, 0.5, 0.4]), learned([0.8, 0.3], framework="tensorflow")])
    lines = drawn.splitlines()
    assert "\x1b" not in drawn
    assert max(map(len, lines)) <= 76
    assert len(lines) <= 20
    for words in ("Validation loss", "PyTorch", "TensorFlow", "●", "○"):
        assert words in drawn


def test_a_sketch_falls_as_the_loss_does(learned):
    lines = curves.sketch([learned([1.0, 0.1])]).splitlines()
    rows = [number for number, line in enumerate(lines) if "●" in line.rpartition("pytorch")[2]]
    columns = [line.index("●") for line in lines if "●" in line.rpartition("pytorch")[2]]
    assert rows == sorted(rows)
    assert columns[0] < columns[-1]


def test_baselines_have_no_place_in_a_sketch_of_epochs(learned):
    drawn = curves.sketch([learned([2.3], "trivial", "sklearn"), learned([0.9, 0.5])])
    assert "sklearn" not in drawn


def test_a_second_sketch_does_not_remember_the_first(learned):
    first = curves.sketch([learned([0.9, 0.5])])
    curves.sketch([learned([7.0, 3.0], framework="tensorflow")])
    assert curves.sketch([learned([0.9, 0.5])]) == first
