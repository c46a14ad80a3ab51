"""Words: a column for each, high if it is frequent here and rare elsewhere (TF-IDF)."""

import re
from collections import Counter

import numpy as np

from apprenti.backends.common.settings import Config


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.lower())  # "!" and smileys say something too


def weigh_words(texts, config: Config) -> dict:
    found = [words_of(text) for text in texts]
    total = Counter(word for words in found for word in words)
    holding = Counter(word for words in found for word in set(words))
    # The most frequent words of the training rows; those of no other row are known
    words = np.array(sorted(total), object)
    how_often = np.array([-total[word] for word in words], np.float32)
    words = words[np.sort(how_often.argsort()[: config.vocabulary])].tolist()
    rarity = np.array([holding[word] + 1 for word in words], np.float32)  # Rare words say more
    return {"words": words, "weights": (np.log(np.float32(len(found) + 1) / rarity) + 1).tolist()}


def word_columns(texts, known: dict) -> np.ndarray:
    place = {word: number for number, word in enumerate(known["words"])}
    weights, texts = np.array(known["weights"], np.float32), list(texts)
    ready = np.zeros((len(texts), len(weights)), np.float32)
    for row, text in zip(ready, texts, strict=True):
        found = {place[w]: n for w, n in Counter(words_of(text)).items() if w in place}
        at = sorted(found)
        # The tenth occurrence of a word says less than the first
        row[at] = (np.log(np.array([found[i] for i in at], np.float32)) + 1) * weights[at]
        row /= np.float64(np.sqrt(np.square(row, dtype=float).sum()) or 1)  # As if equally long
    return ready
