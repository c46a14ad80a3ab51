"""What a model reaches with the settings that `apprenti new` writes, on tables and on MNIST.

Each result is the mean over several split seeds of the last epoch's score on the validation rows:
accuracy for classes, R2 for numbers. Each seed runs the script that `apprenti train` would
run (all_seeds.py). The tables of scikit-learn come with it; the others are looked for in the folder
`tables` of the one that APPRENTI_DATA names. Titanic is learned without its column `alive`, which
is the answer under another name (`apprenti data` says so).

And an honesty test: 30,000 rows of two meaningless categories, with labels drawn at random. The
area under the ROC curve must be that of chance, and no model may be said to beat the trivial one.
"""

import csv
import os
import random
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import side_by_side
from side_by_side import Claim

ALL_SEEDS = Path(__file__).parent / "all_seeds.py"
APPRENTI = (sys.executable, "-m", "apprenti")
NETWORKS = ("pytorch", "tensorflow")


class Goal(NamedTuple):
    """One line: a table, its target, and who must reach what on it."""

    table: str
    target: str
    model: str
    frameworks: tuple[str, ...]
    score: str
    least: float
    most_seeds: int = 100
    settings: tuple[str, ...] = ()


GOALS = (
    Goal("breast_cancer", "target", "mlp", NETWORKS, "accuracy", 0.95),
    Goal("diabetes", "target", "linear", NETWORKS, "r2", 0.40),
    Goal("diabetes", "target", "mlp", NETWORKS, "r2", 0.40),
    Goal("titanic", "survived", "mlp", NETWORKS, "accuracy", 0.78, 100, ('ignore=["alive"]',)),
    Goal("penguins", "species", "mlp", NETWORKS, "accuracy", 0.96),
    Goal("mpg", "mpg", "mlp", NETWORKS, "r2", 0.84),
    Goal("diamonds", "price", "boosting", ("sklearn",), "r2", 0.97, 3),
    Goal("diamonds", "price", "mlp", NETWORKS, "r2", 0.93, 3),
    Goal("mnist", "", "cnn", NETWORKS, "accuracy", 0.988, 3),
)


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 10)
    parser.add_argument("--only", default="", help="a table, `mnist` or `honesty`")
    arguments = parser.parse_args()
    claims: list[Claim] = []
    with TemporaryDirectory() as folder:
        for goal in GOALS:
            if arguments.only in ("", goal.table):
                claims += reached(goal, arguments.rounds, Path(folder))
        if arguments.only in ("", "honesty"):
            claims += honesty(Path(folder))
    side_by_side.conclude(arguments, [], claims, {})


def reached(goal: Goal, rounds: int, folder: Path) -> list[Claim]:
    """Return what each framework reaches on average; nothing where the data are missing."""
    claims = []
    for framework in goal.frameworks:
        name = f"{goal.table}, {goal.model}, {framework}: {goal.score}"
        try:
            found = scores(goal, framework, min(rounds, goal.most_seeds), folder)
        except side_by_side.ContestantError as error:
            side_by_side.note(f"{name} is left out: {error}")
            continue
        mean, spread = statistics.mean(found), (min(found), max(found))
        claims.append(Claim(name, mean, goal.least, at_least=True, spread=spread))
    return claims


def source_of(table: str) -> str:
    path = Path(os.environ.get("APPRENTI_DATA", "")) / "tables" / f"{table}.csv"
    return str(path) if path.is_file() else table


def project_on(source: str, target: str, folder: Path) -> Path:
    project = folder / Path(source).stem
    if not project.exists():
        given = ["--data", source, *(["--target", target] if target else [])]
        side_by_side.child([*APPRENTI, "new", project, *given, "--json"])
    return project


def scores(goal: Goal, framework: str, seeds: int, folder: Path) -> list[float]:
    project = project_on(source_of(goal.table), goal.target, folder)
    settings = (f"kind={goal.model}", f"framework={framework}", *goal.settings)
    command = [sys.executable, ALL_SEEDS, project, str(seeds), goal.score, *settings]
    found = [float(score) for score in side_by_side.child(command)["scores"]]
    told = "  ".join(f"{score:.4f}" for score in found)
    side_by_side.note(f"{goal.table}, {goal.model}, {framework}: {told}")
    return found


def honesty(folder: Path) -> list[Claim]:
    """Return how far each model is from chance where there is nothing to learn."""
    path, drawn = folder / "nothing.csv", random.Random(0)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("of 31", "of 2", "label"))
        for _ in range(30_000):
            many, few = f"m{drawn.randrange(31)}", "ab"[drawn.randrange(2)]
            writer.writerow((many, few, "yes" if drawn.random() < 0.2 else "no"))
    project = project_on(str(path), "label", folder)
    command = [*APPRENTI, "compare", "--project", project, "--json"]
    told = side_by_side.child(command)["verdicts"]
    claims = []
    for run, auc in {one["run"]: one["auc"] for one in told}.items():
        claims.append(Claim(f"nothing to learn, {run[15:]}: AUC less 0.5", abs(auc - 0.5), 0.02))
    for one in told:
        name = f"nothing to learn, {one['run'][15:]}"
        beats = float(one["outcome"] == "better")
        claims.append(Claim(f"{name}: said to beat {one['other'][15:]}", beats, 0.0))
    return claims


if __name__ == "__main__":
    main()
