"""What the files of a run are called, and what they say as far as anybody relies on it."""

import contextlib
import os
from datetime import datetime
from functools import cache
from typing import get_args

from apprenti.run_files import NUMBER, Each, ListOf, Needed

RUNNING, FINISHED, STOPPED_EARLY = "running", "finished", "stopped early"

INTERRUPTED, FAILED, KILLED = "interrupted", "failed", "killed"

DIVERGED, DAMAGED = "diverged", "damaged"

RECORDED = (RUNNING, FINISHED, STOPPED_EARLY, DIVERGED, INTERRUPTED, FAILED, KILLED)

STATUSES = (*RECORDED, DAMAGED)
"""Of a damaged run nobody knows more: one of its files cannot be read."""

SAID = (FINISHED, STOPPED_EARLY, DIVERGED, INTERRUPTED, FAILED)
"""What a script can say of its own end, in status.json; only what runs or was killed cannot."""

COMPLETE = (FINISHED, STOPPED_EARLY)
"""Nothing is left to be learned: the run went to its end, or its own rule ended it."""

SCRIPT, CHOICES, STATUS = "train.py", "choices.toml", "status.json"

ESSENTIAL, PREDICT, EVALUATE = "essential.py", "predict.py", "evaluate.py"
"""The short form of the script of a run, and those that open its model again."""

ENVIRONMENT, MODEL = "environment.json", os.path.join("model", "model.json")

RECIPE = "recipe.json"
"""What the scripts of a run were made from: what it learned from, and every setting."""

OPTIONAL_NUMBER = (*NUMBER, type(None))

HASHES = Each(str, data=Each(str))

IN_ENVIRONMENT = {
    "status": list(RECORDED),
    "number": int,
    "process": int,
    "process_began": OPTIONAL_NUMBER,
    "started": str,
    "ended": str,
    "threads": (int, type(None)),
    "versions": Each(str),
    "machine": dict,
    "seal": (str, type(None)),
    "hashes": HASHES,
    "results": Each(str),
    "ledger": {"openings": int, "head": (str, type(None))},
}

SCALE = {"mean": Needed(NUMBER), "deviation": Needed(NUMBER)}

IN_PREPARATION = {
    "numbers": Each({"median": Needed(NUMBER), "range": ListOf(NUMBER), **SCALE}),
    "gaps": Each(SCALE),
    "categories": Each({"frequent": Needed(ListOf(str)), "rare": Needed(ListOf(str))}),
    "texts": Each({"words": Needed(ListOf(str)), "weights": Needed(ListOf(NUMBER))}),
    "words": ListOf(str),
    "weights": ListOf(NUMBER),
    "length": int,
    "mean": ListOf(NUMBER),
    "deviation": ListOf(NUMBER),
    "scale": NUMBER,
}

IN_MODEL = {
    "parameters": (int, type(None)),
    "epoch": int,
    "classes": ListOf((*NUMBER, str, bool)),
    "preparation": IN_PREPARATION,
}

IN_CHOICES = {
    "data": {"task": ["classification", "regression"], "source": str, "text": str, "image": str},
    "model": Needed({"kind": Needed(str)}),
    "train": Needed({"framework": Needed(str), "epochs": int}),
}
"""What a file of a run says, as far as anybody relies on it."""


@cache
def frameworks() -> tuple[str, ...]:
    """Return what runs are made with."""
    from apprenti.project import TrainSettings

    return get_args(TrainSettings.model_fields["framework"].annotation)


def moment(written: str | None) -> float | None:
    """Return a time that a record has, in seconds since 1970; None where it is no time."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(written or "").timestamp()
    return None
