"""Values as a person, or a formatter, would write them in Python and in TOML."""

import unicodedata
from collections.abc import Mapping
from datetime import date

WIDTH = 100


def literal(value: object) -> str:
    """Write a value in Python, on one line: (64,), 0.001, the quotes that need fewer escapes."""
    if isinstance(value, str):
        return _quoted(value, "'" if value.count('"') > value.count("'") else '"')
    if isinstance(value, list | tuple):
        items = [literal(item) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    return repr(value)


def toml_literal(value: object) -> str:
    """Write a value in TOML, on one line: [64], true."""
    if isinstance(value, str):
        return _quoted(value, '"')
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_literal, value))}]"
    if isinstance(value, Mapping):
        said = ", ".join(
            f"{toml_literal(name)} = {toml_literal(one)}" for name, one in value.items()
        )
        return f"{{ {said} }}" if said else "{}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _quoted(text: str, quote: str) -> str:
    return quote + "".join(_sign(sign, quote) for sign in text) + quote


def _sign(sign: str, quote: str) -> str:
    """Return a sign of a text, in a form that Python and TOML read alike."""
    if sign in ("\\", quote):
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    number = ord(sign)
    return {9: "\\t", 10: "\\n", 13: "\\r"}.get(number) or (
        f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    )


def lines_of(before: str, value: object, after: str = "", indent: int = 4) -> list[str]:
    """Write a value behind `before`, over several lines where one is too narrow."""
    spaces = " " * indent
    line = f"{spaces}{before}{literal(value)}{after}"
    if _width(line) <= WIDTH:
        return [line]
    if isinstance(value, list | tuple) and value:
        inner = [part for item in value for part in lines_of("", item, ",", indent + 4)]
    else:
        inner = [f"{spaces}    {literal(value)}"]
        # Brackets are no help to a text that is too long for any line, nor to one of a list
        if not before or _width(inner[0]) > WIDTH:
            return [line]
    return [f"{spaces}{before}(", *inner, f"{spaces}){after}"]


def declaration(name: str, kind: str, value: object, comments: list[str]) -> list[str]:
    """Return a field of the settings: what it is for stands beside it, or above if that is long."""
    written = lines_of(f"{name}: {kind} = ", value)
    said = [comment for comment in comments if comment]
    if len(written) == 1 and len(said) == 1 and _width(f"{written[0]}  # {said[0]}") <= WIDTH:
        return [f"{written[0]}  # {said[0]}"]
    return [*(f"    # {comment}" for comment in said), *written]


def _width(line: str) -> int:
    """Return the width of a line as a formatter counts it: emoji and ideograms take two columns."""
    return sum(map(_columns, line))


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
