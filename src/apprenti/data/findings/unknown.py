"""Words by which people write that they do not know, in French and in English."""

from apprenti.data.findings.cells import bare

UNKNOWN = {
    *("?", "??", "???", "-", "--", "---", ".", "..", "...", "…", "*", "#n/a", "n/a", "na", "nan"),
    *("nr", "n.r.", "n/r", "nd", "n.d.", "n/d", "nc", "n.c.", "n/c", "nsp", "unk", "null", "tbd"),
    *("inconnu", "inconnue", "indetermine", "indeterminee", "manquant", "manquante", "vide"),
    *("sans reponse", "pas de reponse", "non reponse", "ne sait pas", "ne se prononce pas"),
    *("unknown", "missing", "undefined", "undetermined", "unspecified", "no answer", "empty"),
    *("no response", "don't know", "do not know", "dont know", "not stated", "not reported"),
}
NOT = {"renseigne", "communique", "disponible", "determine", "precise", "connu", "defini"}
NOT |= {"available", "known", "specified", "given", "provided", "applicable", "recorded"}
"""What follows "non" or "not"."""


def stands_for_unknown(text: str) -> bool:
    """Say if a word is one by which people write that they do not know."""
    word = bare(text).replace("’", "'")
    first, _, rest = word.replace("-", " ").partition(" ")
    return word in UNKNOWN or (first in ("non", "not") and (rest in NOT or rest[:-1] in NOT))
