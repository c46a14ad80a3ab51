"""Preparation: each word becomes its number in a list of known words (tokens)."""

import re
from collections import Counter

import numpy as np

from apprenti.backends.common.settings import Config


def words_of(text: str, config: Config) -> list[str]:
    # A word, or a sign alone: "!" and smileys say something too
    return re.findall(r"\w+|[^\w\s]", text.lower())[: config.max_tokens]


def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    texts = [words_of(text, config) for text in inputs[train]]
    # The most frequent words of the training rows
    frequent = Counter(word for words in texts for word in words).most_common(config.vocabulary)
    return {"words": [word for word, _ in frequent], "length": max([1, *map(len, texts)])}


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    # 0 is for padding, 1 for any word not known
    number = {word: i for i, word in enumerate(preparation["words"], start=2)}
    # All rows are as long as the longest training row: shorter ones are padded with 0
    tokens = np.zeros((len(some), preparation["length"]), np.int32)
    for row, text in zip(tokens, inputs[some], strict=True):
        # An empty text is one word, not known
        found = [number.get(word, 1) for word in words_of(text, config)] or [1]
        row[: len(found)] = found[: len(row)]
    return tokens
