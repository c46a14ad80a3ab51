"""What the words of a column look like: categories, or something that was taken for them."""

import re
import unicodedata

from apprenti.data.findings.evidence import Evidence
from apprenti.data.kinds.values import are_texts

CATEGORIES, NAMES, TEXTS, NUMBERS, DATES = "categories", "names", "texts", "numbers", "dates"

DIFFERENT = 0.95
"""Words are names of rows if there are at least this many different ones a row with a word."""

FEWEST_ROWS = 20
"""In fewer rows values are often all different by chance."""

MOSTLY = 0.9
"""Of the different values, so many are written as numbers, or as dates, at least."""

LOOKED_AT = 1000
"""So many different values are looked at."""

MOST_CATEGORIES = 20
"""So many values that look like numbers can be categories: 1st, 2nd, 3rd; 5 stars, 4 stars."""

MOST_UNITS = 5
"""What follows a number is a unit if there are no more of them; else it is a part of a code."""

_DIGITS = r"(?:[1-9]\d{0,2}(?:[ .,'’\u00a0\u202f]\d{3})+|0|[1-9]\d*)(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
_UNIT = r"[%‰€$£¥°]|['′](?:\s?\d+\s?[\"″]?)?|[^\W\d_]{1,4}(?:[²³]|/[^\W\d_]{1,3})?"
NUMBER = re.compile(rf"[<>≤≥~]?\s?[-+−]?\s?[€$£¥]?\s?{_DIGITS}\s?(?P<unit>{_UNIT})?\.?")

_MONTH = r"(?:jan|f[eé]v|feb|mar|avr|apr|mai|may|jui|jun|jul|ao[uû]|aug|sep|oct|nov|d[eé]c)\w*\.?"
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T].*)?"
    r"|\d{1,2} ?[:h] ?\d{2}(?:[:m]\d{2})?.{0,3}"
    rf"|(?:[^\W\d]+\.?,? )?\d{{1,2}}(?:er|st|nd|rd|th)?[ -]{_MONTH},?[ -]\d{{2,4}}.*"
    rf"|(?:[^\W\d]+,? )?{_MONTH} (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?\d{{4}}.*",
    re.IGNORECASE,
)


def look_like(evidence: Evidence, name: str) -> str:
    """Return what the values of a column of categories look like."""
    counts = evidence.counts(name)
    texts = [str(value).strip() for value in counts.index[:LOOKED_AT]]
    if len(counts) > MOST_CATEGORIES:
        if are_numbers(texts):
            return NUMBERS
        if sum(bool(DATE.fullmatch(text)) for text in texts) >= MOSTLY * len(texts):
            return DATES
    rows = int(counts.sum())
    if rows < FEWEST_ROWS:
        return CATEGORIES
    if len(counts) >= rows / 2 and are_texts(evidence.frame[name]):
        return TEXTS
    return NAMES if len(counts) >= DIFFERENT * rows else CATEGORIES


def are_numbers(texts: list[str]) -> bool:
    """Say if these are numbers, but for a few words, and would not have been read as such.

    Where all are plain digits somebody has said that they are categories, or they are codes.
    """
    found = [match for text in texts if (match := NUMBER.fullmatch(text))]
    units = {re.sub(r"\d", "", match["unit"] or "") for match in found}
    if len(found) < MOSTLY * len(texts) or len(units) > MOST_UNITS:
        return False
    return len(found) < len(texts) or not all(is_plain(text) for text in texts)


def bare(text: str) -> str:
    """Return a text without accents, capitals, or spaces but one between words."""
    parted = unicodedata.normalize("NFKD", text)
    return " ".join("".join(s for s in parted if not unicodedata.combining(s)).casefold().split())


def is_plain(text: str) -> bool:
    """Say if a text is a number as every program writes it."""
    return text.strip().lstrip("-").replace(".", "", 1).isdecimal()
