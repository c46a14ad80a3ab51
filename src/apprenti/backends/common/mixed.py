"""Preparation: gaps filled, numbers brought to one scale, each category a column of 0 and 1."""

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def fit_preparation(inputs: pd.DataFrame, train: np.ndarray):
    # A gap gets the median, and a column of its own tells where the gaps were
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    # Rare categories (under 1 %) share one column, and those never seen before join them
    named = OneHotEncoder(min_frequency=0.01, handle_unknown="infrequent_if_exist")
    numbers = list(inputs.select_dtypes("number"))
    kinds = [(scaled, numbers), (named, [name for name in inputs if name not in numbers])]
    return make_column_transformer(*kinds, sparse_threshold=0).fit(inputs.iloc[train])


def prepare(inputs: pd.DataFrame, rows: np.ndarray, preparation) -> np.ndarray:
    return preparation.transform(inputs.iloc[rows]).astype(np.float32)


def keep_preparation(preparation) -> dict:
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(preparation, "model/preparation.skops")
    encoder, names = preparation.transformers_[1][1:]
    known = zip(names, getattr(encoder, "categories_", ()), strict=False)
    categories = {name: [str(category) for category in found] for name, found in known}
    return {"columns": preparation.feature_names_in_.tolist(), "categories": categories}


def recall_preparation(description: dict):
    # skops runs no code, and refuses what is neither ordinary nor named here
    return skops.io.load("model/preparation.skops", trusted=["numpy.dtype"])
