"""Words by which people write that they do not know, in French and in English."""

import re

from apprenti.data.findings.cells import bare

UNKNOWN = {
    *("?", "??", "???", "-", "--", "---", ".", "..", "...", "…", "*", "#n/a", "n/a", "na", "nan"),
    *("nr", "n.r.", "n/r", "nd", "n.d.", "n/d", "nc", "n.c.", "n/c", "nsp", "unk", "null", "tbd"),
    *("inconnu", "inconnue", "indetermine", "indeterminee", "manquant", "manquante", "vide"),
    *("sans reponse", "pas de reponse", "non reponse", "ne sait pas", "ne se prononce pas"),
    *("unknown", "missing", "undefined", "undetermined", "unspecified", "no answer", "empty"),
    *(
        "no data",
        "blank",
        "aucune reponse",
        "valeur manquante",
        "donnee manquante",
        "missing value",
    ),
    *("#value!", "#ref!", "#div/0!", "#name?", "#valeur!", "#nom?"),
    *("no response", "don't know", "do not know", "dont know", "not stated", "not reported"),
}
NOT = re.compile(
    r"non (?:renseigne|communique|disponible|determine|precise|connu|defini)(?:e|\(e\))?s?"
    r"|not (?:available|known|specified|given|provided|applicable|recorded|stated|reported)"
)


def stands_for_unknown(text: str) -> bool:
    """Say if a word is one by which people write that they do not know."""
    word = bare(text).replace("’", "'").replace("-", " ") if len(text) > 3 else bare(text)
    return word.strip("()[]<>") in UNKNOWN or bool(NOT.fullmatch(word))
