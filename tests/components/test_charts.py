"""Charts: well-formed, with words for those who do not see them, and all inside the picture."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from one_of_each import HOSTILE, charts

from apprenti.components import bars, curves, heatmap, intervals, scatter, svg


@pytest.fixture(params=charts("loss"), ids=lambda one: one.name)
def chart(request):
    return request.param


SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_is_an_image_with_a_title_and_a_description(chart):
    tree = ET.fromstring(svg.write(chart))
    assert tree.get("role") == "img"
    named = [tree.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert [one.get("id") for one in named] == tree.get("aria-labelledby").split()
    assert all(one.text for one in named)


def test_all_of_a_chart_lies_inside_its_picture(chart):
    for shape in chart.shapes:
        at = shape.attributes
        for name, most in (("x", chart.width), ("cx", chart.width), ("x1", chart.width)):
            assert -1 <= at.get(name, 0) <= most, (shape, name)
        for name, most in (("y", chart.height), ("cy", chart.height), ("y2", chart.height)):
            if "transform" not in at:
                assert -7 <= at.get(name, 0) <= most, (shape, name)


def test_names_are_text_whatever_is_in_them():
    for one in charts(HOSTILE):
        written = svg.write(one)
        tree = ET.fromstring(written)
        assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
            *("svg", "title", "desc", "text", "line", "path", "rect", "circle", "polygon")
        }
        assert not [n for e in tree.iter() for n in e.attrib if n.startswith("on")]
        assert tree.find(f"{SVG}title").text == HOSTILE


def test_a_missing_value_leaves_a_gap_in_a_line():
    drawn = curves.curves(
        "a", "t", "d", [curves.Line("x", [(1, 1.0), (2, float("nan")), (3, 2.0), (4, 3.0)])], "", ""
    )
    paths = [one.attributes["d"] for one in drawn.shapes if one.tag == "path"]
    assert len(paths) == 2
    assert "nan" not in svg.write(drawn)


def test_two_lines_are_told_apart_without_their_colours():
    lines = [curves.Line("a", [(1, 1), (2, 2)], 0, 0), curves.Line("b", [(1, 2), (2, 3)], 1, 1)]
    drawn = curves.curves("a", "t", "d", lines, "", "")
    paths = [
        one.attributes.get("stroke-dasharray", "") for one in drawn.shapes if one.tag == "path"
    ]
    assert len(set(paths)) == 2


def test_an_open_end_of_an_interval_has_no_bar():
    dots = [intervals.Dot("a", 1, None, 2), intervals.Dot("b", 1, 0, 2)]
    first, second = (intervals.intervals("a", "t", "d", [one], "axis").shapes for one in dots)
    upright = [
        [one for one in shapes if one.tag == "line" and one.attributes["class"] == "s1 line"]
        for shapes in (first, second)
    ]
    assert [len(one) for one in upright] == [2, 3]


def test_the_shades_of_a_confusion_matrix_grow_with_the_share_of_the_class():
    counts = [[90, 1, 9], [0, 100, 0], [50, 0, 50]]
    drawn = heatmap.heatmap("a", "t", "d", "xyz", counts, ("", ""))
    looks = [one.attributes["class"] for one in drawn.shapes if one.tag == "rect"]
    assert looks[0].split()[1] == "right4" and looks[4].split()[1] == "right4"
    assert looks[8].split()[1] == "right2" and looks[6].split()[1] == "wrong4"
    assert looks[3].split()[1] == "empty"


def test_a_hundred_classes_have_a_picture_that_fits_a_page():
    names = [f"class {n}" for n in range(100)]
    drawn = heatmap.heatmap("a", "t", "d", names, [[1] * 100] * 100, ("", ""))
    assert drawn.width < 700
    assert not [one for one in drawn.shapes if one.text.startswith("class")]


def test_many_dots_stay_a_small_file():
    points = [(n, n) for n in range(100_000)]
    assert len(svg.write(scatter.scatter("a", "t", "d", points, ("", "")))) < 60_000


def test_a_bar_has_the_length_of_its_value():
    drawn = bars.bars(
        "a", "t", "d", [bars.Bars("x", (2,), ("2",)), bars.Bars("y", (1,), ("1",))], ["n"]
    )
    long, short = (one.attributes["width"] for one in drawn.shapes if one.tag == "rect")
    assert round(long / short, 6) == 2


def test_coordinates_have_one_decimal_at_most(chart):
    numbers = re.findall(r"\d+\.\d+", re.sub(r">[^<]*<", "><", svg.write(chart)))
    assert all(len(one.partition(".")[2]) == 1 for one in numbers), numbers


def test_names_of_charts_tell_their_titles_apart():
    names = [one.name for one in charts("x")]
    assert not [a for a, b in itertools.combinations(names, 2) if a == b]
