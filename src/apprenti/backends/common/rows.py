"""Data: where it is, and what reading it gives."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class Rows(NamedTuple):
    inputs: Any  # an array, a table, or the files of the images
    labels: np.ndarray | None  # what is to be predicted; nothing is known of new rows
    names: np.ndarray  # what each row is called
    by: np.ndarray | None = None  # groups or times, where the split goes by them


def find(name: str) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    there = [folder / name for folder in folders if (folder / name).exists()]
    if not there:
        raise SystemExit(f"{name} is not here. Put it beside this script, or set APPRENTI_DATA.")
    return there[0]
