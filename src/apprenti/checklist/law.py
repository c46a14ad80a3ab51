"""The European regulation on AI (2024/1689): which fields are listed, and from when on it applies.

The dates are those after the amendment of 2026 (secondary sources, as of AS_OF).
"""

from datetime import date

from apprenti.checklist.personal_data import folded_words

AS_OF = date(2026, 7, 2)

SINCE = date(2025, 2, 2)
"""Literacy (article 4) and prohibited practices (article 5)."""

OF_ANNEX_3 = date(2027, 12, 2)
OF_ANNEX_1 = date(2028, 8, 2)

WORDS = {
    "biometrics": ("biometri", "visage", "facial", "empreinte", "fingerprint"),
    "infrastructure": ("infrastructure",),
    "education": ("eleve", "etudiant", "ecole", "scolaire", "student", "pupil", "school", "exam"),
    "employment": ("recrut", "embauch", "recruit", "hiring", "salarie", "employe", "candidat"),
    "essential_services": ("credit", "loan", "emprunt", "assur", "insur", "allocat", "prestation"),
    "law_enforcement": ("police", "recidiv", "delinq", "crime", "crimin"),
    "migration": ("asile", "asylum", "migra", "visa"),
    "justice": ("tribunal", "justice", "juge", "judge", "court"),
    "product": ("medical", "jouet", "ascenseur", "toy"),
}
"""How words begin that hint at a field, where somebody says that none is touched."""


def applies_from(field: str) -> date:
    """Return from when on the obligations of a listed field apply."""
    return OF_ANNEX_1 if field == "product" else OF_ANNEX_3


def hinted(use: str) -> tuple[str, str] | None:
    """Return the field that what is said of a use hints at, with the word that does."""
    for word in folded_words(use):
        for field, beginnings in WORDS.items():
            if word.startswith(beginnings):
                return field, word
    return None
