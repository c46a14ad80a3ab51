"""The first minute with Apprenti: how long `apprenti start` takes, and how much memory a run needs.

The claims: `apprenti start --data digits` is done within 30 seconds and `--data mnist`, with MNIST
on the disk, within 60; the MNIST run's script never holds more than 0.8 GB in PyTorch and 1.6 GB in
TensorFlow. Memory is what the system itself counted of the script, executed once more on its own.
"""

import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import ours
import side_by_side
from side_by_side import Claim, Contestant, Measured

START_LIMITS = {"digits": 30, "mnist": 60}
MEMORY_LIMITS = {"pytorch": 0.8, "tensorflow": 1.6}

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""The bytes in which the system counts the largest memory of a process."""


def main() -> None:
    arguments = side_by_side.options(__doc__ or "", 3, "epochs", "rows").parse_args()
    with TemporaryDirectory() as folder:
        here = Path(folder)
        project = ours.make_project(here / "memory")
        rows = {"mnist": {"data.split.train": arguments.rows}}
        starts = [
            Contestant(
                f"apprenti start --data {data}",
                partial(
                    first_model,
                    here,
                    data,
                    {"train.epochs": arguments.epochs, **rows.get(data, {})},
                ),
            )
            for data in START_LIMITS
        ]
        settings = {"train.epochs": arguments.epochs, **rows["mnist"]}
        scripts = [
            Contestant(
                f"MNIST script, {name}", partial(run_again, project, name, settings), (module,)
            )
            for name, module in (("pytorch", "torch"), ("tensorflow", "tensorflow"))
        ]
        results = side_by_side.alternate([*starts, *scripts], arguments.rounds)
    conclude(arguments, results)


def first_model(here: Path, data: str, settings: dict[str, object]) -> Measured:
    """Make the first model in a new folder, as somebody new would, and take the time."""
    folder = here / f"{data}-{time.monotonic_ns()}"
    chosen = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    start = time.perf_counter()
    command = [*ours.APPRENTI, "start", "--dir", folder, "--data", data, "--json", *chosen]
    runs = side_by_side.child(command)["runs"]
    seconds = time.perf_counter() - start
    shutil.rmtree(folder)
    return {"seconds": seconds, "runs": len(runs)}


def run_again(project: Path, framework: str, settings: dict[str, object]) -> Measured:
    """Execute the script of a run in an empty folder and ask the system what it took."""
    run = Path(ours.train(project, framework, settings)["path"])
    alone = project / f"again-{run.name}"
    alone.mkdir()
    shutil.copyfile(run / "train.py", alone / "train.py")
    start = time.perf_counter()
    script = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-u", "train.py"],
        cwd=alone,
        env={**os.environ, "APPRENTI_DATA": str(project)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = script.stderr.read() if script.stderr else b""
    _, status, used = os.wait4(script.pid, 0)
    # Popen must not wait for it a second time
    script.returncode = os.waitstatus_to_exitcode(status)
    if script.returncode:
        raise side_by_side.ContestantError(errors.decode(errors="replace"))
    # A child begins as a copy of this process, so its count cannot be below the memory of this one
    memory = used.ru_maxrss * MAXRSS_UNIT / 1e9
    return {"seconds": time.perf_counter() - start, "memory_gb": memory}


def conclude(arguments, results: dict[str, list[Measured]]) -> None:
    claims = []
    for data, limit in START_LIMITS.items():
        if measured := results.get(f"apprenti start --data {data}"):
            taken = side_by_side.middle(measured)
            claims.append(Claim(f"start with {data}, seconds", taken, limit))
    for framework, limit in MEMORY_LIMITS.items():
        if measured := results.get(f"MNIST script, {framework}"):
            largest = max(side_by_side.values(measured, "memory_gb"))
            claims.append(Claim(f"MNIST script in {framework}, GB at most", largest, limit))
    rows = [
        [*side_by_side.seconds_row(name, measured), memory_cell(measured)]
        for name, measured in results.items()
    ]
    head = ("what", *side_by_side.SECONDS, "largest GB")
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def memory_cell(measured: list[Measured]) -> str:
    return f"{max(one['memory_gb'] for one in measured):.2f}" if "memory_gb" in measured[0] else ""


if __name__ == "__main__":
    main()
