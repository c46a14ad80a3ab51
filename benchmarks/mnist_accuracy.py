"""Accuracy on MNIST's own 10,000 test images, of the weights that five seeds leave behind.

The claims: the median is at least 97.2 % in PyTorch and in TensorFlow, and the two medians are at
most 0.3 points apart. Each run is `apprenti train --set train.seed=N`; a process of its own then
loads its weights (weights_score.py). --rounds is the number of seeds.
"""

import sys
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import ours
import side_by_side
from side_by_side import Claim, Contestant, Measured

SCORE = Path(__file__).parent / "weights_score.py"
FRAMEWORKS = {"PyTorch": ("pytorch", "torch"), "TensorFlow": ("tensorflow", "tensorflow")}
LEAST, APART = 97.2, 0.3


def main() -> None:
    arguments = side_by_side.options(__doc__ or "", 5, "epochs", "rows").parse_args()
    settings = {"data.split.train": arguments.rows, "train.epochs": arguments.epochs}
    with TemporaryDirectory() as folder:
        project = ours.make_project(Path(folder) / "project")
        contestants = []
        for name, (framework, module) in FRAMEWORKS.items():
            # Every round takes the next seed
            measure = partial(score, project, framework, settings, count())
            contestants.append(Contestant(name, measure, (module,)))
        results = side_by_side.alternate(contestants, arguments.rounds)
    conclude(arguments, results)


def score(
    project: Path, framework: str, settings: dict[str, object], seeds: Iterator[int]
) -> Measured:
    """Train with the next seed and return the accuracy in percent on the test images."""
    seed = next(seeds)
    run = ours.train(project, framework, {**settings, "train.seed": seed})
    command = [sys.executable, SCORE, framework, run["path"], project / "mnist"]
    accuracy = 100 * side_by_side.child(command)["accuracy"]
    return {"seed": seed, "seconds": run["seconds"], "accuracy": accuracy}


def conclude(arguments, results: dict[str, list[Measured]]) -> None:
    found = {name: side_by_side.values(runs, "accuracy") for name, runs in results.items()}
    medians = {name: median(accuracies) for name, accuracies in found.items()}
    claims = []
    for name, accuracies in found.items():
        spread = (min(accuracies), max(accuracies))
        text = f"{name}, median accuracy, %"
        claims.append(Claim(text, medians[name], LEAST, at_least=True, spread=spread))
    if len(medians) == len(FRAMEWORKS):
        gap = max(medians.values()) - min(medians.values())
        claims.append(Claim("gap between the medians, points", gap, APART))
    rows = [
        [f"seed {seed}", *(f"{accuracies[seed]:.2f} %" for accuracies in found.values())]
        for seed in range(arguments.rounds)
    ]
    rows.append(["median", *(f"{accuracy:.2f} %" for accuracy in medians.values())])
    side_by_side.conclude(arguments, [side_by_side.table(("", *found), rows)], claims, results)


if __name__ == "__main__":
    main()
