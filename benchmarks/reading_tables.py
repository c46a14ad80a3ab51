"""Reading and preparing a large table: the run's own code against pandas and scikit-learn by hand.

The claim: from the file to the arrays that a model learns from, a table of a million rows and
thirty columns (twenty of numbers with gaps, ten of categories) takes the run's code at most 1.5 x
what a person takes who writes `read_csv`, `train_test_split` and the same pipeline.

Each turn is a process of its own. Time must grow linearly with the rows: a quarter of them and four
times as many are measured too.
"""

import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import side_by_side
from side_by_side import Claim, Contestant

RIVALS = Path(__file__).parent / "rivals"
LIMIT, LINEAR = 1.5, 1.3


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 3)
    parser.add_argument("--rows", type=int, default=1_000_000, help="default 1000000")
    arguments = parser.parse_args()
    sizes = [arguments.rows // 4, arguments.rows, arguments.rows * 4]
    with TemporaryDirectory() as folder:
        contestants = []
        for rows in sizes:
            path = write(Path(folder) / f"{rows}.csv", rows)
            contestants.append(contestant(f"the run's code, {rows:,} rows", "table_ours", path))
        by_hand = contestant("by hand", "table_by_hand", Path(folder) / f"{arguments.rows}.csv")
        results = side_by_side.alternate([*contestants, by_hand], arguments.rounds)
    usual = contestants[1].name
    claims = side_by_side.ratio("the run's code / by hand", usual, ["by hand"], LIMIT, results)
    for small, large in pairwise(contestants):
        grown = side_by_side.middle(results[large.name]) / side_by_side.middle(results[small.name])
        claims.append(Claim(f"four times the rows: {large.name}, less 4 x", grown / 4, LINEAR))
    rows = [side_by_side.seconds_row(name, measured) for name, measured in results.items()]
    head = ("contestant", *side_by_side.SECONDS)
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def contestant(name: str, script: str, path: Path) -> Contestant:
    command = [sys.executable, RIVALS / f"{script}.py", path]
    return Contestant(name, partial(side_by_side.child, command), ("pandas",))


def write(path: Path, rows: int) -> Path:
    """Write a table with gaps and categories; the same bytes for the same number of rows."""
    random = np.random.default_rng(0)
    columns = {f"n{i}": random.normal(size=rows).round(4) for i in range(20)}
    for values in columns.values():
        values[random.random(rows) < 0.05] = np.nan
    names = np.array([f"category {i}" for i in range(12)])
    columns |= {f"c{i}": names[random.integers(12, size=rows)] for i in range(9)}
    columns["target"] = np.array(["no", "yes"])[random.integers(2, size=rows)]
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


if __name__ == "__main__":
    main()
