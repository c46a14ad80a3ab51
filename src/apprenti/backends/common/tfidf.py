"""Preparation: a column for each word, high if it is frequent here, rare elsewhere (TF-IDF)."""

import numpy as np
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer

from apprenti.backends.common.settings import Config


def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> TfidfVectorizer:
    return TfidfVectorizer(
        # The most frequent words of the training rows; those of no other row are known
        max_features=Config().vocabulary,
        # A word, or a sign alone: "!" and smileys say something too
        token_pattern=r"\w+|[^\w\s]",
        # The tenth time a word is there tells less than the first
        sublinear_tf=True,
        dtype=np.float32,
    ).fit(inputs[train])


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: TfidfVectorizer) -> np.ndarray:
    return preparation.transform(inputs[rows]).toarray()


def keep_preparation(preparation: TfidfVectorizer) -> dict:
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(preparation, "model/preparation.skops")
    return {"words": preparation.get_feature_names_out().tolist()}


def recall_preparation(description: dict):
    # skops runs no code, and refuses what it does not know
    return skops.io.load("model/preparation.skops")
