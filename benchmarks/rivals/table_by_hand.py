"""What a person writes: read_csv, train_test_split, and a pipeline of scikit-learn."""

import json
import sys
import time

import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

start = time.perf_counter()
table = pd.read_csv(sys.argv[1])
labels = LabelEncoder().fit_transform(table.pop("target"))
known, _, known_labels, _ = train_test_split(table, labels, test_size=0.15, random_state=0)
train, valid, train_labels, valid_labels = train_test_split(
    known, known_labels, test_size=0.15 / 0.85, stratify=known_labels, random_state=0
)
numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
names = OneHotEncoder(min_frequency=0.01, handle_unknown="infrequent_if_exist")
preparation = make_column_transformer(
    (numbers, make_column_selector(dtype_include="number")),
    (names, make_column_selector(dtype_exclude="number")),
    sparse_threshold=0,
)
train_inputs = preparation.fit_transform(train).astype(np.float32)
valid_inputs = preparation.transform(valid).astype(np.float32)
print(json.dumps({"seconds": time.perf_counter() - start, "shape": train_inputs.shape}))
