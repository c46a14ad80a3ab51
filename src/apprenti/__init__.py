"""Apprenti: a practical guide to AI that runs.

The nine steps are the packages, in the order of `apprenti.flow.STEPS`; those of this version:

    data      sources, found and checked               apprenti.data
    model     the catalogue of models                  apprenti.model
    train     a project becomes a run; comparisons     apprenti.train
    diagnose  what is wrong with a training            apprenti.diagnose
              what helps, measured                     apprenti.improve
    export    the script leaves Apprenti               apprenti.export

A run is a script (`apprenti.script` assembles and executes it) made of blocks (`apprenti.backends`,
the code learners take away). What the command line does, functions of the same names do:

    apprenti.start, new, data, set, train, compare, agree, diagnose, improve, evaluate, runs,
    checklist, report, reproduce, predict, eject, explain, doctor

These and the names below are the public ones, loaded when first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import inspect

__version__ = "0.2.0"

_VERBS = (
    *("start", "new", "data", "set", "train", "compare", "agree"),
    *("diagnose", "improve", "evaluate", "runs", "checklist", "report", "reproduce"),
    *("predict", "eject", "explain", "doctor"),
)
_PUBLIC = {
    "ApprentiError": "apprenti.errors",
    "Project": "apprenti.project",
    "Run": "apprenti.runs",
    "load": "apprenti.project",
    "Trial": "apprenti.train.trials",
    "trials": "apprenti.train.trials",
    "assemble": "apprenti.script.assemble",
    "all_runs": "apprenti.runs",
    **dict.fromkeys(_VERBS, "apprenti.verbs"),
    "compare_all": "apprenti.verbs",
    "learning_curve": "apprenti.verbs",
    "explain_model": "apprenti.verbs",
    **dict.fromkeys(("diagnose_labels", "decide_labels", "compare_labels"), "apprenti.verbs"),
}

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _VERBS and find_spec(f"apprenti.{name}"):
        return import_module(f"apprenti.{name}")
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'apprenti' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Verb(ModuleType):
    """A module with the name of a verb: called, it is the verb."""

    def __call__(self, *given: Any, **settings: Any) -> Any:
        return self._function(*given, **settings)

    @property
    def __signature__(self) -> inspect.Signature:
        import inspect

        return inspect.signature(self._function)

    @property
    def _function(self) -> Any:
        return getattr(import_module("apprenti.verbs"), self.__name__.rpartition(".")[2])


class _Apprenti(ModuleType):
    """The package: the steps are its modules, and the verbs have their names.

    Importing a module sets it in its package, where it would hide the verb: so it becomes both.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _VERBS and type(value) is ModuleType:
            value.__class__ = _Verb
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Apprenti
