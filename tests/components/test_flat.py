"""A page for printers without custom properties: every colour is written out, everywhere."""

import re

from one_of_each import charts

from apprenti.components import blocks, svg
from apprenti.components.flat import flat
from apprenti.components.page import render


def test_no_colour_is_left_to_a_property_and_each_drawing_has_its_style():
    table = blocks.Table("t", [blocks.Column("c")], [("x",)])
    inside = [blocks.Chart(svg.write(one), "c", table, "b") for one in charts("x")]
    page = blocks.Page("p", "en", "c", [], [blocks.Section("a", "s", inside)])
    written = flat(render(page))
    assert "var(" not in written and "currentColor" not in re.sub(r"svg \.[^}]*\}", "", written)
    assert "prefers-color-scheme" not in written
    drawings = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(drawings) == len(inside)
    assert all("stroke:#1864ab" in one for one in drawings)


def test_what_is_no_page_of_ours_stays_as_it_is():
    assert flat("<p>x</p>") == "<p>x</p>"
