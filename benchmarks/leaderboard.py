"""`apprenti compare --all`: how long it takes, and how good its best single model is.

On titanic (without the column `alive`, which is the answer under another name), mpg and the digits.
The claims: it takes at most 30, 30 and 90 seconds with two cores; and the test score of its best
model is at least that of AutoGluon's best single model, as a mean over the split seeds. Both learn
from the same rows, and both choose their best by the same validation rows. A score on the test rows
of one seed moves by several points, those of one seed together: the differences of the pairs stand
below the table, with their interval, and the validation scores beside.

AutoGluon's models are those of its medium preset, without the ensemble of them. It needs older
packages than ours, so that it runs in an environment of its own, whose Python is named:

    python -m venv FOLDER && FOLDER/bin/pip install "autogluon.tabular[lightgbm,catboost,xgboost]"
    APPRENTI_DATA=FOLDER python benchmarks/leaderboard.py --autogluon FOLDER/bin/python
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from typing import NamedTuple

import ours
import pandas as pd
import side_by_side
from own_data import project_on, source_of
from scipy.stats import t as student_t
from side_by_side import Claim, Measured

RIVAL = Path(__file__).parent / "rivals" / "autogluon_models.py"


class Board(NamedTuple):
    """One data set: its target, its score, and the seconds that a leaderboard of it may take."""

    data: str
    target: str
    score: str
    limit: float
    settings: tuple[str, ...] = ()


BOARDS = (
    Board("titanic", "survived", "accuracy", 30, ('ignore=["alive"]',)),
    Board("mpg", "mpg", "r2", 30),
    Board("digits", "", "accuracy", 90),
)


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 10)
    parser.add_argument("--autogluon", default="", help="the Python in whose environment it is")
    parser.add_argument("--only", default="", help="one of the data sets")
    arguments = parser.parse_args()
    claims: list[Claim] = []
    results: dict[str, list[Measured]] = {}
    with TemporaryDirectory() as folder:
        for board in BOARDS:
            if arguments.only in ("", board.data):
                measured = [
                    turn(board, seed, Path(folder), arguments.autogluon)
                    for seed in range(arguments.rounds)
                ]
                results[board.data] = measured
                claims += judge(board, measured)
    tables = [told(data, measured) for data, measured in results.items()]
    side_by_side.conclude(arguments, tables, claims, results)


def turn(board: Board, seed: int, folder: Path, autogluon: str) -> Measured:
    """Return what both reach with one split, and what our leaderboard takes."""
    project = project_on(source_of(board.data), board.target, folder)
    chosen = [f"data.split.seed={seed}", *board.settings]
    command = [*ours.APPRENTI, "compare", "--all", "--again", "--json", "--project", project]
    start, used = time.perf_counter(), processor_seconds()
    made = side_by_side.child([*command, *(part for one in chosen for part in ("--set", one))])
    measured: Measured = {
        "seconds": time.perf_counter() - start,
        "processor": processor_seconds() - used,
        "ours": {one["run"]: {"valid": one["score"], **one} for one in made["models"]},
    }
    runs = [one for one in made["models"] if one["score"] is not None]
    for one in runs:
        measured["ours"][one["run"]]["test"] = on_test(project / "runs" / one["run"], board)
    if autogluon:
        rows = write_parts(project / "runs" / runs[0]["run"], board, folder / f"rows-{seed}")
        command = [autogluon, RIVAL, rows, board.target or "target", board.score]
        measured["theirs"] = side_by_side.child(command)["models"]
    side_by_side.note(line(board, seed, measured))
    return measured


def processor_seconds() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def on_test(run: Path, board: Board) -> float:
    """Return the score on the test rows, as the script of the run itself measures it."""
    where = {**os.environ, "APPRENTI_DATA": str(Path(source_of(board.data)).parent)}
    script = [sys.executable, "-I", run / "evaluate.py"]
    subprocess.run(script, check=True, stdout=subprocess.DEVNULL, env=where)
    return float(pd.read_json(run / "test_measures.json", typ="series")[f"test_{board.score}"])


def write_parts(run: Path, board: Board, folder: Path) -> Path:
    """Write the rows of each part as the run shared them out, without the columns it ignored."""
    parts = pd.read_parquet(run / "split.parquet")
    if board.target:
        table = pd.read_csv(source_of(board.data)).drop(columns="alive", errors="ignore")
    else:
        from sklearn.datasets import load_digits

        table = load_digits(as_frame=True).frame
    folder.mkdir(exist_ok=True)
    for name in ("train", "valid", "test"):
        rows = parts.loc[parts["part"] == name, "row"]
        table.loc[rows].to_csv(folder / f"{name}.csv", index=False)
    return folder


# Telling


def best(models: dict[str, dict[str, float]]) -> str:
    """Return the model with the best validation score: who chooses looks at nothing else."""
    return max(models, key=lambda name: models[name].get("valid") or float("-inf"))


def line(board: Board, seed: int, measured: Measured) -> str:
    words = [f"{board.data}, seed {seed}: {measured['seconds']:.1f} s"]
    for who in ("ours", "theirs"):
        if models := measured.get(who):
            one = best(models)
            words.append(f"{one} {models[one]['valid']:.4f} {models[one]['test']:.4f}")
    return "  ".join(words)


def reached(measured: list[Measured], who: str, part: str) -> list[float]:
    return [one[who][best(one[who])][part] for one in measured if who in one]


def judge(board: Board, measured: list[Measured]) -> list[Claim]:
    taken = side_by_side.values(measured)
    spread = (min(taken), max(taken))
    text = f"compare --all on {board.data}, seconds"
    claims = [Claim(text, statistics.median(taken), board.limit, spread=spread)]
    if theirs := reached(measured, "theirs", "test"):
        mine = reached(measured, "ours", "test")
        text = f"{board.data}: test {board.score} of the best single model"
        bound, found = statistics.mean(theirs), statistics.mean(mine)
        spread = (min(mine), max(mine))
        claims.append(Claim(text, found, round(bound, 4), True, "AutoGluon", spread))
    return claims


def told(data: str, measured: list[Measured]) -> str:
    """Return a table of every model of both, the best on average first."""
    scores: dict[tuple[str, str], list[dict[str, float]]] = {}
    for one in measured:
        for who in ("ours", "theirs"):
            for name, found in one.get(who, {}).items():
                label = f"{found['model']}, {found['framework']}" if who == "ours" else name
                scores.setdefault((who, label), []).append(found)
    rows = [
        [label, {"ours": "Apprenti", "theirs": "AutoGluon"}[who], *means(found)]
        for (who, label), found in scores.items()
    ]
    rows += [
        ["the best by validation", {"ours": "Apprenti", "theirs": "AutoGluon"}[who], *both]
        for who in ("ours", "theirs")
        if (
            both := [
                f"{statistics.mean(reached(measured, who, part)):.4f}"
                for part in ("valid", "test")
                if reached(measured, who, part)
            ]
        )
    ]
    rows.sort(key=lambda row: row[2], reverse=True)
    processor = statistics.median(one["processor"] for one in measured)
    head = f"{data}: {processor:.0f} processor seconds a leaderboard"
    table = side_by_side.table((head, "whose", "validation", "test"), rows)
    return "\n".join([table, *difference(measured)])


def difference(measured: list[Measured]) -> list[str]:
    """Say how far our best is above theirs on the test rows: Student's interval of the pairs."""
    ours, theirs = (reached(measured, who, "test") for who in ("ours", "theirs"))
    if len(theirs) < 2:
        return []
    apart = [one - other for one, other in zip(ours, theirs, strict=True)]
    mean = statistics.mean(apart)
    wide = float(student_t.ppf(0.975, len(apart) - 1)) * statistics.stdev(apart) / len(apart) ** 0.5
    interval = f"95 % confidence interval {mean - wide:+.4f} to {mean + wide:+.4f}"
    return [f"Apprenti minus AutoGluon, {len(apart)} splits: {mean:+.4f}, {interval}"]


def means(found: list[dict[str, float]]) -> list[str]:
    kept = [one for one in found if one.get("valid") is not None]
    if not kept:
        return ["", ""]
    return [f"{statistics.mean(one[part] for one in kept):.4f}" for part in ("valid", "test")]


if __name__ == "__main__":
    main()
