"""How the dates and the times of the day of a column are written."""

import re
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.data.kinds.written import DATE, TIME, Written

if TYPE_CHECKING:
    import pandas as pd

ISO = "ISO8601"

DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%m/%Y", "%m-%Y", "%Y/%m")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
SHORT_YEARS = ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%m/%d/%y", "%m-%d-%y")
IN_WORDS = ("%d %B %Y", "%B %d %Y", "%B %Y", "%Y %B %d", "%d %B %y", "%B %y", "%d %B")
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S.%f", " %Hh%M")
TIMES = ("%H:%M", "%H:%M:%S", "%Hh%M", "%Hh", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S.%f")

DATE_LIKE = r"\d{1,4}[-/. ]\d{1,2}|^\d{1,2}[-/.]\d{4}$"
COMPACT = r"^(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"
TIME_LIKE = r"^\d{1,2}\s*[:h]\s*\d{0,2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?$"
MONTH = (
    r"(?i)(?:^|[^a-zéû])(?:jan|f[eé]v|feb|mar|avr|apr|mai|may|jui?n|jui?l|ao[uû]|aug|sep|oct|nov"
    r"|d[eé]c)[a-zéû]*"
)

LOOKED_AT = 500
"""So many different cells show which ways of writing are worth a trial on all."""

MOST_WAYS = 3
"""So many ways of writing dates are told apart in one column."""


def find_compact(texts: "pd.Series[Any]") -> Written | None:
    """Return how whole numbers such as 20240131 are written, where all are days of some year."""
    unlike = texts.drop_duplicates().iloc[:LOOKED_AT]
    if len(unlike) < 5 or not texts.str.fullmatch(COMPACT).all():
        return None
    return Written(DATE, format="%Y%m%d") if _share(texts, "%Y%m%d") == 1 else None


def find(texts: "pd.Series[Any]", mostly: float) -> Written | None:
    """Return how dates or times of the day are written; None where too few cells are one.

    `texts` holds the filled cells of a column.
    """
    sample = texts.drop_duplicates().iloc[:LOOKED_AT]
    if sample.str.fullmatch(TIME_LIKE).mean() >= mostly:
        for written in TIMES:
            if _share(sample, written) >= mostly and _share(texts, written) >= mostly:
                return Written(TIME, format=written)
    in_words = sample.str.contains(MONTH) & sample.str.contains(r"\d")
    if not max(sample.str.contains(DATE_LIKE).mean(), in_words.mean()) >= mostly:
        return None
    return _dates(texts, sample, mostly)


def _dates(texts: "pd.Series[Any]", sample: "pd.Series[Any]", mostly: float) -> Written | None:
    ways: list[str] = []
    left, left_of_sample = texts, sample
    while len(left_of_sample) and len(ways) < MOST_WAYS:
        way = _best(left_of_sample, ways)
        if way is None:
            break
        ways.append(way)
        left, left_of_sample = _unread(left, way), _unread(left_of_sample, way)
    if not ways or len(left) > (1 - mostly) * len(texts):
        return None
    return Written(DATE, format=" | ".join(ways), doubt=_doubt(ways, texts))


def _best(sample: "pd.Series[Any]", taken: list[str]) -> str | None:
    """Return the way that explains the most of these cells, the first of those that do as much."""
    shares = {way: _share(sample, way) for way in _candidates(sample) if _goes_with(way, taken)}
    best = max(shares, key=lambda way: shares[way], default=None)
    if best is None or not shares[best]:
        return None
    swapped = _swapped(best)
    if swapped and shares.get(swapped) == shares[best] and _is_ordered(sample, swapped, best):
        return swapped
    return best


def _candidates(sample: "pd.Series[Any]") -> Iterator[str]:
    """Yield the ways of writing that the signs in these cells allow."""
    yield ISO
    joined = " ".join(sample.iloc[:50])
    clocks = [clock for clock in CLOCKS if ":" in joined or "h" in joined or not clock]
    for day, clock in product((*DAYS, *MONTH_FIRST, *SHORT_YEARS), clocks):
        separator = re.sub(r"[%\w]", "", day)[0]
        if separator in joined:
            yield day + clock
    if re.search(MONTH, joined):
        clocks = ["", *(clock for clock in CLOCKS[1:5] if re.search(r"\d\s*[:h]\s*\d", joined))]
        yield from (day + clock for day, clock in product(IN_WORDS, clocks))


def _goes_with(way: str, taken: list[str]) -> bool:
    """Never both 03/04 and 04/03 in one column: which is meant could not be told."""
    return way not in taken and _swapped(way) not in taken


def _swapped(way: str) -> str | None:
    """Return the way that has day and month the other way round."""
    if re.match(r"%d[-/.]%m", way):
        return re.sub(r"%d([-/.])%m", r"%m\1%d", way)
    if re.match(r"%m[-/.]%d", way):
        return re.sub(r"%m([-/.])%d", r"%d\1%m", way)
    return None


def _is_ordered(sample: "pd.Series[Any]", way: str, other: str) -> bool:
    """Say whether rows stand in the order of their dates if read one way, and not the other."""
    ordered = [read(sample, one).dropna().is_monotonic_increasing for one in (way, other)]
    return ordered == [True, False]


def _doubt(ways: list[str], texts: "pd.Series[Any]") -> str:
    if len(ways) > 1:
        return "mixed_dates"
    if "%y" in ways[0]:
        return "short_years"
    swapped = _swapped(ways[0])
    return "month_first" if swapped and _share(texts, swapped) == 1 else ""


def _unread(texts: "pd.Series[Any]", way: str) -> "pd.Series[Any]":
    return texts[read(texts, way).isna().to_numpy()]


def _share(texts: "pd.Series[Any]", way: str) -> float:
    return float(read(texts, way).notna().mean())


def for_script(way: str) -> str:
    """Return a way of writing as a script knows it: the months in words are numbers by then."""
    return way.replace("%B", "#%m")


def from_script(way: str) -> str:
    """Return a way of writing as `for_script` found it."""
    return way.replace("#%m", "%B")


def read(texts: "pd.Series[Any]", way: str) -> "pd.Series[Any]":
    """Return texts as dates, as a script reads them; what is not written so is a gap."""
    from apprenti.backends.common.moments import from_1970, read_dates
    from apprenti.backends.common.settings import Config

    if way in SINCE_1970:
        return from_1970(texts, SINCE_1970[way])
    return read_dates(texts, for_script(way), Config(month_names="%B" in way))
