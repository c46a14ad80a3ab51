"""A table larger than the memory should hold: one epoch, its memory, time that grows linearly.

The claim: 20 million rows of 20 numbers in a Parquet file, one epoch of a perceptron at batch
4,096, in each framework, with less than 2 GB in the memory of any process; and from a sixteenth of
the rows to a quarter to all of them, at most 4.4 x the time for four times the rows.

Timed is the whole command, `apprenti train`: the look through the file, its checksum, the split,
the preparation, the epoch, the measuring and the predictions.
"""

import os
import subprocess
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import side_by_side
from ours import APPRENTI
from side_by_side import Claim, Contestant

COLUMNS, GROUP, BATCH = 20, 1_000_000, 4096
MOST_GIGABYTES, LINEAR = 2.0, 4.4


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 1)
    parser.add_argument("--rows", type=int, default=20_000_000, help="default 20000000")
    arguments = parser.parse_args()
    sizes = [arguments.rows // 16, arguments.rows // 4, arguments.rows]
    with TemporaryDirectory() as folder:
        projects = {rows: make_project(Path(folder) / str(rows), rows) for rows in sizes}
        names = {(f, n): f"{f}, {n:,} rows" for f in ("pytorch", "tensorflow") for n in sizes}
        contestants = [
            Contestant(name, partial(train, projects[rows], framework))
            for (framework, rows), name in names.items()
        ]
        results = side_by_side.alternate(contestants, arguments.rounds)
    claims = []
    for framework in ("pytorch", "tensorflow"):
        largest = results[names[framework, sizes[-1]]]
        memory = max(side_by_side.values(largest, "gigabytes"))
        claims.append(Claim(f"{framework}: GB of the largest process", memory, MOST_GIGABYTES))
        for small, large in pairwise(sizes):
            before, after = (results[names[framework, rows]] for rows in (small, large))
            grown = side_by_side.middle(after) / side_by_side.middle(before)
            claims.append(Claim(f"{framework}: {large:,} rows / {small:,} rows", grown, LINEAR))
    rows = [
        [*side_by_side.seconds_row(name, measured), f"{measured[0]['gigabytes']:.2f}"]
        for name, measured in results.items()
    ]
    head = ("contestant", *side_by_side.SECONDS, "GB")
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def make_project(folder: Path, rows: int) -> Path:
    """Write a table of random numbers, one of them their weighted sum, and a project on it."""
    folder.mkdir()
    write(folder / "table.parquet", rows)
    made = folder / "project"
    command = [*APPRENTI, "new", made, "--data", folder / "table.parquet", "--target", "y"]
    side_by_side.child([*command, "--json"])
    return made


def write(path: Path, rows: int) -> None:
    random = np.random.default_rng(0)
    weights, writer = random.normal(size=COLUMNS), None
    for start in range(0, rows, GROUP):
        numbers = random.normal(size=(min(GROUP, rows - start), COLUMNS))
        answers = numbers @ weights + 0.5 * random.normal(size=len(numbers))
        columns = {f"x{i}": numbers[:, i] for i in range(COLUMNS)} | {"y": answers}
        table = pa.table(columns)
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def train(project: Path, framework: str) -> side_by_side.Measured:
    """Train one epoch; the memory is that of the largest process of the command."""
    settings = {"framework": framework, "epochs": 1, "batch_size": BATCH, "streamed": "true"}
    chosen = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    start = time.perf_counter()
    command = [*map(str, APPRENTI), "train", "--project", str(project), *chosen, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise side_by_side.ContestantError(str(process.stderr and process.stderr.read()[-500:]))
    # Linux counts kilobytes, macOS bytes
    return {
        "seconds": seconds,
        "gigabytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9,
    }


if __name__ == "__main__":
    main()
