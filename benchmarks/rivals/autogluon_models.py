"""AutoGluon: each single model of its medium preset, on the rows that Apprenti learned from.

It runs in an environment of AutoGluon's own, alone with a folder that holds train.csv, valid.csv
and test.csv: python autogluon_models.py FOLDER TARGET accuracy|r2
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
from autogluon.tabular import TabularPredictor

TYPES = {"accuracy": None, "r2": "regression"}

folder, target, score = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
parts = {name: pd.read_csv(folder / f"{name}.csv") for name in ("train", "valid", "test")}
start = time.perf_counter()
predictor = TabularPredictor(
    target, TYPES[score], score, path=str(folder / "models"), verbosity=0
).fit(
    parts["train"],
    tuning_data=parts["valid"],
    presets="medium_quality",
    fit_weighted_ensemble=False,
    num_cpus=1,
    num_gpus=0,
)
seconds = time.perf_counter() - start

models = {}
for name in predictor.model_names():
    models[name] = {
        part: float(predictor.evaluate(parts[part], model=name, silent=True)[score])
        for part in ("valid", "test")
    }
print(json.dumps({"seconds": seconds, "models": models}))
