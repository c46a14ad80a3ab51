"""Nothing that a picture says is clipped, runs into something else, or has the other decimals."""

import re
from itertools import pairwise

import numpy as np
import pytest

from apprenti import drawing, language
from apprenti.evaluate import picture
from apprenti.evaluate.learned import Learned, Seen
from apprenti.evaluate.mistakes import Prediction
from apprenti.train import curves

REGRESSION = "epoch,train_loss,train_r2,valid_loss,valid_r2,seconds"


def drawn_texts(figure):
    """Return each text of a figure with the place it takes, as the PNG has it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    axes = [axis for one in figure.axes for axis in (one.xaxis, one.yaxis) if one.axison]
    ticks = {label for axis in axes for label in axis.get_ticklabels()}
    drawn = {tick.label1 for axis in axes for tick in axis._update_ticks()}
    empty = {text for one in figure.axes if not one.axison for text in one.findobj(Text)}
    hidden = empty | ticks - drawn
    found = [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden
    ]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in found]


def clipped(figure):
    width, height = figure.canvas.get_width_height()
    return [
        text
        for text, box in drawn_texts(figure)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]


def seen(truth, predicted, sure=0.97):
    return Seen(Prediction("0", truth, predicted, sure, 1 - sure), np.eye(8))


@pytest.mark.few(4)
@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize(
    "what", ["classes", "numbers", "one call", "several of one call", "images"]
)
def test_every_word_of_a_picture_lies_within_it(learned, tongue, what):
    language.choose(tongue)
    several = [learned([0.4], "linear", "sklearn"), learned([0.9, 0.5]), learned([0.8, 0.6])]
    if what == "classes":
        figure = curves.figure(several)
    elif what == "numbers":
        figure = curves.figure([learned([0.9, 0.5], head=REGRESSION)])
    elif what == "one call":
        figure = curves.figure([learned([0.4], "forest", "sklearn", REGRESSION)])
    elif what == "several of one call":
        models = ("linear", "forest", "boosting", "svm", "knn", "tree")
        figure = curves.figure([learned([0.4], model, "sklearn") for model in models])
    else:
        strip = (seen("4", "9"), seen("dandelion yellow", "tulip tulip tulip", 0.999)) * 5
        looked = Learned(several[1], 1000, 40, (), strip, strip)
        figure = picture.figure(several, looked)
    assert clipped(figure) == []


def test_french_pictures_have_decimal_commas(learned):
    language.choose("fr")
    figure = curves.figure([learned([0.951, 0.952, 0.9535])])
    texts = [text for text, _ in drawn_texts(figure)]
    assert any(re.fullmatch(r"\d,\d+", text) for text in texts)
    assert not any(re.search(r"\d\.\d", text) for text in texts)
    language.choose("en")
    texts = [text for text, _ in drawn_texts(curves.figure([learned([0.951, 0.952])]))]
    assert any(re.fullmatch(r"\d\.\d+", text) for text in texts)


def test_every_picture_that_is_saved_is_in_the_language(tmp_path):
    from matplotlib.figure import Figure

    language.choose("fr")
    figure = Figure()
    figure.subplots().plot([0.1, 0.2], [0.1, 0.25])
    drawing.save(figure, tmp_path / "any.png", dpi=50)
    assert not any(re.search(r"\d\.\d", text) for text, _ in drawn_texts(figure))


def test_models_of_one_call_are_bars_with_their_values_and_no_level_line(learned):
    runs = [learned([0.4], "forest", "sklearn")]
    figure = curves.figure(runs)
    assert not any(axes.lines for axes in figure.axes)
    assert [len(axes.patches) for axes in figure.axes] == [2, 2]
    texts = {text for text, _ in drawn_texts(figure)}
    assert {"training", "validation", "0.2000", "0.4000", "90.00%", "80.00%"} <= texts
    assert "epoch" not in texts


def test_two_runs_of_one_model_are_told_apart_by_their_numbers(learned):
    figure = curves.figure([learned([0.9, 0.5]), learned([0.8, 0.4])])
    texts = [text for text, _ in drawn_texts(figure)]
    for number in ("1", "2"):
        assert any(
            text.startswith(f"{number}  multilayer perceptron (MLP), PyTorch") for text in texts
        )


def test_dates_below_a_column_do_not_run_into_each_other():
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from apprenti.data.describe.picture import _write_dates

    for days in (0.5, 2, 40, 400, 4000):
        figure = Figure(figsize=(13, 3), layout="constrained")
        axes = figure.subplots(1, 4)[0]
        start = pd.Timestamp("2024-02-20 07:13").timestamp() / 86400
        axes.plot([start, start + days], [0, 1])
        axes.tick_params(labelsize="small")
        _write_dates(axes)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        labels = [label for label in axes.get_xticklabels() if label.get_text()]
        boxes = sorted(
            (label.get_window_extent(canvas.get_renderer()) for label in labels),
            key=lambda box: box.x0,
        )
        assert len(boxes) >= 2
        assert all(one.x1 < other.x0 for one, other in pairwise(boxes))
