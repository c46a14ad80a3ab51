"""Apprenti: a practical guide to AI that runs.

The nine steps are the packages, in the order of `apprenti.flow.STEPS`; those of this version:

    data      sources, found and checked               apprenti.data
    model     the catalogue of models                  apprenti.model
    train     a project becomes a run; comparisons     apprenti.train
    export    the script leaves Apprenti               apprenti.export

A run is a script (`apprenti.script` assembles and executes it) made of blocks (`apprenti.backends`,
the code learners take away). The names below are the public ones, loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "ApprentiError": "apprenti.errors",
    "Project": "apprenti.project",
    "Run": "apprenti.runs",
    "load": "apprenti.project",
    "assemble": "apprenti.script.assemble",
    "all_runs": "apprenti.runs",
    "eject": "apprenti.export.eject",
}

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'apprenti' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
