"""How long does it take to list very many runs? Processes are timed, from their start to their end.

    python benchmarks/many_runs.py [--runs 10000] [--repeat 3]

One run is made, and copied; "first" is the listing that reads them all, "next" those that follow.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = '[data]\nsource = "digits"\n[train]\nframework = "sklearn"\nepochs = 100\n'
LISTINGS = {"text": ["runs"], "text, all": ["runs", "--all"], "json": ["runs", "--json"]}


def apprenti(folder: Path, *words: str) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "apprenti", *words, "--project", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def make(folder: Path, count: int) -> None:
    (folder / "apprenti.toml").write_text(PROJECT)
    apprenti(folder, "train")
    (one,) = (folder / "runs").glob("[!.]*")
    # As they are when they were not made just now
    for path in one.rglob("*"):
        os.utime(path, (time.time() - 3600,) * 2)
    day, ending = one.name[:10], one.name[15:]
    for number in range(2, count + 1):
        shutil.copytree(one, one.with_name(f"{day}-{number:03}-{ending}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.runs)
        print(
            f"{options.runs} runs; `apprenti --version` takes {apprenti(folder, '--version'):.2f} s"
        )
        print(f"first, json   {apprenti(folder, 'runs', '--json'):6.2f} s")
        for what, words in LISTINGS.items():
            times = [apprenti(folder, *words) for _ in range(options.repeat)]
            print(f"next, {what:<9} {statistics.median(times):6.2f} s")


if __name__ == "__main__":
    main()
