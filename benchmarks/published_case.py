"""A published case of overfitting, and a published learning curve, with Apprenti's own commands.

    python benchmarks/published_case.py [--parts case,remedies,curve] [--framework pytorch]

Nielsen, Neural Networks and Deep Learning (2015), chapter 3: MNIST, 784-30-10, sigmoid,
ten sigmoids with the cross-entropy of each, SGD with batches of 10 at a rate of 0.5, weights and
biases from N(0, 1). In parts:

case      1,000 training images, 400 epochs: what is learned, where the validation loss turns, the
          first length of training after which `apprenti diagnose` finds overfitting, where early
          stopping ends, and the accuracy of `apprenti evaluate` on MNIST's own test images; the
          framework's own initial weights beside it
remedies  `apprenti improve` on it: L2, augmentation, more data (4,000 images), initial weights; and
          the published strength of L2 alone. --epochs of each training, 100 unless told otherwise
curve     validation accuracy with 100 to 10,000 images (--sizes): weight decay 0.0001, each time
          150,000 updates (--updates); after a tenth of them the large start is not yet undone

Published are single draws: the first images of MNIST, validated on the last 10,000. The case and
the curve learn from these very images, for with few of them another draw is another figure; each of
the --rounds has a seed of its own. The remedies draw theirs.
"""

import gzip
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import ours
import side_by_side
from PIL import Image
from side_by_side import Claim

import apprenti
from apprenti.improve import Wishes, improve
from apprenti.train.trials import Trial, trials

SETTINGS = {
    "model.kind": "mlp",
    "model.hidden_units": [30],
    "model.activation": "sigmoid",
    "model.initial_weights": "normal",
    "train.loss": "binary_cross_entropy",
    "train.optimizer": "sgd",
    "train.learning_rate": 0.5,
    "train.schedule": "constant",
    "train.batch_size": 10,
    "train.epochs": 400,
    "data.split.train": 1000,
    "data.split.valid": 10_000,
}
LENGTHS = (4, 6, 8, 10, 15, 20, 30, 40)
"""Epochs after which the diagnosis is asked whether it sees overfitting."""

PATIENCE = 10
PUBLISHED = {
    100: 69.1,
    200: 76.4,
    500: 85.3,
    1000: 88.9,
    2000: 91.3,
    5000: 93.2,
    10_000: 94.9,
}
"""Validation accuracy in percent, by the number of training images."""

L2 = {"train.weight_decay": 1e-4}
"""The source's lambda / n: 0.1 / 1,000 in the case, and the same for each size of the curve."""

REMEDIES = ("weight_decay", "augmentation", "more_data", "initial_weights")
PARTS = ("case", "remedies", "curve")

Found = dict[str, Any]


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 3)
    parser.add_argument("--parts", default=",".join(PARTS), help="default: all three")
    parser.add_argument("--framework", choices=("pytorch", "tensorflow"), default="pytorch")
    parser.add_argument("--pairs", type=int, default=8, help="of apprenti improve; default 8")
    parser.add_argument("--epochs", type=int, default=100, help="of the remedies; default 100")
    sizes = ",".join(map(str, PUBLISHED))
    parser.add_argument("--sizes", default=sizes, help="of the curve; default: all seven")
    parser.add_argument("--updates", type=int, default=150_000, help="of the curve; default 150000")
    arguments = parser.parse_args()
    made = {"case": case, "remedies": remedies, "curve": curve}
    tables: list[str] = []
    claims: list[Claim] = []
    measured: Found = {}
    with TemporaryDirectory() as name:
        images = images_of(ours.make_project(Path(name) / "mnist") / "mnist")
        for part in arguments.parts.split(","):
            told, claimed, measured[part] = made[part](Path(name), images, arguments)
            tables += told
            claims += claimed
    side_by_side.conclude(arguments, tables, claims, measured)


# The data


def images_of(folder: Path) -> dict[str, np.ndarray]:
    """Return MNIST as it comes: training and test images with their labels."""
    files = {"train": "train", "test": "t10k"}
    found = {
        f"x_{part}": idx(folder / f"{name}-images-idx3-ubyte.gz", 16)
        for part, name in files.items()
    }
    labels = {
        f"y_{part}": idx(folder / f"{name}-labels-idx1-ubyte.gz", 8) for part, name in files.items()
    }
    return {**{name: one.reshape(-1, 28, 28) for name, one in found.items()}, **labels}


def idx(path: Path, head: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=head)


def new_project(
    folder: Path, images: Mapping[str, np.ndarray], rows: int, settings: Mapping[str, object]
) -> Path:
    """Make a project on the first images of MNIST: so many besides those of the validation set."""
    rows += SETTINGS["data.split.valid"]
    kept = {name: one[:rows] if name.endswith("train") else one for name, one in images.items()}
    np.savez(folder / f"first-{rows}.npz", **kept)
    project = folder / f"project-{rows}"
    apprenti.new(project, folder / f"first-{rows}.npz")
    apprenti.set(project, **{**SETTINGS, **settings})
    return project


def of_the_source(
    folder: Path, images: Mapping[str, np.ndarray], size: int, settings: Mapping[str, object]
) -> Path:
    """Make a project on the images of the source: so many first ones, and the last 10,000.

    The test images are in it too, unless the settings ask for none.
    """
    count = len(images["y_train"])
    valid = range(count - SETTINGS["data.split.valid"], count)
    save(folder / f"first-{size}" / "train", images["x_train"], images["y_train"], range(size))
    save(folder / f"first-{size}" / "valid", images["x_train"], images["y_train"], valid)
    if settings.get("data.split.test") != 0:
        tested = range(len(images["y_test"]))
        save(folder / f"first-{size}" / "test", images["x_test"], images["y_test"], tested)
    project = folder / f"source-{size}"
    apprenti.new(project, folder / f"first-{size}")
    own = {key: value for key, value in SETTINGS.items() if not key.startswith("data.")}
    apprenti.set(project, **{**own, "data.image_size": [28, 28], **settings})
    return project


def save(folder: Path, images: np.ndarray, labels: np.ndarray, places: range) -> None:
    for label in range(10):
        (folder / str(label)).mkdir(parents=True)
    for place in places:
        Image.fromarray(images[place]).save(folder / str(labels[place]) / f"{place}.png")


# The case


def case(folder: Path, images: Mapping[str, np.ndarray], arguments) -> tuple[Any, ...]:
    project = of_the_source(folder, images, 1000, {"train.framework": arguments.framework})
    found = [of_seed(project, seed) for seed in range(arguments.rounds)]
    head = ("seed", *found[0])
    rows = [[str(seed), *map(written, one.values())] for seed, one in enumerate(found)]
    middle = {name: median(one[name] for one in found) for name in found[0]}
    claims = [
        Claim("training accuracy, %", middle["train"], 100, at_least=True),
        Claim("test accuracy, points from 82", abs(middle["test"] - 82), 2),
        Claim("turn of the validation loss, epochs from 15", abs(middle["turn"] - 15), 10),
        Claim("epochs until the alarm", middle["alarm"], 40),
        Claim("early stopping, epochs from the turn", abs(middle["kept"] - middle["turn"]), 5),
    ]
    return [side_by_side.table(head, rows)], claims, found


def written(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def of_seed(project: Path, seed: int) -> Found:
    """Return what one draw of the initial weights gives, accuracies in percent."""
    chance = {"train.seed": seed}
    run = apprenti.train(project, **chance).run
    losses = [row["valid_loss"] for row in run.history]
    alarm = next((n for n in LENGTHS if overfits(project, {**chance, "train.epochs": n})), None)
    stopped = apprenti.train(project, **chance, **{"train.early_stopping": PATIENCE}).run
    small = apprenti.train(project, **chance, **{"model.initial_weights": "default"}).run
    side_by_side.note(f"seed {seed} is done")
    return {
        "train": 100 * run.history[-1]["train_accuracy"],
        "valid": 100 * run.history[-1]["valid_accuracy"],
        "test": test_accuracy(project, run),
        "turn": losses.index(min(losses)) + 1,
        "alarm": alarm or SETTINGS["train.epochs"],
        "stopped": len(stopped.history),
        "kept": stopped.kept_epoch,
        "test, small weights": test_accuracy(project, small),
    }


def overfits(project: Path, settings: Mapping[str, object]) -> bool:
    """Say whether the diagnosis of a training finds overfitting, as a problem."""
    run = apprenti.train(project, **settings).run
    found = apprenti.diagnose(run.name, project=project).findings
    return any(one["code"] == "R02" and one["severity"] != "note" for one in found)


def test_accuracy(project: Path, run) -> float:
    opened = apprenti.evaluate(run.name, project=project)
    return 100 * next(one["value"] for one in opened.facts["measures"] if one["name"] == "accuracy")


# The remedies


def remedies(folder: Path, images: Mapping[str, np.ndarray], arguments) -> tuple[Any, ...]:
    given = {"train.framework": arguments.framework, "train.epochs": arguments.epochs}
    path = new_project(folder, images, 4000, given)
    run = apprenti.train(path).run
    found = improve(apprenti.load(path), run, Wishes(arguments.pairs, only=REMEDIES))
    published = apprenti.improve(
        one={"train.weight_decay": [0, L2["train.weight_decay"]]},
        pairs=arguments.pairs,
        project=path,
    )
    rows, claims = [], []
    for one in found.everything:
        change = one.measure
        interval = f"{100 * change.low:+.2f} to {100 * change.high:+.2f}"
        told = ", ".join(f"{key}={value}" for key, value in one.arm.settings.items())
        rows.append([one.arm.name, told, f"{100 * change.mean:+.2f}", interval, one.verdict])
        if one.arm.name in REMEDIES:
            text = f"{one.arm.name}: lower end of the change, points"
            claims.append(Claim(text, 100 * change.low, 0, at_least=True))
    head = ("remedy", "setting", "accuracy, points", "interval", "verdict")
    values = [[str(one[key]) for key in published.frame] for _, one in published.frame.iterrows()]
    tables = [side_by_side.table(head, rows), side_by_side.table([*published.frame], values)]
    return tables, claims, {"remedies": rows, "published L2": published.facts["values"]}


# The learning curve


def curve(folder: Path, images: Mapping[str, np.ndarray], arguments) -> tuple[Any, ...]:
    given = {"train.framework": arguments.framework, "data.split.test": 0, **L2}
    rows, claims, found = [], [], {}
    for size in map(int, arguments.sizes.split(",")):
        project = of_the_source(folder / "curve", images, size, given)
        epochs = max(1, arguments.updates * SETTINGS["train.batch_size"] // size)
        asked = [{"train.epochs": epochs, "train.seed": seed} for seed in range(arguments.rounds)]
        ended = trials(apprenti.load(project), asked, on_end=partial(tell, size))
        found[size] = scores = [accuracy(one) for one in ended]
        apart = mean(scores) - PUBLISHED[size]
        spread = f"{min(scores):.1f} to {max(scores):.1f}"
        told = f"{mean(scores):.1f}", spread, f"{PUBLISHED[size]:.1f}", f"{apart:+.1f}"
        rows.append([str(size), *told])
        claims.append(Claim(f"{size} images, points from the published figure", abs(apart), 2))
    head = ("images", "accuracy, mean", "lowest to highest", "published", "difference")
    return [side_by_side.table(head, rows)], claims, found


def tell(size: int, trial: Trial) -> None:
    side_by_side.note(f"{size} images, seed {trial.seed}: {accuracy(trial):.1f} %")


def accuracy(trial: Trial) -> float:
    return 100 * trial.kept["valid_accuracy"]


if __name__ == "__main__":
    main()
