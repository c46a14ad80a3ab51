"""Pictures are drawn with our own settings, and whatever a name is made of."""

import os
import subprocess
import sys

import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from apprenti import drawing
from apprenti.errors import ApprentiError

DRAW = """
from pathlib import Path
from apprenti import drawing
with drawing.our_settings():
    from matplotlib.figure import Figure
    figure = Figure()
    figure.suptitle("x")
path = drawing.save(figure, Path("x.png"), 50)
from matplotlib.image import imread
print(imread(path).shape)
"""


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("variables", "settings"),
    [
        ({"MPLBACKEND": "bogus"}, b""),
        ({}, b"text.usetex: True\nfigure.figsize: 900, 900\nsavefig.dpi: 3000\nbackend: TkAgg"),
        ({}, b"\xff\xfe no text"),
        ({"MPLBACKEND": "bogus"}, b"\xff\xfe no text"),
        ({}, b"nonsense: \x1b[31m\nfont.size: many"),
    ],
    ids=["backend", "latex", "bytes", "both", "nonsense"],
)
def test_the_settings_of_the_user_do_not_reach_a_picture(tmp_path, variables, settings):
    (tmp_path / "matplotlibrc").write_bytes(settings)
    done = subprocess.run(
        [sys.executable, "-c", DRAW],
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "(240, 320, 4)"
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("name", ["$\\frac{1$", "$x$", "$$", "\\$", "漢字 \U0001f388", "a\nb"])
def test_any_name_can_be_drawn(tmp_path, name):
    with drawing.our_settings():
        figure = Figure(figsize=(1, 1))
        figure.suptitle(name)
    assert drawing.save(figure, tmp_path / "x.png", 50).is_file()


def test_the_settings_of_the_process_stay_as_they_were(tmp_path):
    before = dict(rcParams)
    with drawing.our_settings():
        assert not rcParams["text.parse_math"]
    assert dict(rcParams) == before


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(ApprentiError) as caught:
        drawing.save(Figure(figsize=(1, 1)), tmp_path / "nowhere" / "x.png", 50)
    assert caught.value.key == "cannot_write"
