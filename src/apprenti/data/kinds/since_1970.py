"""Numbers that may be moments: seconds, or parts of them, since 1970.

Computers keep time so, and nothing in such a number says it. It is told, never guessed: a number
stays a number until the project says otherwise.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SINCE_1970 = {"seconds": "s", "milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns"}
"""The ways of writing, as columns.toml has them, and what pandas calls each."""

PER_SECOND = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}

DAY, YEAR = 86_400, 31_556_952

FIRST, LAST = 25 * YEAR, 65 * YEAR
"""Moments are looked for between 1995 and 2035."""

FEWEST, FEWEST_UNNAMED = 5, 20
"""So many different ones there are at least; more where the name of the column says nothing."""

SHORTEST, LONGEST = 30 * DAY, 25 * YEAR
"""Where the name says nothing, they are spread over so long a time."""

ROUND = 1000
"""Amounts of money are round; what is no multiple of this is none."""

OF_TIME = frozenset(
    (
        *("time", "times", "timestamp", "ts", "date", "datetime", "epoch", "unix", "utc", "when"),
        *("created", "updated", "modified", "published", "posted", "seen", "at", "since", "until"),
        *("start", "end", "begin", "expires", "moment", "instant", "day", "ms", "millis"),
        *("heure", "horodatage", "jour", "quand", "temps", "debut", "début", "fin", "depuis"),
        *("cree", "créé", "creation", "création", "modifie", "modifié", "maj", "publie", "publié"),
    )
)
OF_OTHERS = frozenset(
    (
        *("id", "ids", "identifier", "identifiant", "no", "num", "number", "numero", "numéro"),
        *("code", "ref", "key", "account", "compte", "client", "customer", "user", "order"),
        *("matricule", "dossier", "ticket", "patient", "product", "produit", "sku", "iban", "vin"),
        *("phone", "telephone", "téléphone", "tel", "mobile", "siren", "siret", "isbn", "ean"),
        *("price", "prix", "cost", "cout", "coût", "amount", "montant", "total", "sum", "somme"),
        *("count", "nombre", "nb", "views", "vues", "followers", "population", "size", "taille"),
        *("bytes", "octets", "budget", "revenue", "revenu", "salary", "salaire", "gdp", "pib"),
        *("sales", "ventes", "value", "valeur", "distance", "area", "surface", "hash", "seed"),
    )
)
"""Words in the names of columns that are moments, and of such that are something else."""


def may_be(values: "pd.Series[Any]") -> str:
    """Return the unit in which a column of numbers may count since 1970; empty where it is none."""
    filled = values.dropna().astype(float)
    if not len(filled):
        return ""
    low, high = float(filled.min()), float(filled.max())
    for unit, size in PER_SECOND.items():
        if low >= FIRST * size and high <= LAST * size:
            return unit if _are_moments(str(values.name), filled, size) else ""
    return ""


def _are_moments(name: str, filled: "pd.Series[Any]", size: int) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+", name)]
    # An "order date" is a date and so is a « date de commande »; a "date id" may be one
    known = [word for word in words if word in OF_TIME or word in OF_OTHERS]
    different = filled.nunique()
    if known and (known[-1] in OF_TIME or words[0] == "date"):
        return bool(different >= FEWEST)
    if known:
        return False
    spread = float(filled.max() - filled.min()) / size
    if different < FEWEST_UNNAMED or not SHORTEST <= spread <= LONGEST:
        return False
    # Beyond milliseconds a number is an identifier unless its name says that it is a time
    return size <= 10**3 and not (filled % (ROUND * size) == 0).all()
