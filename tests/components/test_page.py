"""Pages: nothing in them runs or asks for anything, and their colours can be read."""

import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from one_of_each import HOSTILE, charts

from apprenti.components import blocks, svg
from apprenti.components.page import TEMPLATES, render

ROOT = Path(__file__).parents[2]


def page(name):
    """Return a page with one of each block, in all of which stands this name."""
    table = blocks.Table(
        name, [blocks.Column(name), blocks.Column(name, True)], [(name, name)], [0]
    )
    inside = [
        blocks.Heading(name),
        blocks.Text(name),
        blocks.Text(name, is_quiet=True),
        blocks.Points([name]),
        blocks.Facts([(name, name)]),
        table,
        *(blocks.Chart(svg.write(one), name, table, name) for one in charts(name)),
        *(blocks.Notice(tone, name, name, name, [name]) for tone in ("problem", "missing", "good")),
        blocks.Code(name, name),
        blocks.Pictures([blocks.Picture(b"\x89PNG", name, name)]),
    ]
    inside.append(blocks.Folded(name, [table, blocks.Text(name)]))
    return blocks.Page(
        name, "en", name, [blocks.Text(name)], [blocks.Section("a", name, inside)], name
    )


class Elements(HTMLParser):
    def __init__(self, written):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(written)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes


def test_a_name_as_long_as_a_book_fills_no_page_but_code_stands_whole():
    long, line = "x" * 1_000_000, "y" * 50_000
    written = render(page(long)._replace(sections=[]))
    assert len(written) < 50_000
    inside = [
        blocks.Heading(long),
        blocks.Table(long, [blocks.Column(long)], [(long,)] * 3),
        blocks.Code(line, long),
        blocks.Notice("good", long, long, long, [line]),
        blocks.Pictures([blocks.Picture(b"z" * 50_000, long, long)]),
    ]
    written = render(page("a")._replace(sections=[blocks.Section("a", long, inside)]))
    assert "x" * 2000 not in written
    assert written.count(line) == 2
    assert len(written) < 250_000


def test_names_with_html_and_scripts_are_text():
    found = Elements(render(page(HOSTILE)))
    assert "script" not in found.tags
    assert found.tags == Elements(render(page("plain"))).tags
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    addresses = [value for name, value in found.attributes if name in ("href", "src", "xlink:href")]
    assert {value.partition(",")[0].partition("#")[0] for value in addresses} <= {
        "", "data:", "data:image/png;base64"
    }  # fmt: skip


def test_a_page_forbids_scripts_and_requests():
    written = render(page("x"))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', written)[1]
    rules = dict(one.strip().split(" ", 1) for one in policy.replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["style-src"].startswith("'sha256-")
    assert rules["form-action"] == rules["base-uri"] == "'none'"


def test_what_steers_the_direction_of_writing_is_written_out():
    assert "\u202e" not in render(page("abc\u202etxt.exe\x00\ud800"))


def test_the_list_of_contents_leads_to_every_section():
    written = render(page("x"))
    assert re.findall(r'href="#([^"]*)"', written) == re.findall(r'<section id="([^"]*)"', written)


# The colours


def schemes():
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    found = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    light, dark, printed = found
    return {"light": light, "dark": dark, "printed": printed}


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "printed"])
def test_colours_can_be_read(scheme):
    colours = schemes()[scheme]
    pairs = [
        (name, "page") for name in ("ink", "quiet", "link", "s1", "s2", "s3", "s4", "s5", "s6")
    ]
    pairs += [(name, "soft") for name in ("ink", "quiet", "link")]
    for kind in ("right", "wrong"):
        pairs += [("on-pale", f"{kind}{shade}") for shade in (0, 1, 2)]
        pairs += [("on-deep", f"{kind}{shade}") for shade in (3, 4)]
    low = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in pairs}
    assert {pair: one for pair, one in low.items() if one < 4.5} == {}


def test_what_is_printed_has_the_colours_of_a_light_page():
    found = schemes()
    assert found["printed"] == found["light"]


@pytest.mark.slow
def test_the_wheel_has_the_templates(tmp_path):
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    made = subprocess.run([*pip, str(ROOT), "-w", str(tmp_path)], capture_output=True, text=True)
    if "hatchling" in made.stderr:
        pytest.skip("hatchling is not here")
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    there = {path.name for path in TEMPLATES.iterdir()}
    assert {f"apprenti/components/templates/{name}" for name in there} <= set(names)
