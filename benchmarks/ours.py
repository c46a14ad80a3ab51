"""Apprenti's side of a benchmark: a project on MNIST, its runs, and the rows they learn from."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import side_by_side

APPRENTI = (sys.executable, "-m", "apprenti")


def make_project(folder: Path) -> Path:
    """Make a project on MNIST, which lies where APPRENTI_DATA says or in Apprenti's cache."""
    try:
        side_by_side.child([*APPRENTI, "new", folder, "--data", "mnist", "--json"])
    except side_by_side.ContestantError as error:
        raise SystemExit(f"The benchmark needs MNIST.\n{error}") from None
    return folder


def train(project: Path, framework: str, settings: Mapping[str, object]) -> dict[str, Any]:
    """Train once with `apprenti train` and return what it says of the run.

    `seconds` is the last line of the run's history.csv: training alone, without evaluation.
    """
    chosen = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    command = [*APPRENTI, "train", "--project", project, "--framework", framework, *chosen]
    (run,) = side_by_side.child([*command, "--json"])["runs"]
    return dict(run)


def write_rows(project: Path, settings: Mapping[str, object], path: Path) -> None:
    """Write the images that a run learns from and those that it checks with, as bytes."""
    import numpy as np

    from apprenti.backends.common.idx import read
    from apprenti.backends.common.settings import Config
    from apprenti.backends.common.split_random import split
    from apprenti.project import load
    from apprenti.train.flat_settings import flat_settings
    from apprenti.train.plan import plan

    planned = plan(load(project, settings))
    config = Config(**flat_settings(planned.choices, planned.source))
    images, labels, _ = read(project / config.data, config)
    train_rows, valid_rows, _ = split(labels, config)
    np.savez(
        path,
        train_images=images[train_rows],
        train_labels=labels[train_rows].astype(np.int64),
        valid_images=images[valid_rows],
        valid_labels=labels[valid_rows].astype(np.int64),
    )
