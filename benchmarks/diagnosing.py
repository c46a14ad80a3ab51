"""How long does one wait for `apprenti diagnose`, of a run of 10,000 epochs and 10,000 predictions?

The claim: the answer is there within a second, on MNIST and on a table of 50,000 rows, both of
which are read again for it. The picture is drawn once the answer is printed: `whole` is when the
command ends. `processor` are the seconds that the answer took of the processor, and the whole
command: where other programs run, they say more than the clock.

A run of two epochs is trained in each project, and its history stretched.
"""

import csv
import os
import subprocess
import time
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

import numpy as np
import ours
import pandas as pd
import side_by_side
from side_by_side import Claim, Contestant, ContestantError, Measured

MNIST, TABLE = "MNIST", "table"
LIMIT = 1.0
"""Seconds until the answer is there."""

CHECKED = 0.2
"""The share of the rows of the table that are validation rows: 10,000 of 50,000."""

OTHERS = ("whole", "processor", "processor_whole")

OF_PICTURE = "diagnosis.png"
"""What stands in the last line, which comes once the picture is drawn."""


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 5, "rows")
    parser.add_argument("--epochs", type=int, default=10_000, help="default 10000")
    parser.add_argument("--without-mnist", action="store_true", help="the table alone")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        projects = {TABLE: of_table(Path(name), arguments.rows)}
        if not arguments.without_mnist:
            projects[MNIST] = ours.make_project(Path(name) / "mnist")
        for project in projects.values():
            made = ours.train(project, "pytorch", {"train.epochs": 2})
            stretch(Path(made["path"]) / "history.csv", arguments.epochs)
        contestants = [
            Contestant(name, partial(diagnose, project)) for name, project in projects.items()
        ]
        # Once to no end: files are read from the disk
        for contestant in contestants:
            contestant.measure()
        results = side_by_side.alternate(contestants, arguments.rounds)
    rows = [
        [
            *side_by_side.seconds_row(name, measured),
            *(f"{side_by_side.middle(measured, what):.2f}" for what in OTHERS),
        ]
        for name, measured in results.items()
    ]
    head = ("a run on", *side_by_side.SECONDS, "whole", "processor", "whole")
    claims = [claim(name, measured) for name, measured in results.items()]
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def claim(name: str, measured: list[Measured]) -> Claim:
    taken = side_by_side.values(measured)
    text = f"{name}: seconds until the answer"
    return Claim(text, side_by_side.middle(measured), LIMIT, spread=(min(taken), max(taken)))


def of_table(folder: Path, rows: int) -> Path:
    """Make a project on a table of numbers and words, whose classes can be told apart in part."""
    random = np.random.default_rng(0)
    table = pd.DataFrame({f"x{number}": random.normal(size=rows).round(3) for number in range(8)})
    table["city"] = random.choice(["Lille", "Nice", "Brest"], rows)
    table["size"] = random.integers(1, 100, rows)
    signal = table["x0"] + table["x1"] + random.normal(size=rows)
    table["answer"] = np.where(signal > 0, "yes", "no")
    table.to_csv(folder / "table.csv", index=False)
    command = [*ours.APPRENTI, "new", folder / "table", "--data", folder / "table.csv"]
    side_by_side.child([*command, "--target", "answer", "--json"])
    chosen = folder / "table" / "apprenti.toml"
    text = chosen.read_text(encoding="utf-8").replace("valid = 0.15", f"valid = {CHECKED}")
    chosen.write_text(text, encoding="utf-8")
    return folder / "table"


def stretch(path: Path, epochs: int) -> None:
    """Write a history anew, of so many epochs, on straight lines between those that it has."""
    with open(path, newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    known = np.array(rows, dtype=float)
    at, there = np.linspace(0, len(known) - 1, epochs), np.arange(len(known))
    columns = {name: np.interp(at, there, known[:, place]) for place, name in enumerate(names)}
    table = pd.DataFrame(columns).round(6).assign(epoch=np.arange(1, epochs + 1))
    table.to_csv(path, index=False)


def diagnose(project: Path) -> Measured:
    """Ask what is wrong with the last run, with and without the picture."""
    told, whole, of_all = timed(project)
    _, _, of_answer = timed(project, "--no-picture")
    return {"seconds": told, "whole": whole, "processor": of_answer, "processor_whole": of_all}


def timed(project: Path, *options: str) -> tuple[float, float, float]:
    """Return how long a diagnosis takes to say and to end, and what it used of the processor."""
    before, begin, told = getrusage(RUSAGE_CHILDREN), time.perf_counter(), 0.0
    variables = {**os.environ, "APPRENTI_LANG": "en", "COLUMNS": "1000"}
    command = [*ours.APPRENTI, "diagnose", "last", "--project", project, *options]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, env=variables, **how) as process:
        for line in process.stdout:
            if OF_PICTURE not in line:
                told = time.perf_counter() - begin
        errors = process.stderr.read()
    whole, after = time.perf_counter() - begin, getrusage(RUSAGE_CHILDREN)
    if process.returncode:
        raise ContestantError(errors)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return told, whole, used


if __name__ == "__main__":
    main()
