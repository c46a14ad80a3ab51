"""Why a run takes one thread: training time by number of threads, alone and beside a busy program.

The claim: whatever else runs, one thread is never far behind. Its slowest run on MNIST, a busy
neighbour included, takes no longer than the slowest with any other number of threads. More threads
may win on an idle machine; threads that wait for each other lose far more on a busy one.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import ours
import side_by_side
from side_by_side import Claim, Contestant, Measured

FRAMEWORKS = {"PyTorch": ("pytorch", "torch"), "TensorFlow": ("tensorflow", "tensorflow")}
COUNTS = sorted({1, 2, os.cpu_count() or 1})
BUSY = {False: "idle", True: "busy neighbour"}


def main() -> None:
    arguments = side_by_side.options(__doc__ or "", 3, "epochs", "rows").parse_args()
    settings = {"data.split.train": arguments.rows, "train.epochs": arguments.epochs}
    with TemporaryDirectory() as folder:
        project = ours.make_project(Path(folder) / "project")
        contestants = [
            Contestant(
                title(name, count, busy),
                partial(train, project, framework, {**settings, "train.threads": count}, busy),
                (module,),
            )
            for (name, (framework, module)), count, busy in product(
                FRAMEWORKS.items(), COUNTS, BUSY
            )
        ]
        results = side_by_side.alternate(contestants, arguments.rounds)
    conclude(arguments, results)


def title(name: str, count: int, busy: bool) -> str:
    return f"{name}, {count} thread{'s' if count > 1 else ''}, {BUSY[busy]}"


def train(project: Path, framework: str, settings: dict[str, object], busy: bool) -> Measured:
    if not busy:
        return ours.train(project, framework, settings)
    with neighbour():
        return ours.train(project, framework, settings)


@contextmanager
def neighbour() -> Iterator[None]:
    """Keep one core busy meanwhile."""
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def conclude(arguments, results: dict[str, list[Measured]]) -> None:
    claims = []
    for name in FRAMEWORKS:
        found = slowest(name, results)
        for count in COUNTS[1:] if len(found) == len(COUNTS) else ():
            ratio = found[1] / found[count]
            claims.append(Claim(f"{name}, slowest with 1 thread", ratio, 1, of=f"with {count}"))
    rows = [side_by_side.seconds_row(name, measured) for name, measured in results.items()]
    head = ("training", *side_by_side.SECONDS)
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def slowest(name: str, results: dict[str, list[Measured]]) -> dict[int, float]:
    """Return the seconds of the slowest run with each number of threads, idle or not."""
    found = {}
    for count in COUNTS:
        runs = [run for busy in BUSY for run in results.get(title(name, count, busy), [])]
        if runs:
            found[count] = max(side_by_side.values(runs))
    return found


if __name__ == "__main__":
    main()
