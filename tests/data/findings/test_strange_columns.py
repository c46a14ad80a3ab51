"""No column is so strange that a rule stumbles over it, or has nothing to say in both languages."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti import language
from apprenti.data.findings import Evidence, answers, words
from apprenti.data.kinds.columns import find_columns, find_roles
from apprenti.findings import found
from apprenti.project import DataSettings


def columns(random, rows):
    chosen = random.choice
    return {
        "huge": random.normal(size=rows) * 1e305,
        "tiny": random.normal(size=rows) * 1e-305,
        "one": np.ones(rows),
        "empty": np.full(rows, np.nan),
        "flag": random.random(rows) < 0.5,
        "flag or gap": pd.array(chosen([True, False, None], rows), "boolean"),
        "beyond floats": pd.array(random.integers(2**60, 2**62, rows), "Int64"),
        "gaps only": pd.array([None] * rows, "Int64"),
        "unsigned": random.integers(2**62, 2**63 - 1, rows).astype(np.uint64),
        "words": chosen(["a", "B", "b", "é", "e\u0301", "?", "", " "], rows),
        "anything": pd.Series([1, "a", None, 2.5] * rows)[:rows],
        "kinds": pd.Categorical(chosen(["x", "y"], rows)),
        "day": pd.Series(pd.to_datetime(random.integers(0, 10**9, rows), unit="s")),
        "novel": ["word " * 50 + str(number) for number in range(rows)],
        "codes": chosen([-1, 99, 999], rows),
        "half unknown": np.where(random.random(rows) < 0.5, -999, random.normal(size=rows)),
        "weight": [f"{number} kg" for number in range(rows)],
    }


@pytest.mark.parametrize("rows", [1, 2, 5, 25, 130])
def test_every_rule_has_an_answer_for_whatever_a_column_holds(rows):
    for seed in range(12):
        random = np.random.default_rng([rows, seed])
        made = columns(random, rows)
        names = [str(name) for name in random.choice(list(made), 7, replace=False)]
        data = DataSettings(source="x.csv", target=names[0])
        frame = pd.DataFrame({name: made[name] for name in names})
        sorted_out, frame = find_columns(frame, find_roles(frame, data, None))
        is_number = pd.api.types.is_numeric_dtype(frame[names[0]].dtype)
        task = "regression" if is_number and seed % 2 else "classification"
        parts = random.choice(np.array([0, 1, 2], np.uint8), rows) if seed % 3 else None
        given = found(answers(Evidence(frame, sorted_out, task, parts)))
        for lang in language.LANGUAGES:
            language.choose(lang)
            json.dumps([words.as_json(one) for one in given])
