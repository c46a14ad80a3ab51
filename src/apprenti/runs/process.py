"""Whether the process of a run is still there, and when it began."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti.runs.record import SCRIPT

SAME_START = 5.0
"""Seconds by which two measurements of when one process began may differ."""

LARGEST_PROCESS = 2**31
"""No system numbers its processes beyond."""


def at_work(folder: Path) -> int | None:
    """Return the process of a script whose number nobody had written when its parent died."""
    import psutil

    here = str(folder.resolve())
    for process in psutil.process_iter(["cwd", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["cwd"] == here and SCRIPT in words:
            return int(process.pid)
    return None


def began(process: int) -> float | None:
    """Return when a process began, in seconds since 1970, or None when there is none (any more)."""
    import psutil

    try:
        found = psutil.Process(process)
        ended = found.status() == psutil.STATUS_ZOMBIE
        return None if ended else float(found.create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(environment: Mapping[str, Any]) -> bool:
    """Say if the process of a run is there; another with its number began at another time."""
    process = environment.get("process", 0)
    start = began(process) if 0 < process < LARGEST_PROCESS else None
    if start is None:
        return False
    known = environment.get("process_began")
    return known is None or abs(start - known) < SAME_START
