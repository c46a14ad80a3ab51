"""How the numbers of a column are written: decimal mark, thousands separator, unit.

The column decides: of all ways of writing the one that explains the most cells is taken. 12.500 may
be twelve and a half, or twelve thousand five hundred: then the other columns of the file count.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.written import NUMBER, Written

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SEPARATORS = ("", " ", "'", "’", ".", ",")
"""What stands between groups of three digits, in the order in which it is tried."""

INDIAN = r"\d{1,2}(?:,\d{2})+,\d{3}"
"""12,34,567 is 1234567."""

COMMON_UNIT = 0.5
"""A unit stands beside at least this share of the numbers, and is the only one."""

LONGEST_UNIT = 12

UNITS = frozenset(
    (
        *("g", "kg", "mg", "t", "lb", "lbs", "oz", "mm", "cm", "dm", "m", "km"),
        *("m2", "m3", "ha", "ft", "in", "mi", "yd", "l", "cl", "ml", "dl", "gal"),
        *("h", "min", "s", "ms", "k", "w", "kw", "mw", "kwh", "wh", "mwh", "v"),
        *("mv", "hz", "khz", "mhz", "ghz", "b", "kb", "mb", "gb", "tb", "o", "ko"),
        *("mo", "go", "to", "px", "ppm", "bar", "mbar", "pa", "hpa", "kpa", "mph", "kmh"),
        *("km/h", "m/s", "kn", "°c", "°f", "c", "f", "°", "kcal", "cal", "kj", "j"),
        *("eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "chf", "cad", "cny"),
        *("jpy", "an", "ans", "mois", "jour", "jours", "yr", "yrs", "year", "years"),
        *("month", "months", "day", "days", "hours", "heures", "pt", "pts", "db"),
    )
)
"""What may stand right after a number, in small letters; any other word after a space alone."""

MONEY = frozenset(
    (
        *("eur", "usd", "gbp", "chf", "cad", "aud", "cny", "jpy", "inr", "brl"),
        *("mad", "xof", "dzd", "tnd", "pln", "sek", "nok", "dkk"),
    )
)
"""What may stand before a number; so may a sign that is no letter."""

AROUND = (
    r"^(?P<before>[^\d+\-.,]*?)\s*[+-]?\s*[\d.,][\d., '’eE+-]*?"
    r"(?P<joined>\s*)(?P<after>[^\d\s.,'’+-][^\d]*|)$"
)
"""A word before the digits and what may stand among them, a word after."""


class Style(NamedTuple):
    """The way of writing of a whole file, as far as its unambiguous columns show it."""

    decimal: str = "."
    is_sure: bool = False
    """Whether a column shows it, and not the separator of the columns alone."""


def style_of(frame: "pd.DataFrame", written: Mapping[str, Written]) -> Style:
    """Return the decimal mark of a file: that of most columns in which one is seen for sure."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    seen: Counter[str] = Counter()
    for name, how in written.items():
        if how.kind != NUMBER or how.doubt or not pd.api.types.is_string_dtype(frame[name]):
            continue
        cells = pa.array(frame[name], pa.string())
        # A mark before any number of digits but three
        sure = re.escape(how.decimal) + r"(?:\d{0,2}|\d{4,})(?:[eE][+-]?\d+)?\D*$"
        if pc.any(pc.match_substring_regex(cells, sure)).as_py():
            seen[how.decimal] += 1
    return Style(seen.most_common(1)[0][0], True) if seen else Style()


def pattern(decimal: str, thousands: str) -> str:
    """Return what a number matches that is written so, with at least one digit."""
    mark, part = re.escape(decimal), re.escape(thousands)
    fraction = rf"(?:{mark}\d*)?(?:[eE][+-]?\d+)?"
    if thousands:
        groups = rf"\d{{1,3}}(?:{part}\d{{3}})+"
        if thousands == ",":
            groups += rf"|{INDIAN}"
        return rf"^[+-]?(?:{groups})(?:{mark}\d*)?$|^[+-]?\d+{fraction}$"
    return rf"^[+-]?\d+{fraction}$|^[+-]?{mark}\d+(?:[eE][+-]?\d+)?$"


def find(column: "pd.Series[Any]", style: Style, mostly: float) -> Written | None:
    """Return how a column of numbers is written, or None where too few of its cells are numbers.

    `column` holds the filled cells, as texts. Of several ways that explain as much, the simplest.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from apprenti.backends.common.convert import plain_digits
    from apprenti.backends.common.settings import Config

    counted = column.value_counts()
    plain = plain_digits(counted.index.to_series(), Config()).str.strip()
    texts = pa.array(plain, pa.string())
    weights = counted.to_numpy()
    unit = _unit(texts, weights)
    if unit:
        texts = pc.utf8_trim_whitespace(pc.replace_substring(texts, unit, "", max_replacements=1))
    best: list[tuple[float, str, str]] = []
    for decimal in (".", ","):
        for thousands in SEPARATORS:
            if thousands == decimal:
                continue
            fits = pc.match_substring_regex(texts, pattern(decimal, thousands))
            explained = float(weights[fits.to_numpy(zero_copy_only=False)].sum())
            best.append((explained, decimal, thousands))
    most = max(explained for explained, _, _ in best)
    if most < mostly * weights.sum():
        return None
    ways = [(decimal, thousands) for explained, decimal, thousands in best if explained == most]
    decimal, thousands, doubt = _decide(ways, texts, style)
    return Written(NUMBER, decimal, thousands, unit, doubt=doubt)


def _decide(ways: list[tuple[str, str]], texts: "pa.Array", style: Style) -> tuple[str, str, str]:
    """Return the decimal mark, the thousands separator, and why there is a doubt, if there is."""
    import pyarrow.compute as pc

    # Whole numbers, or one way alone
    simple = [way for way in ways if not way[1]]
    if len(ways) == 1 or len(simple) == 2:
        own = next((way for way in ways if way == (style.decimal, "")), ways[0])
        return *own, ""
    if not simple:
        # Nothing but groups of digits: the decimal mark is never seen
        return *next((way for way in ways if way[0] == style.decimal), ways[0]), ""
    decimal = simple[0][0]
    as_groups = next((way for way in ways if way[1] == decimal), None)
    if as_groups is None:
        return decimal, "", ""
    # 12.500: every mark is followed by three digits, and stands after one to three
    short = pc.match_substring_regex(texts, r"^[+-]?\d{1,3}$")
    marked = pc.match_substring_regex(texts, r"[.,]")
    bare = pc.and_(short, pc.invert(marked))
    some_short, all_short = pc.any(bare).as_py(), pc.all(pc.or_(bare, marked)).as_py()
    groups = (some_short and all_short) or (style.is_sure and style.decimal != decimal)
    if not style.is_sure and decimal == "," and style.decimal == ".":
        groups = True
    told = "thousands" if groups or some_short or style.decimal != decimal else ""
    return (*as_groups, told) if groups else (decimal, "", told)


def _unit(texts: "pa.Array", weights: Any) -> str:
    """Return what stands around the digits of most cells, if it is one thing alone."""
    import pyarrow.compute as pc

    parts = pc.extract_regex(texts, AROUND)
    found: dict[str, float] = {}
    for one, weight in zip(parts.to_pylist(), weights, strict=True):
        if one is None:
            continue
        before, after = one["before"].strip(), one["after"].strip()
        word = before or after
        if (before and after) or not _is_unit(before, after, one["joined"] == ""):
            return ""
        found[word] = found.get(word, 0.0) + float(weight)
    bare = found.pop("", 0.0)
    if len(found) != 1:
        return ""
    ((unit, count),) = found.items()
    fits = len(unit) <= LONGEST_UNIT and count >= COMMON_UNIT * (count + bare)
    return unit if fits else ""


def _is_unit(before: str, after: str, is_joined: bool) -> bool:
    """Say whether a word is a unit or a currency, and not part of a code such as A12 or 12B."""
    if before:
        return before in MONEY or not any(sign.isalnum() for sign in before)
    return not is_joined or after in UNITS or not any(sign.isalnum() for sign in after)
