"""A trial, step by step, and how it tells what it has done: one line of JSON each, at once."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MARK = "\x1eapprenti "
"""Begins the lines that are ours: frameworks print as well."""

BEGINS = "begins"
END = "end"

KNOWN = Path(__file__).with_name("known.json")


def examine(
    package: str,
    wanted: list[str],
    multiply: Callable[[Any, str], None],
    others: Callable[[Any], list[str]],
    train: Callable[[Any, bool], list[float]],
) -> None:
    """Try a framework step by step: import, processor, training, other devices, compilation.

    `wanted` may name "training" and "compile"; the functions are given the imported package.
    """
    begin("import")
    framework = import_module(package)
    tell("import", version=str(framework.__version__))
    multiply(framework, "cpu")
    if "training" in wanted:
        begin("training", "cpu")
        tell("training", "cpu", losses=train(framework, False))
    for device in others(framework):
        multiply(framework, device)
    if "compile" in wanted:
        begin("compile", "cpu")
        tell("compile", "cpu", losses=train(framework, True))
    end()


def begin(step: str, device: str = "") -> None:
    """Say what is tried next: if nothing follows, this is where it stopped."""
    _write({BEGINS: step, "device": device})


def tell(step: str, device: str = "", **values: object) -> None:
    """Say that a step is done, and what came out of it."""
    _write({"step": step, "device": device, **values})


def end() -> None:
    """Say that all was tried: a process that stops before has not been through it."""
    _write({"step": END, "device": ""})


def _write(content: dict[str, object]) -> None:
    sys.stdout.write(f"{MARK}{json.dumps(content)}\n")
    sys.stdout.flush()
