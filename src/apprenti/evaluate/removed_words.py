"""Which words of texts count: what the model says without them, in the texts where they stand."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate import changed_rows, intervals
from apprenti.evaluate.changed_rows import Rows, Said
from apprenti.script.run_local import Watcher

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_WORDS, MOST_TEXTS = 200, 20
"""So many words, the most frequent, are taken out of so many texts each."""

FEWEST_TEXTS = 3
"""Of a word in fewer texts nothing is said."""

TOLD = 20


class Word(NamedTuple):
    """What a word adds to the probability of a class, or to the number that is predicted."""

    word: str
    of: str | None
    """The class whose probability falls the most without it; None of a number."""
    change: float
    """By how much it falls, on average over these texts."""
    low: float
    high: float
    texts: int

    def as_json(self) -> dict[str, Any]:
        told = self._asdict()
        return {"class": told.pop("of"), **told}


def words(rows: Rows, watcher: Watcher) -> tuple[Said, list[Word]]:
    """Return what is said of the texts as they are, and the words that count the most."""
    (column,) = rows.frame.columns
    texts = [str(text) for text in rows.frame[column]]
    places = _places(texts, set(map(str, rows.opened.preparation.get("words", ()))))
    changed = []
    for word, some in places.items():
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        without = [pattern.sub(" ", texts[place]) for place in some]
        changed.append(rows.frame.iloc[some].assign(**{str(column): without}))
    base, *said = changed_rows.ask(rows, [rows.frame, *changed], watcher)
    found = [
        _word(word, some, rows.classes, base, one)
        for (word, some), one in zip(places.items(), said, strict=True)
    ]
    return base, sorted(found, key=lambda one: -abs(one.change))[:TOLD]


def _places(texts: Sequence[str], known: set[str]) -> dict[str, list[int]]:
    """Return the frequent words that the model knows, and some of the texts where each stands."""
    inside = [{*re.findall(r"\w+", text.lower())} & known for text in texts]
    frequent = Counter(word for found in inside for word in found).most_common(MOST_WORDS)
    return {
        word: [place for place, found in enumerate(inside) if word in found][:MOST_TEXTS]
        for word, count in frequent
        if count >= FEWEST_TEXTS
    }


def _word(
    word: str, places: Sequence[int], classes: Sequence[str] | None, base: Said, without: Said
) -> Word:
    falls = base.values(classes)[[*places]] - without.values(classes)
    place = int(falls.mean(axis=0).argmax())
    column = falls[:, place]
    low, high = intervals.of_mean(column)
    of = None if classes is None else classes[place]
    return Word(word, of, float(column.mean()), low, high, len(places))
