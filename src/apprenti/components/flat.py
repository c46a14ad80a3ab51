"""A page for printers that know less of CSS than browsers: light colours, written out everywhere.

WeasyPrint gives the drawings inside a page neither the style of the page nor its custom properties:
each of them gets a style of its own.
"""

import re

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
COLOUR = re.compile(r"svg \.(s\d) \{ color: (#\w+); \}")
STROKED, FILLED = ("line", "hollow", "dots", "striped"), ("fill", "solid")


def flat(html: str) -> str:
    """Return a page of ours so that it looks the same without custom properties."""
    found = STYLE.search(html)
    if not found:
        return html
    style = _written_out(found[1])
    drawings = f"<style>{_of_drawings(style)}</style><desc id"
    return html.replace(found[0], f"<style>{style}</style>", 1).replace("<desc id", drawings)


def _written_out(style: str) -> str:
    style = re.sub(r"@media \(prefers-color-scheme.*?\n\}\n", "", style, flags=re.DOTALL)
    first = re.search(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", first[1] if first else ""))
    return re.sub(r"var\(--([\w-]+)\)", lambda name: colours.get(name[1], "inherit"), style)


def _of_drawings(style: str) -> str:
    rules = " ".join(re.findall(r"svg [^{}]+\{[^}]*\}", style)).replace("svg ", "")
    rules = re.sub(r"(stroke|fill): currentColor;", "", rules)
    for name, colour in COLOUR.findall(style):
        stroked, filled = (
            ",".join(f".{name}.{look}" for look in looks) for looks in (STROKED, FILLED)
        )
        rules += f" {stroked}{{stroke:{colour}}} {filled}{{fill:{colour}}}"
    return rules
