"""Small questions to the system, which may be left unanswered."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def told(command: list[str], seconds: float = 10) -> tuple[int, str]:
    """Return the exit status of a command and all that it prints; -1 and "" if there is none."""
    try:
        done = subprocess.run(
            command,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return -1, ""
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def read(path: Path | str, most: int = 200_000) -> str:
    """Return the text of a file, or "" if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(most)
    except OSError:
        return ""


def sysctl(*names: str) -> str:
    """Return what macOS says of these names, one line each that exists."""
    return told(["/usr/sbin/sysctl", "-n", *names], seconds=5)[1]


def registry(path: str, name: str) -> Any:
    """Return a value of the Windows registry (local machine), or None."""
    if sys.platform != "win32":
        return None
    winreg: Any = import_module("winreg")
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
            return winreg.QueryValueEx(key, name)[0]
    except OSError:
        return None
