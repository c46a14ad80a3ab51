"""pip or uv as a child process: watched while it works, explained when it fails.

`python start.py` and `apprenti install` share it. Standard library only, any Python from 3.8 on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
CALMING = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}  # whatever pip's settings file says


def clean_environment() -> dict[str, str]:
    """Return the user's variables, less those that would lead Python or pip astray."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    return {**kept, **CALMING}


def output_of(command: list[str], seconds: float = 30) -> str:
    """Return what a command prints; nothing if it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            timeout=seconds,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and all that it printed on both streams."""

    status: int
    output: str


def run_logged(
    command: list[str],
    log: Path,
    tell: Callable[[str], None],
    environment: dict[str, str],
    folder: Path,
) -> Outcome:
    """Run a command: each line that it prints goes to the log, and to `tell`.

    Ctrl-C reaches the command too, which is given time to put things back.
    """
    lines = []
    with log.open("a", encoding="utf-8") as writer, subprocess.Popen(
        command,
        cwd=str(folder),
        env=environment,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                lines.append(line)
                writer.write(line)
                writer.flush()
                tell(line)
            process.wait()
        except KeyboardInterrupt:
            end(process)
            raise
    return Outcome(process.returncode, "".join(lines))


def end(process: subprocess.Popen[str]) -> None:
    """Ctrl-C went to pip as well: give it time to put things back."""
    for insist in (process.terminate, process.kill):
        try:
            process.wait(timeout=5)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            insist()


# ---- What the installer says while it works

PIP_DOWNLOAD = r"\s*Downloading (?:\S*/)?([^-/]+)-([^-]+)-\S+\.whl \(([\d.]+) ([MG])B\)"
UV_DOWNLOAD = r"\s*Downloading ([\w.-]+?)()? \(([\d.]+) ?([MG])iB\)"
LARGE = 20
"""MB from which a download is worth a line."""


def large_download(line: str) -> tuple[str, str, float] | None:
    """Return the package, its version and its MB if this line begins a large download."""
    found = re.match(PIP_DOWNLOAD, line) or re.match(UV_DOWNLOAD, line)
    if not found:
        return None
    package, version, number, unit = found.groups()
    megabytes = float(number) * (1000 if unit == "G" else 1)
    return (package, version or "", megabytes) if megabytes >= LARGE else None


def written_packages(line: str) -> int:
    """Return how many packages are about to be written if this line says so, else 0."""
    if line.startswith("Installing collected packages:"):
        return line.count(",") + 1
    found = re.match(r"Prepared (\d+) packages?", line)
    return int(found.group(1)) if found else 0


# ---- Why it failed

FAILURES = {  # the first that fits counts
    "disk_full": r"No space left on device|Errno 28\b|os error 28\b|WinError 112|Errno 122\b",
    "no_certificate": r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError"
    r"|invalid peer certificate",
    "no_network": r"Failed to establish a new connection[^'\")]*|Failed to resolve '[^']+'"
    r"|timed out|[Cc]annot connect to proxy|Tunnel connection failed[^'\")]*|Network is unreachable"
    r"|Connection (?:refused|reset|aborted)|IncompleteRead|dns error|error sending request",
    "no_memory": r"MemoryError|Cannot allocate memory",
    "not_found": r"(?<=No matching distribution found for )\S+|(?<=Cannot install ).+?(?= because)"
    r"|(?<=Because there is no version of )\S+",
    "not_writable": r"Permission denied|Read-only file system|WinError 5\b",
}


def explain(outcome: Outcome) -> tuple[str, str]:
    """Return the failure behind what the installer printed, and the words that gave it away.

    The failure is one of FAILURES, or "pip_failed".
    """
    for failure, pattern in FAILURES.items():
        found = re.search(pattern, outcome.output)
        if found:
            return failure, found.group()
    errors = [line.strip() for line in outcome.output.splitlines() if "error" in line.lower()]
    failure = "no_memory" if outcome.status in (-9, 137) else "pip_failed"
    return failure, errors[-1] if errors else f"status {outcome.status}"


# ---- What can be reached


def answers(index: str, python: str = sys.executable, seconds: float = 3) -> bool:
    """Does an index answer? A child process asks, since a name that hangs cannot be interrupted."""
    address = f"'{index}/torch/', timeout={seconds}"
    ask = f"import urllib.request; print(urllib.request.urlopen({address}).status)"
    return output_of([python, "-I", "-c", ask], seconds=seconds).strip() == "200"


def half_written(packages: Path) -> list[Path]:
    """Return the metadata of the distributions that an installer was writing when it was killed.

    INSTALLER is the last but one file to be written, RECORD the last; but a RECORD that lies in
    the wheel itself may have been unpacked before everything else.
    """
    last = ("INSTALLER", "RECORD")
    found = sorted(packages.glob("*.dist-info"))
    return [path for path in found if not all((path / name).is_file() for name in last)]


def forget_half_written(packages: Path) -> None:
    """Take their metadata away, so that they are written again."""
    for path in half_written(packages):
        shutil.rmtree(str(path))
