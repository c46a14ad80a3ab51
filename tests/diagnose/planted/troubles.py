"""Projects of which it is known what is wrong with them, because that is how they were made.

A kind of trouble is a cause (labels flipped at random, a rate a thousand times too large, a column
written after the target), never a look at curves or scores. Number and seeds decide the data, the
model and the sizes; the same ones make the same project.
"""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn import datasets

NETWORKS = ("pytorch", "pytorch", "tensorflow", "pytorch")
EVERY = ("pytorch", "sklearn", "tensorflow", "pytorch", "sklearn")
"""Who trains the projects of a kind, by their number."""

TUNED, HELD_OUT = 1000, 2000
"""Where the numbers begin by which thresholds were set, and those that they are reported on."""


class Data(NamedTuple):
    """What is learned from: a table whose last column is the target, or images."""

    inputs: np.ndarray
    target: np.ndarray

    @property
    def is_number(self) -> bool:
        return self.target.dtype.kind == "f"


class Made(NamedTuple):
    """What makes a project: its data, the settings that are not the usual ones, its baselines."""

    data: Data
    settings: dict
    baselines: tuple = ()


class Kind(NamedTuple):
    """A kind of trouble: the code that must be found, those that may be too, and how it is made."""

    code: str
    beside: tuple
    frameworks: tuple
    make: Callable[[np.random.Generator, str, int], Made]


# ---- Data in which nothing is wrong


def classes(random, rows, apart=1.5, noise=0.0):
    """Clouds of points, two to four classes, some columns without a meaning."""
    columns = int(random.integers(6, 16))
    inputs, target = datasets.make_classification(
        rows,
        columns,
        n_informative=columns // 2 + 1,
        n_redundant=1,
        n_classes=int(random.integers(2, 5)),
        n_clusters_per_class=1,
        class_sep=apart,
        flip_y=noise,
        random_state=_seed(random),
    )
    return Data(inputs, target)


def moons(random, rows):
    """Two crescents that no straight line divides, and two columns without a meaning."""
    inputs, target = datasets.make_moons(rows, noise=0.2, random_state=_seed(random))
    return Data(np.column_stack([inputs, random.normal(size=(rows, 2))]), target)


def shells(random, rows):
    """Three shells around a point."""
    columns = int(random.integers(3, 6))
    found = datasets.make_gaussian_quantiles(
        n_samples=rows, n_features=columns, n_classes=3, random_state=_seed(random)
    )
    return Data(*found)


def digits(random, rows):
    """Real images of digits, each drawn once."""
    found = datasets.load_digits()
    some = random.permutation(len(found.target))[:rows]
    return Data(found.images[some], found.target[some])


def curved(random, rows, noise=1.0):
    """A number that hangs on five of ten columns in ways that are not straight."""
    inputs, target = datasets.make_friedman1(rows, noise=noise, random_state=_seed(random))
    return Data(inputs, target)


def straight(random, rows, noise=0.3):
    """A number that is a weighted sum of the columns, and noise."""
    inputs = random.normal(size=(rows, int(random.integers(4, 12))))
    signal = inputs @ random.uniform(0.5, 2, inputs.shape[1])
    return Data(inputs, signal + noise * signal.std() * random.normal(size=rows))


def _seed(random):
    return int(random.integers(2**31))


def pick(number, *choices):
    """Return one of the choices, in turn."""
    return choices[number % len(choices)]


# ---- Causes


def flipped(random, data, share):
    """Give a share of the rows another label, drawn at random; numbers get noise."""
    if data.is_number:
        noise = random.normal(size=len(data.target)) * share * 2 * data.target.std()
        return Data(data.inputs, data.target + noise)
    target, count = data.target.copy(), len(np.unique(data.target))
    some = random.permutation(len(target))[: round(share * len(target))]
    target[some] = (target[some] + random.integers(1, count, len(some))) % count
    return Data(data.inputs, target)


SPLIT = {"split.valid": 0.3, "split.test": 0.1}


def healthy(random, framework, number):
    """Enough rows of a clear signal for the size of the model, and as many epochs as it needs."""
    rows = int(random.integers(1400, 1800))
    make = pick(number, classes, curved, shells, digits, moons, straight)
    data = make(random, rows)
    if make is classes:
        # No table is without any error: a perfect score is suspicious, and rightly so
        data = flipped(random, data, 0.02)
    settings = SPLIT | {"epochs": 25, "learning_rate": 0.003, "hidden_units": [24]}
    settings["record_updates"] = framework != "sklearn"
    if framework == "tensorflow":
        settings |= {"batch_size": 64, "learning_rate": 0.006}
    if framework == "sklearn":
        is_straight = make in (classes, straight, digits)
        settings |= {"kind": pick(number // 6, "mlp", "linear" if is_straight else "svm", "svm")}
    elif make is digits:
        settings |= pick(number // 6, {"kind": "mlp"}, {"kind": "cnn", "filters": [8, 16]})
        settings |= {"epochs": 15, "batch_size": 64, "learning_rate": 0.006}
    return Made(data, settings, ("linear",) if number % 4 == 0 else ())


def overfitting(random, framework, number):
    """Few rows, a fifth of the labels wrong or a target that is half noise, a large model, long."""
    data = pick(number, classes, shells, straight, moons, curved)(random, 450)
    data = flipped(random, data, random.uniform(0.2, 0.3))
    if framework == "sklearn":
        kind = pick(number, "tree", "forest")
        return Made(data, SPLIT | {"kind": kind, "max_depth": 40, "n_estimators": 30})
    units = pick(number, [256], [128, 64], [200, 100])
    return Made(data, SPLIT | {"hidden_units": units, "epochs": 80, "learning_rate": 0.01})


def underfitting(random, framework, number):
    """A model that is too small for what is to be learned: one neuron, one cut, a straight line."""
    if framework == "sklearn":
        data = pick(number, digits, classes)(random, 1200)
        return Made(data, SPLIT | {"kind": "tree", "max_depth": 1}, ("linear",))
    if number % 2:
        return Made(shells(random, 1200), SPLIT | {"kind": "linear", "epochs": 15})
    settings = {"hidden_units": [1], "epochs": 15, "learning_rate": 0.003, "batch_size": 64}
    return Made(digits(random, 1200), SPLIT | settings, ("linear",))


def no_better(random, framework, number):
    """A target that has nothing to do with the inputs."""
    data = pick(number, classes, curved, shells, straight)(random, 900)
    data = Data(data.inputs, random.permutation(data.target))
    settings = {"hidden_units": [16], "epochs": 12}
    if framework == "sklearn":
        settings = {"kind": pick(number, "tree", "forest", "knn")}
    return Made(data, SPLIT | settings, ("trivial",))


def diverged(random, framework, number):
    """Plain gradient descent with a rate far beyond what a squared error bears."""
    data = pick(number, curved, straight)(random, 600)
    rate = float(10 ** random.uniform(1, 2))
    units = pick(number, [32], [64, 32])
    settings = {"optimizer": "sgd", "learning_rate": rate, "hidden_units": units, "epochs": 6}
    return Made(data, SPLIT | settings)


def oscillating(random, framework, number):
    """A rate that throws the weights to and fro, without losing them."""
    data = pick(number, classes, straight, shells, moons)(random, 700)
    rate = float(random.uniform(0.5, 2))
    settings = {"learning_rate": rate, "schedule": "constant", "epochs": 25, "kind": "linear"}
    return Made(data, SPLIT | settings)


def too_low(random, framework, number):
    """A rate a hundred times smaller than what these data and models need."""
    data = pick(number, classes, digits, straight, curved, moons)(random, 900)
    rate = float(10 ** random.uniform(-5.5, -4.8))
    return Made(data, SPLIT | {"learning_rate": rate, "epochs": 20, "hidden_units": [32]})


def stopped_early(random, framework, number):
    """A sound rate, and a fifth of the epochs that are needed."""
    data = pick(number, classes, digits, curved, shells)(random, 1200)
    settings = {"learning_rate": 0.001, "epochs": int(random.integers(3, 6))}
    return Made(data, SPLIT | settings | {"hidden_units": [48]})


def too_long(random, framework, number):
    """A model too small to overfit, on many rows, five times as long as it needs."""
    data = pick(number, classes, straight)(random, 1500)
    data = flipped(random, data, 0.1)
    settings = {"kind": "linear", "epochs": 60, "learning_rate": 0.02, "batch_size": 64}
    return Made(data, SPLIT | settings)


def tiny_validation(random, framework, number):
    """Ten to forty rows to validate with."""
    data = flipped(random, pick(number, classes, moons, shells, curved)(random, 600), 0.1)
    settings = {"split.valid": int(random.integers(10, 40)), "epochs": 12}
    if framework == "sklearn":
        settings |= {"kind": pick(number, "svm", "forest", "mlp")}
    return Made(data, settings)


def validation_better(random, framework, number):
    """The time of the validation set is an easier one: its targets are right, earlier ones are not.

    The rows are in the order of time, which the first column tells.
    """
    rows = 1200
    if framework == "sklearn":
        data = pick(number, classes, straight)(random, rows)
    else:
        data = pick(number, classes, straight, moons, curved)(random, rows)
    early = np.arange(rows) < 0.6 * rows
    wrong = flipped(random, Data(data.inputs[early], data.target[early]), 0.4)
    target = np.concatenate([wrong.target, data.target[~early]])
    inputs = np.column_stack([np.arange(rows), data.inputs])
    settings = {"time": "when", "epochs": 15, "hidden_units": [16], "learning_rate": 0.005}
    if framework == "sklearn":
        settings |= {"kind": "linear"}
    return Made(Data(inputs, target), SPLIT | settings)


def too_good(random, framework, number):
    """A column is written after the target: it says the same, with a little noise."""
    data = pick(number, classes, shells, moons)(random, 900)
    after = data.target + random.normal(size=900) * 0.02
    place = int(random.integers(data.inputs.shape[1]))
    inputs = np.insert(data.inputs, place, after, axis=1)
    settings = {"epochs": 30, "learning_rate": 0.01, "hidden_units": [32]}
    if framework == "sklearn":
        settings = {"kind": pick(number, "tree", "forest", "boosting"), "n_estimators": 20}
    return Made(Data(inputs, data.target), SPLIT | settings)


def imbalance(random, framework, number):
    """One row of twelve is of a class that the columns hardly tell from the other."""
    columns = int(random.integers(4, 9))
    target = (random.random(1600) < random.uniform(0.06, 0.1)).astype(int)
    inputs = random.normal(size=(1600, columns))
    inputs[:, :2] += target[:, None] * 0.7
    settings = {"epochs": 12, "hidden_units": [16]}
    if framework == "sklearn":
        settings = {"kind": pick(number, "linear", "forest", "boosting"), "n_estimators": 40}
    return Made(Data(inputs, target), SPLIT | settings)


def label_errors(random, framework, number):
    """Some labels of data that a model of this size has no trouble with are wrong."""
    data = digits(random, 1500) if number % 2 else classes(random, 1500, apart=4.0)
    data = flipped(random, data, random.uniform(0.05, 0.08))
    settings = {"hidden_units": [32], "epochs": 15, "learning_rate": 0.003}
    if framework == "sklearn":
        settings = {"kind": "svm"}
    return Made(data, SPLIT | settings)


def poor_calibration(random, framework, number):
    """Classes that overlap, learned by heart: as sure of what is noise as of what is not."""
    data = pick(number, classes, shells, moons)(random, 600)
    data = flipped(random, data, random.uniform(0.2, 0.3))
    if framework == "sklearn":
        return Made(data, SPLIT | {"kind": "tree", "max_depth": 40})
    settings = {"hidden_units": [128, 64], "epochs": 60, "schedule": "constant"}
    settings["learning_rate"] = 0.01
    return Made(data, SPLIT | settings)


def weak_class(random, framework, number):
    """One class lies in the midst of another one, which has three times as many rows."""
    count, rows = int(random.integers(3, 6)), 1200
    inputs, target = datasets.make_blobs(
        rows, 4, centers=10 * random.normal(size=(count, 4)), random_state=_seed(random)
    )
    # Three rows of four of the last class are gone, and the others moved onto the first one
    weak = target == count - 1
    inputs[weak] = inputs[target == 0][random.integers(0, (target == 0).sum(), weak.sum())]
    inputs[weak] += random.normal(size=(weak.sum(), 4)) * 0.5
    kept = ~weak | (random.random(rows) < 0.35)
    settings = {"hidden_units": [24], "epochs": 15, "learning_rate": 0.003}
    if framework == "sklearn":
        settings = {"kind": pick(number, "linear", "svm")}
    return Made(Data(inputs[kept], target[kept]), SPLIT | settings)


RECORDED = {"record_updates": True}


def still(random, framework, number):
    """Plain gradient descent, a thousand times too slow."""
    data = pick(number, classes, shells, straight, moons)(random, 700)
    settings = {"optimizer": "sgd", "learning_rate": float(10 ** random.uniform(-6, -5))}
    settings |= {"hidden_units": pick(number, [32], [24, 12]), "epochs": 8, "batch_size": 64}
    return Made(data, SPLIT | RECORDED | settings)


def dead_units(random, framework, number):
    """Rates that throw the units, within a few updates, to where each row gives 0."""
    data = pick(number, classes, shells, moons, curved)(random, 700)
    settings = {"learning_rate": float(random.uniform(0.5, 1.5)), "hidden_units": [48, 24]}
    return Made(data, SPLIT | RECORDED | settings | {"epochs": 8})


def vanishing(random, framework, number):
    """Nine to eleven layers of sigmoids, each of which passes a quarter on at the most."""
    data = pick(number, classes, shells, moons, curved)(random, 700)
    settings = {"activation": "sigmoid", "hidden_units": [24] * int(random.integers(9, 12))}
    return Made(data, SPLIT | RECORDED | settings | {"epochs": 8, "batch_size": 64})


def not_normalised(random, framework, number):
    """A few values of one or two columns are typed in another unit, or without their comma."""
    data = pick(number, classes, curved, shells, straight, moons)(random, 1400)
    data = flipped(random, data, 0.02)
    inputs, columns = data.inputs.copy(), data.inputs.shape[1]
    for column in random.permutation(columns)[: int(random.integers(1, 3))]:
        rows = random.permutation(len(inputs))[: int(random.integers(4, 10))]
        inputs[rows, column] *= 10 ** random.uniform(4, 7)
    settings = {"epochs": 15, "hidden_units": [24], "learning_rate": 0.005}
    if framework == "sklearn":
        settings |= {"kind": pick(number, "linear", "svm", "knn", "mlp")}
    else:
        settings |= {"kind": pick(number, "mlp", "linear")}
    return Made(Data(inputs, data.target), SPLIT | settings)


def memorised(random, framework, number):
    """A third of the rows were collected twice, and a model with room enough learns them all."""
    data = flipped(random, pick(number, classes, shells, moons, curved)(random, 700), 0.25)
    again = random.permutation(len(data.target))[: int(random.uniform(0.3, 0.4) * 700)]
    order = random.permutation(np.concatenate([np.arange(700), again]))
    data = Data(data.inputs[order], data.target[order])
    if framework == "sklearn":
        kind = pick(number, "tree", "extra_trees", "knn")
        return Made(data, SPLIT | {"kind": kind, "max_depth": 40, "n_neighbors": 1})
    settings = {"hidden_units": [256, 128], "epochs": 80, "learning_rate": 0.005}
    return Made(data, SPLIT | settings)


def weak_segment(random, framework, number):
    """Of one of four sites most labels are luck: its device is broken."""
    data = pick(number, classes, curved, shells, straight, moons)(random, 1600)
    site = random.choice(4, len(data.target), p=[0.35, 0.25, 0.2, 0.2])
    broken, target = site == 3, data.target.copy()
    target[broken] = random.permutation(target[broken])
    inputs = np.column_stack([data.inputs, site])
    settings = {"epochs": 20, "hidden_units": [24], "learning_rate": 0.005}
    if framework == "sklearn":
        settings |= {"kind": pick(number, "forest", "svm"), "n_estimators": 40}
    return Made(Data(inputs, target), SPLIT | settings)


HINTS = ("R07", "R08", "R09", "R12", "R13", "R14", "R22")
"""What may be hinted at beside another trouble."""

KINDS = {
    "overfitting": Kind("R02", (*HINTS, "R04", "R05"), EVERY, overfitting),
    "underfitting": Kind("R03", (*HINTS, "R04", "R06", "R11"), EVERY, underfitting),
    "no better than a baseline": Kind("R04", (*HINTS, "R02", "R03", "R11"), EVERY, no_better),
    "divergence": Kind("R05", ("R03", "R09"), NETWORKS, diverged),
    "oscillation": Kind("R05", (*HINTS, "R02", "R03"), NETWORKS, oscillating),
    "rate too low": Kind("R06", (*HINTS, "R03", "R11"), NETWORKS, too_low),
    "stopped too early": Kind("R07", (*HINTS, "R03", "R06"), NETWORKS, stopped_early),
    "trained for too long": Kind("R08", HINTS, NETWORKS, too_long),
    "tiny validation set": Kind("R09", (*HINTS, "R02", "R10"), EVERY, tiny_validation),
    "validation better": Kind("R10", (*HINTS, "R03", "R06"), EVERY, validation_better),
    "too good to be true": Kind("R01", ("R07", "R08", "R12"), EVERY, too_good),
    "imbalance hidden": Kind("R11", (*HINTS, "R02", "R03"), EVERY, imbalance),
    "label errors": Kind("R14", (*HINTS, "R02"), EVERY, label_errors),
    "poor calibration": Kind("R12", (*HINTS, "R02", "R05"), EVERY, poor_calibration),
    "a weak class": Kind("R13", HINTS, EVERY, weak_class),
    "weights that do not move": Kind("R17", (*HINTS, "R03", "R06"), NETWORKS, still),
    "dead units": Kind("R18", (*HINTS, "R02", "R03", "R05", "R17"), NETWORKS, dead_units),
    "vanishing gradients": Kind("R19", (*HINTS, "R03", "R06", "R17"), NETWORKS, vanishing),
    "inputs not normalised": Kind("R20", (*HINTS, "R02", "R03", "R06"), EVERY, not_normalised),
    "memorised duplicates": Kind("R21", (*HINTS, "R02", "R05"), EVERY, memorised),
    "a weak segment": Kind("R22", (*HINTS, "R02"), EVERY, weak_segment),
    "healthy": Kind("", (*HINTS, "R04"), EVERY, healthy),
}
HEALTHY = "healthy"


def make(kind, number):
    """Return what makes a project of a kind, and who trains it."""
    random = np.random.default_rng([zlib.crc32(kind.encode()), number])
    known = KINDS[kind]
    framework = known.frameworks[number % len(known.frameworks)]
    return known.make(random, framework, number), framework


NAMES = np.array(["ash", "beech", "cedar", "elm", "fir", "hazel", "larch", "oak", "pine", "yew"])
"""Of the classes."""


def write(made, folder: Path) -> dict:
    """Write the data of a project into its folder, and return the settings that name them."""
    data = made.data
    if data.inputs.ndim > 2:
        np.savez(folder / "rows.npz", x=data.inputs.astype(np.float32), y=data.target)
        return {"data.source": "rows.npz"}
    table = pd.DataFrame(data.inputs.round(4)).add_prefix("c")
    if time := made.settings.get("time"):
        table = table.rename(columns={"c0": time})
    table["kind"] = data.target.round(4) if data.is_number else NAMES[data.target]
    table.to_csv(folder / "rows.csv", index=False)
    return {"data.source": "rows.csv", "data.target": "kind"}


FRENCH = {
    "overfitting": "surapprentissage",
    "underfitting": "sous-apprentissage",
    "no better than a baseline": "pas mieux qu'un modèle de référence",
    "divergence": "divergence",
    "oscillation": "oscillation",
    "rate too low": "taux trop petit",
    "stopped too early": "arrêté trop tôt",
    "trained for too long": "entraîné trop longtemps",
    "tiny validation set": "jeu de validation minuscule",
    "validation better": "validation meilleure",
    "too good to be true": "trop beau pour être vrai",
    "imbalance hidden": "déséquilibre caché",
    "label errors": "étiquettes fausses",
    "poor calibration": "mauvaise calibration",
    "a weak class": "une classe faible",
    "weights that do not move": "poids qui ne bougent pas",
    "dead units": "unités mortes",
    "vanishing gradients": "gradients évanescents",
    "inputs not normalised": "entrées non normalisées",
    "memorised duplicates": "doublons appris par cœur",
    "a weak segment": "un segment faible",
    "healthy: problems": "sains : problèmes",
    "healthy: hints": "sains : remarques",
}
"""The kinds, as the French page names them."""
