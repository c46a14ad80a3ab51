"""How much longer do the commands take than the scripts that they run?

    python benchmarks/commands_overhead.py [--repeat 3] [--rows 1000]

`apprenti train` is held against the script of its run, alone; `apprenti compare`
against the scripts of its contestants, two at a time, the longest first. Each is a process of its
own from start to end, and they take turns.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

LIMITS = {"train": 1.25, "compare": 1.3}
ALONE = [sys.executable, "-I", "-X", "utf8", "train.py"]
QUIET = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def write_table(path: Path, rows: int) -> None:
    random = np.random.default_rng(0)
    columns = {f"x{number}": random.normal(size=rows).round(3) for number in range(8)}
    table = pd.DataFrame(columns)
    table["city"] = random.choice(["Lille", "Nice", "Brest"], rows)
    table["answer"] = np.where(
        table["x0"] + table["x1"] + random.normal(size=rows) > 0, "yes", "no"
    )
    table.to_csv(path, index=False)


def apprenti(*words: object) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "apprenti", *map(str, words)], **QUIET)
    return time.perf_counter() - start


def alone(runs: list[Path], data: Path) -> float:
    """Return how long the scripts of these runs take, two at a time."""
    variables = {**os.environ, "APPRENTI_DATA": str(data)}

    def run(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "train.py"
            copy.write_bytes((folder / "train.py").read_bytes())
            subprocess.run(ALONE, cwd=name, env=variables, **QUIET)

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, runs))
    return time.perf_counter() - start


def made(project: Path) -> list[Path]:
    return sorted((project / "runs").glob("[!.]*"), key=lambda folder: "sklearn" in folder.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        write_table(data / "table.csv", options.rows)
        for command, words in (("train", []), ("compare", ["--again"])):
            project = data / command
            apprenti("new", project, "--data", data / "table.csv", "--target", "answer")
            apprenti(command, *words, "--project", project)
            scripts, pairs = made(project), []
            for _ in range(options.repeat):
                ours = apprenti(command, *words, "--project", project)
                pairs.append((ours, alone(scripts, data)))
            ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
            ratio, limit = ours / theirs, LIMITS[command]
            verdict = "ok" if ratio <= limit else "over"
            print(
                f"{command:<8} {ours:6.2f} s   scripts alone {theirs:6.2f} s   "
                f"ratio {ratio:.2f} (limit {limit}) {verdict}"
            )


if __name__ == "__main__":
    main()
