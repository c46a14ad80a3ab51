"""recipe.json: what the scripts of a run were made from, read again as far as it is possible."""

import ast
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from apprenti import runs
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.model.catalogue import BACKENDS, READINGS, Material
from apprenti.run_files import ListOf, Needed, checked, read_text
from apprenti.runs import Run
from apprenti.script.syntax import parse
from apprenti.tasks import CLASSIFICATION, REGRESSION

MATERIAL = {
    "reading": Needed(list(READINGS)),
    "shape": Needed(list),
    "task": [CLASSIFICATION, REGRESSION],
    "split": ["random", "groups", "time", "folders"],
    **dict.fromkeys(("texts", "images", "streamed"), bool),
}
SHAPE = {
    "material": Needed(MATERIAL),
    "settings": Needed(dict),
    "new_rows": dict,
    "used": ListOf(str),
}


def read(run: Run) -> tuple[Material, dict[str, Any]]:
    """Return what a run learned from, and its settings, with nothing in them that chooses code."""
    content = _content(run)
    try:
        told, settings = content["material"], content["settings"]
        material = Material(**{**told, "shape": tuple(told["shape"])})
    except (ValueError, TypeError):
        raise ApprentiError("no_recipe", run=run.name) from None
    if not all(isinstance(size, int) and size > 0 for size in material.shape):
        raise ApprentiError("no_recipe", run=run.name)
    return material, _settings(run, settings)


def of_new_rows(run: Run) -> dict[str, Any]:
    """Return the settings with which a script of a run reads new rows, beside its others."""
    return _settings(run, _content(run).get("new_rows", {}))


def used(run: Run) -> frozenset[str] | None:
    """Return which settings have an effect in the script of a run; None where it does not say."""
    found = _content(run).get("used")
    return None if found is None else frozenset(found)


def _content(run: Run) -> Mapping[str, Any]:
    path = run.folder / runs.RECIPE
    try:
        return checked(path, json.loads(read_text(path) or ""), SHAPE)
    except (RunDamaged, ValueError, RecursionError):
        raise ApprentiError("no_recipe", run=run.name) from None


def _settings(run: Run, settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings, if each is one that a script can have."""
    known = _defaults()
    if not all(name in known and _alike(value, known[name]) for name, value in settings.items()):
        raise ApprentiError("no_recipe", run=run.name)
    return settings


@cache
def _defaults() -> Mapping[str, object]:
    """Return the settings of all scripts, with their defaults."""
    tree = parse((BACKENDS / "common" / "settings.py").read_text(encoding="utf-8"))
    fields = [node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and node.value]
    return {ast.unparse(node.target): ast.literal_eval(node.value or node) for node in fields}


def _alike(value: object, default: object) -> bool:
    """Say whether a value from JSON is one that a setting with this default can have."""
    if isinstance(default, tuple):
        return isinstance(value, list) and all(map(_is_plain, value))
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(default)


def _is_plain(item: object) -> bool:
    if isinstance(item, list):
        return all(isinstance(inner, str | int | float) for inner in item)
    return isinstance(item, str | int | float)
