"""Preparation: each word becomes its number in a list of known words (tokens)."""

import re
from collections import Counter

import numpy as np

from apprenti.backends.common.settings import Config


def words_of(text: str) -> list[str]:
    # A word, or a sign alone: "!" and smileys say something too
    return re.findall(r"\w+|[^\w\s]", text.lower())[: Config().max_tokens]


def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict:
    texts = [words_of(text) for text in inputs[train]]
    # The most frequent words of the training rows; 0 is for padding, 1 for any word not known
    frequent = Counter(word for words in texts for word in words).most_common(Config().vocabulary)
    numbers = {word: number for number, (word, _) in enumerate(frequent, start=2)}
    return {"words": numbers, "length": max([1, *map(len, texts)])}


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    # All rows are as long as the longest one of the training: shorter ones are filled up with 0
    tokens = np.zeros((len(rows), preparation["length"]), np.int32)
    for row, text in zip(tokens, inputs[rows], strict=True):
        # An empty text is one word, not known
        numbers = [preparation["words"].get(word, 1) for word in words_of(text)] or [1]
        row[: len(numbers)] = numbers[: len(row)]
    return tokens


def keep_preparation(preparation: dict) -> dict:
    # The first of these words has number 2
    return {**preparation, "words": list(preparation["words"])}


def recall_preparation(description: dict) -> dict:
    known = description["preparation"]
    return {**known, "words": {word: i for i, word in enumerate(known["words"], start=2)}}
