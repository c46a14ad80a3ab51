"""Tables written as people write them: a clean one, and forty kinds of dirt to write it with.

A kind changes the cells of the table as texts, or how the file around them is written. Whatever it
does, what the table says stays the same, but for the cells that it marks as lost: these no program
can read, and each must be told.
"""

import gzip
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

ROWS = 40

CITIES = ("Orléans", "Lyon", "Saint-Étienne", "Lille", "Besançon")
_FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_ENGLISH = "January February March April May June July August September October November December"
MONTHS_FR, MONTHS_EN = _FRENCH.split(), _ENGLISH.split()


@dataclass
class Sheet:
    """A table on its way to a file: its cells as texts, and how the file is written."""

    clean: pd.DataFrame
    cells: dict[str, list[str]]
    random: np.random.Generator
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    quote_all: bool = False
    ending: str = ".csv"
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    after_each: str = ""
    header: list[str] = field(default_factory=list)
    lost: dict[str, set[int]] = field(default_factory=dict)
    """Rows of each column that nobody can read as they are written now."""
    as_bytes: Callable[[str], bytes] | None = None


def clean_table(random: np.random.Generator) -> pd.DataFrame:
    """Return a table of every kind of column, with some gaps, the answer last."""
    frame = pd.DataFrame(
        {
            "âge": random.integers(18, 90, ROWS).astype(float),
            "prix": np.round(np.exp(random.uniform(0, 13, ROWS)), 2) + 0.01,
            "taux": np.round(random.uniform(0.1, 99, ROWS), 1) + 0.05,
            "solde": np.round(random.normal(0, 900, ROWS), 2),
            "ville": random.choice(CITIES, ROWS),
            "code": [f"{number:05d}" for number in random.integers(1000, 9999, ROWS)],
            "jour": pd.to_datetime("2019-01-01")
            + pd.to_timedelta(random.integers(0, 1800, ROWS), unit="D"),
            "heure": random.integers(0, 24 * 60, ROWS),
            "reçu": random.choice(["oui", "non"], ROWS),
        }
    )
    frame.loc[0, "jour"] = pd.Timestamp("2021-03-31")
    frame.loc[random.choice(ROWS, 3, replace=False), "âge"] = np.nan
    return frame


def sheet(random: np.random.Generator) -> Sheet:
    """Return a clean table, written without any dirt."""
    clean = clean_table(random)
    cells = {
        "âge": ["" if np.isnan(value) else f"{value:.0f}" for value in clean["âge"]],
        "prix": [f"{value:.2f}" for value in clean["prix"]],
        "taux": [f"{value:.2f}" for value in clean["taux"]],
        "solde": [f"{value:.2f}" for value in clean["solde"]],
        "ville": [*clean["ville"]],
        "code": [*clean["code"]],
        "jour": [day.strftime("%Y-%m-%d") for day in clean["jour"]],
        "heure": [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in clean["heure"]],
        "reçu": [*clean["reçu"]],
    }
    return Sheet(clean, cells, random, header=[*cells])


NUMBERS = ("prix", "taux", "solde")


def each(made: Sheet, names: tuple[str, ...], change: Callable[[str], str]) -> None:
    for name in names:
        made.cells[name] = [change(cell) if cell else cell for cell in made.cells[name]]


def grouped(separator: str) -> Callable[[str], str]:
    """Return a function that puts a sign between groups of three digits: 1234.50 -> 1 234.50."""

    def change(cell: str) -> str:
        whole, mark, rest = cell.partition("." if "." in cell else ",")
        sign, digits = (whole[0], whole[1:]) if whole[:1] == "-" else ("", whole)
        groups = f"{int(digits):,}".replace(",", separator)
        return f"{sign}{groups}{mark}{rest}"

    return change


def some(made: Sheet, share: float = 0.15) -> list[int]:
    count = max(1, int(share * ROWS))
    return sorted(int(row) for row in made.random.choice(ROWS, count, replace=False))


# What is written in the cells


def decimal_commas(made: Sheet) -> None:
    each(made, NUMBERS, lambda cell: cell.replace(".", ","))


def spaces_between_thousands(made: Sheet) -> None:
    each(made, ("prix",), grouped(" "))


def narrow_spaces_between_thousands(made: Sheet) -> None:
    each(made, ("prix",), grouped("\u202f"))


def no_break_spaces_between_thousands(made: Sheet) -> None:
    each(made, ("prix", "solde"), grouped("\xa0"))


def commas_between_thousands(made: Sheet) -> None:
    each(made, ("prix",), grouped(","))


def points_between_thousands(made: Sheet) -> None:
    each(made, ("prix",), lambda cell: grouped(".")(cell.replace(".", ",")))


def apostrophes_between_thousands(made: Sheet) -> None:
    each(made, ("prix",), grouped("'"))


def euros(made: Sheet) -> None:
    each(made, ("prix",), lambda cell: f"{cell} €")


def dollars(made: Sheet) -> None:
    each(made, ("prix",), lambda cell: f"${cell}")


def currency_codes(made: Sheet) -> None:
    each(made, ("prix",), lambda cell: f"EUR {cell}")


def percents(made: Sheet) -> None:
    each(made, ("taux",), lambda cell: f"{cell} %")


def units(made: Sheet) -> None:
    each(made, ("âge",), lambda cell: f"{cell} ans")


def minus_signs(made: Sheet) -> None:
    each(made, ("solde",), lambda cell: cell.replace("-", "\N{MINUS SIGN}"))


def brackets_for_less_than_nothing(made: Sheet) -> None:
    each(made, ("solde",), lambda cell: f"({cell[1:]})" if cell.startswith("-") else cell)


def minus_after(made: Sheet) -> None:
    each(made, ("solde",), lambda cell: f"{cell[1:]}-" if cell.startswith("-") else cell)


def plus_signs(made: Sheet) -> None:
    each(made, ("solde",), lambda cell: cell if cell.startswith("-") else f"+{cell}")


def dated(made: Sheet, written: str) -> None:
    made.cells["jour"] = [day.strftime(written) for day in made.clean["jour"]]


def days_first(made: Sheet) -> None:
    dated(made, "%d/%m/%Y")


def months_first(made: Sheet) -> None:
    dated(made, "%m/%d/%Y")


def days_with_points(made: Sheet) -> None:
    dated(made, "%d.%m.%Y")


def days_with_dashes_and_midnight(made: Sheet) -> None:
    dated(made, "%d-%m-%Y 00:00")


def years_of_two_digits(made: Sheet) -> None:
    dated(made, "%d/%m/%y")


def days_without_signs(made: Sheet) -> None:
    dated(made, "%Y%m%d")


def days_with_a_zone(made: Sheet) -> None:
    dated(made, "%Y-%m-%dT00:00:00Z")


def french_months(made: Sheet) -> None:
    made.cells["jour"] = [
        f"{day.day}{'er' if day.day == 1 else ''} {MONTHS_FR[day.month - 1]} {day.year}"
        for day in made.clean["jour"]
    ]


def english_months(made: Sheet) -> None:
    made.cells["jour"] = [
        f"{MONTHS_EN[day.month - 1][:3]} {day.day}, {day.year}" for day in made.clean["jour"]
    ]


def two_ways_of_dates(made: Sheet) -> None:
    rows = {*some(made, 0.4)}
    for row, day in enumerate(made.clean["jour"]):
        if row in rows:
            made.cells["jour"][row] = day.strftime("%d/%m/%Y")


def hours_as_in_french(made: Sheet) -> None:
    each(made, ("heure",), lambda cell: cell.replace(":", "h"))


def hours_of_twelve(made: Sheet) -> None:
    made.cells["heure"] = [
        f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02d} {'AM' if minutes < 720 else 'PM'}"
        for minutes in made.clean["heure"]
    ]


def spaces_after_words(made: Sheet) -> None:
    for row in some(made):
        made.cells["ville"][row] += made.random.choice([" ", "  ", "\xa0"])
        made.cells["reçu"][row] += " "


def accents_apart(made: Sheet) -> None:
    for row in range(0, ROWS, 2):
        made.cells["ville"][row] = unicodedata.normalize("NFD", made.cells["ville"][row])


def words_for_gaps(made: Sheet) -> None:
    word = str(made.random.choice(["NA", "n/a", "NULL", "NaN", "#N/A"]))
    made.cells["âge"] = [cell or word for cell in made.cells["âge"]]


def lose(made: Sheet, name: str, word: str) -> None:
    rows = some(made, 0.08)
    for row in rows:
        made.cells[name][row] = word
    made.lost.setdefault(name, set()).update(rows)


def question_marks(made: Sheet) -> None:
    lose(made, "prix", "?")


def words_among_numbers(made: Sheet) -> None:
    lose(made, "solde", str(made.random.choice(["inconnu", "à voir", "see note", "n.c."])))


def versions_among_numbers(made: Sheet) -> None:
    lose(made, "taux", "1.2.3")


def words_among_dates(made: Sheet) -> None:
    lose(made, "jour", "pas encore")


def days_that_do_not_exist(made: Sheet) -> None:
    lose(made, "jour", "2019-02-31")


# How the file is written


def semicolons(made: Sheet) -> None:
    made.delimiter = ";"


def tabs(made: Sheet) -> None:
    made.delimiter, made.ending = "\t", ".tsv"


def bars(made: Sheet) -> None:
    made.delimiter = "|"


def windows_signs(made: Sheet) -> None:
    made.encoding = "cp1252"


def byte_order_mark(made: Sheet) -> None:
    made.encoding = "utf-8-sig"


def two_bytes_a_sign(made: Sheet) -> None:
    made.encoding = "utf-16"


def windows_lines(made: Sheet) -> None:
    made.line_end = "\r\n"


def everything_quoted(made: Sheet) -> None:
    made.quote_all = True


def spaces_around_names(made: Sheet) -> None:
    made.header = [f" {name} " for name in made.header]


def names_with_accents_apart(made: Sheet) -> None:
    made.header = [unicodedata.normalize("NFD", name) for name in made.header]


def title_lines(made: Sheet) -> None:
    made.above += ["Export du service des ventes", ""]


def comment_lines(made: Sheet) -> None:
    made.above += ["# exporté le 2024-01-31", "# version 2"]


def line_for_excel(made: Sheet) -> None:
    made.above.insert(0, "sep={delimiter}")


def notes_below(made: Sheet) -> None:
    made.below += ["", "Source : enquête 2024"]


def empty_lines_below(made: Sheet) -> None:
    made.below += ["", ""]


def delimiter_after_each_row(made: Sheet) -> None:
    made.after_each = "{delimiter}"


def another_ending(made: Sheet) -> None:
    made.ending = str(made.random.choice([".txt", ".dat", ""]))


def packed(made: Sheet) -> None:
    made.ending, made.as_bytes = ".csv.gz", lambda text: gzip.compress(_encoded(made, text))


def zipped(made: Sheet) -> None:
    def as_zip(text: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("ventes.csv", _encoded(made, text))
        return stream.getvalue()

    made.ending, made.as_bytes = ".zip", as_zip


def records_of_json(made: Sheet) -> None:
    def as_json(_: str) -> bytes:
        columns = zip(made.header, made.cells.values(), strict=True)
        named = {name.strip(): cells for name, cells in columns}
        rows = [dict(zip(named, row, strict=True)) for row in zip(*named.values(), strict=True)]
        return json.dumps(rows, ensure_ascii=False).encode()

    made.ending, made.as_bytes = ".json", as_json


IN_CELLS = {
    "prix": (
        spaces_between_thousands,
        narrow_spaces_between_thousands,
        no_break_spaces_between_thousands,
        commas_between_thousands,
        points_between_thousands,
        apostrophes_between_thousands,
        euros,
        dollars,
        currency_codes,
        question_marks,
    ),
    "numbers": (decimal_commas,),
    "taux": (percents, versions_among_numbers),
    "âge": (units, words_for_gaps),
    "solde": (
        minus_signs,
        brackets_for_less_than_nothing,
        minus_after,
        plus_signs,
        words_among_numbers,
    ),
    "jour": (
        days_first,
        months_first,
        days_with_points,
        days_with_dashes_and_midnight,
        years_of_two_digits,
        days_without_signs,
        days_with_a_zone,
        french_months,
        english_months,
        two_ways_of_dates,
        words_among_dates,
        days_that_do_not_exist,
    ),
    "heure": (hours_as_in_french, hours_of_twelve),
    "words": (spaces_after_words, accents_apart),
}
"""By the column that a kind writes: of one column one kind alone can be true."""

OF_FILES = {
    "delimiter": (semicolons, tabs, bars),
    "encoding": (windows_signs, byte_order_mark, two_bytes_a_sign),
    "lines": (windows_lines,),
    "quotes": (everything_quoted,),
    "names": (spaces_around_names, names_with_accents_apart),
    "above": (title_lines, comment_lines, line_for_excel),
    "below": (notes_below, empty_lines_below),
    "end of rows": (delimiter_after_each_row,),
    "ending": (another_ending, packed, zipped, records_of_json),
}

KINDS = {**IN_CELLS, **OF_FILES}

EVERY = tuple(kind for kinds in KINDS.values() for kind in kinds)


def write(made: Sheet) -> bytes:
    """Return the file."""
    lines = [line.format(delimiter=made.delimiter) for line in made.above]
    rows = [made.header, *zip(*made.cells.values(), strict=True)]
    after = made.after_each.format(delimiter=made.delimiter)
    lines += [made.delimiter.join(_quoted(made, cell) for cell in row) + after for row in rows]
    text = made.line_end.join([*lines, *made.below]) + made.line_end
    return made.as_bytes(text) if made.as_bytes else _encoded(made, text)


def _encoded(made: Sheet, text: str) -> bytes:
    return text.encode(made.encoding)


def _quoted(made: Sheet, cell: str) -> str:
    special = made.delimiter in cell or '"' in cell
    return '"' + cell.replace('"', '""') + '"' if made.quote_all or special else cell
