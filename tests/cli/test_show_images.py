"""Images as characters: what is drawn in them, in lines that fit the terminal."""

import io

import numpy as np
import pytest
from rich.console import Console

from apprenti.cli import show_images
from apprenti.evaluate.learned import Seen
from apprenti.evaluate.mistakes import Prediction


def seen(image, truth="4", predicted="9"):
    return Seen(Prediction("0", truth, predicted, 0.9, 0.1), np.asarray(image, float))


def a_ring(side=28, margin=8):
    image = np.zeros((side, side))
    image[margin:-margin, margin:-margin] = 1
    image[margin + 3 : -margin - 3, margin + 3 : -margin - 3] = 0
    return image


def test_a_ring_has_a_hole_and_fills_its_place_whatever_is_empty_around_it():
    for margin in (2, 8):
        drawn = show_images.as_characters(a_ring(margin=margin))
        assert len(drawn) == show_images.HEIGHT
        assert all(len(line) == show_images.WIDTH for line in drawn)
        assert drawn[0].strip() and drawn[-1].strip()
        assert " " in drawn[1][1:-1] and drawn[1][0] != " " and drawn[1][-1] != " "


def test_an_empty_image_is_empty():
    assert "".join(show_images.as_characters(np.zeros((8, 8)))).strip() == ""


@pytest.mark.parametrize("columns", [120, 80, 79, 62, 40, 20, 5])
def test_images_stand_side_by_side_as_far_as_they_fit(columns):
    strip = [seen(a_ring())] * 10
    lines = show_images.side_by_side(strip, [["4→9", "90%"]] * 10, columns)
    assert max(map(len, lines)) <= max(columns, show_images.WIDTH)
    assert sum(line.count("4→9") for line in lines) == 10
    high = show_images.HEIGHT + 2
    assert len(lines) == high * {120: 1, 80: 1, 79: 1, 62: 2, 40: 2, 20: 5, 5: 10}[columns]


def on(encoding):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return Console(file=file, width=80)


def test_only_what_a_terminal_can_show_is_drawn():
    digits = [seen(a_ring())]
    assert show_images.can_show(on("utf-8"), digits)
    assert show_images.can_show(on("cp437"), digits)
    assert not show_images.can_show(on("ascii"), digits)
    assert not show_images.can_show(on("cp1252"), digits)
    assert not show_images.can_show(on("utf-8"), [seen(np.zeros((64, 64)))])
    assert not show_images.can_show(on("utf-8"), [seen(np.zeros((8, 8, 3)))])
    assert not show_images.can_show(on("utf-8"), [seen(a_ring(), "daisy", "tulip")])
    assert not show_images.can_show(on("utf-8"), [])
