"""Columns that may tell of people: by what they are called, and by what stands in them.

A name is a suspicion, which an answer settles. Addresses of e-mail, telephone numbers, IBANs and
French social-security numbers (their keys are computed) are evidence, which no answer undoes.
"""

import contextlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import last_look
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.outside import read_text
from apprenti.project import Project
from apprenti.writing import save

if TYPE_CHECKING:
    import pandas as pd

FILE = ".personal.json"
"""What was found in which file, so that it is read again only when it has changed."""

VERSION = 2

MOST_VALUES = 5000
"""So many different values of a column are looked at."""

OFTEN = 0.5
"""Where this share of the values looks like a telephone number, they are such."""


class Suspect(NamedTuple):
    """A column that may tell of people."""

    column: str
    kind: str
    """name; email, phone, iban, nir; or, of what is sensitive: sensitive_name, sex."""
    values: int = 0
    """How many different values show it; 0 where it is the name alone."""

    @property
    def is_shown(self) -> bool:
        """Whether the values themselves show it."""
        return self.values > 0


def suspects(project: Project) -> list[Suspect]:
    """Return the columns that may tell of people; those of which the values show it first.

    Raises ApprentiError where the data cannot be opened.
    """
    data, folder = project.choices.data, project.folder
    kept = _kept(project)
    if kept is None:
        # What a model may not see is in the file all the same
        whole = data.model_copy(update={"ignore": (), "sensitive": ()})
        source = open_source(whole, folder, accept=True, keep=False)
        kept = list(_of_frame(source.table.frame)) if source.table else []
        known = last_look.looked_at(source, data, folder)
        content = json.dumps({"version": VERSION, "of": known, "found": kept}, ensure_ascii=False)
        with contextlib.suppress(ApprentiError):
            save(folder / FILE, content + "\n")
    return sorted(kept, key=lambda one: not one.is_shown)


def _kept(project: Project) -> list[Suspect] | None:
    """Return what was found the last time, if it was in the data that is there now."""
    with contextlib.suppress(OSError, ApprentiError, ValueError, KeyError, TypeError):
        content = json.loads(read_text(project.folder / FILE))
        if content["version"] == VERSION and last_look.is_of(content["of"], project):
            return [Suspect(str(c), str(kind), int(count)) for c, kind, count in content["found"]]
    return None


def _of_frame(frame: "pd.DataFrame") -> Iterator[Suspect]:
    for name in map(str, frame.columns):
        values = _texts(frame[name])
        yield from _of_values(name, values)
        words = set(_words(name))
        if words & OF_PERSONS or _joined(name) in OF_PERSONS:
            yield Suspect(name, "name")
        if words & OF_SENSITIVE or _joined(name) in OF_SENSITIVE:
            yield Suspect(name, "sensitive_name")


def _texts(column: "pd.Series[Any]") -> list[str]:
    """Return different values of a column as they would be written; whole numbers without .0."""
    values = column.dropna().unique()[:MOST_VALUES].tolist()
    return [
        str(int(one)) if isinstance(one, float) and one.is_integer() else str(one).strip()
        for one in values
    ]


def _of_values(name: str, values: Sequence[str]) -> Iterator[Suspect]:
    for kind, shows in ANYWHERE.items():
        if count := sum(map(shows, values)):
            yield Suspect(name, kind, count)
    for kind, shows in MOSTLY.items():
        count = sum(map(shows, values))
        if count and count >= OFTEN * len(values):
            yield Suspect(name, kind, count)
    if len(values) >= 2 and {_folded(one) for one in values} <= SEXES:
        yield Suspect(name, "sex", len(values))


# ---- What values show

EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w@])")
PHONE = re.compile(r"(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\)[ .-]?)?[1-9]|0[1-9])(?:[ .-]?\d{2}){4}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
NIR = re.compile(r"\b[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}\b")


def has_email(text: str) -> bool:
    return "@" in text and EMAIL.search(text) is not None


def is_phone(text: str) -> bool:
    return PHONE.fullmatch(text) is not None


def has_iban(text: str) -> bool:
    """Say whether an account number stands in a text whose two check digits are right."""
    return any(_iban_is_right(found[0].replace(" ", "")) for found in IBAN.finditer(text))


def _iban_is_right(iban: str) -> bool:
    if not 15 <= len(iban) <= 34:
        return False
    # ISO 13616: the first four signs to the end, letters as numbers from 10, modulo 97
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def is_nir(text: str) -> bool:
    """Say whether a text is a French social-security number whose key is right."""
    if not NIR.fullmatch(text):
        return False
    digits = text.replace(" ", "")
    # The two departments of Corsica count as 19 and 18
    body = digits[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(digits[13:])


ANYWHERE: dict[str, Callable[[str], bool]] = {"email": has_email, "iban": has_iban}
MOSTLY: dict[str, Callable[[str], bool]] = {"phone": is_phone, "nir": is_nir}
"""A number of fifteen digits has a right key once in ninety-seven, whatever it is."""

SEXES = {"m", "f", "h", "male", "female", "man", "woman", "homme", "femme", "masculin", "feminin"}

# ---- What names say

OF_PERSONS = frozenset(
    (
        *("nom", "noms", "prenom", "prenoms", "name", "firstname", "lastname", "surname"),
        *("fullname", "username", "pseudo", "login", "email", "emails", "mail", "courriel"),
        *("tel", "telephone", "phone", "mobile", "portable", "fax", "adresse", "address"),
        *("iban", "rib", "nir", "ssn", "secu", "insee", "naissance", "birth", "birthday", "dob"),
        *("passport", "passeport", "ip", "patient", "patients", "matricule", "customer", "client"),
    )
)

OF_SENSITIVE = frozenset(
    (
        *("sexe", "sex", "gender", "genre", "age", "race", "ethnicity", "ethnie", "origin"),
        *("origine", "nationality", "nationalite", "religion", "handicap", "disability", "sante"),
        *("health", "syndicat", "union", "orientation", "marital", "grossesse", "pregnancy"),
        *("pregnant", "diagnostic", "diagnosis", "maladie", "disease", "politique", "politics"),
    )
)


def _words(name: str) -> list[str]:
    """Return the words of a name: birthDate, date_naissance, "Prénom (usage)"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z]+", _folded(apart))


def _joined(name: str) -> str:
    return "".join(_words(name))


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", str(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()


def folded_words(text: str) -> Iterable[str]:
    """Return the words of a text, without accents and capitals."""
    return re.findall(r"[a-z]+", _folded(text))
