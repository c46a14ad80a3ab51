"""How a trial tells what it has done: one line of JSON a step, on stdout, at once."""

import json
import sys
from pathlib import Path

MARK = "\x1eapprenti "
"""Begins the lines that are ours: frameworks print as well."""

BEGINS = "begins"
END = "end"

KNOWN = Path(__file__).with_name("known.json")


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
