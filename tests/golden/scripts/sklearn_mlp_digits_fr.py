"""Entraîne un modèle (perceptron (MLP)) sur digits, avec scikit-learn. Apprenti 0.2.0.
Dépendances : scikit-learn, skops, threadpoolctl, numpy. Lancement : python train.py"""

import csv
import hashlib
import json
import os
import sys
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from skops.io.exceptions import UntrustedTypesFoundException
from threadpoolctl import threadpool_limits


# %% Réglages : tous les choix de cet entraînement. Changez une valeur, relancez, comparez.
class Config(NamedTuple):
    train: int = 1257  # Lignes du jeu d'entraînement
    valid: int = 270  # Lignes du jeu de validation
    test: int = 270  # Lignes du jeu de test, mis de côté pour la toute fin
    split_seed: int = 0  # La même graine donne le même partage, quel que soit le modèle
    hidden_units: tuple[int, ...] = (128,)  # Neurones par couche cachée : la capacité du modèle
    optimizer: str = "adam"  # L'optimiseur : "adam" ou "sgd"
    learning_rate: float = 0.001  # Le taux d'apprentissage ; à baisser si la perte fait des bonds
    batch_size: int = 32  # Lignes vues avant chaque mise à jour des poids
    epochs: int = 5  # Passages sur toutes les lignes d'entraînement
    seed: int = 0  # La même graine redonne les mêmes nombres
    threads: int = 1  # Fils d'exécution ; un autre nombre change les dernières décimales


# %% Données : où elles sont, et ce que donne leur lecture.
class Rows(NamedTuple):
    inputs: Any  # un tableau, ou les fichiers des images
    labels: np.ndarray | None  # les étiquettes ; inconnues pour de nouvelles lignes
    names: np.ndarray  # le nom de chaque ligne


# %% Lecture : les 1797 chiffres manuscrits de 8 x 8 pixels fournis avec scikit-learn.
def read(path: Path, config: Config) -> Rows:
    digits = load_digits()
    return Rows(digits.images, digits.target, np.arange(len(digits.target)))


# %% Partage : au hasard, et tel que chaque jeu ait sa part de chaque classe.
TRAIN, VALID, TEST, UNUSED = range(4)


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.labels), UNUSED)
    # Les lignes de test partent d'abord, avant qu'on ait rien regardé d'elles
    parts[order[: config.test]] = TEST
    others = order[config.test :]
    # Trier les autres par étiquette et en prendre à distance égale : chaque étiquette y est
    sorted_rows = np.argsort(rows.labels[others], kind="stable")
    chosen = sorted_rows[np.arange(config.valid) * len(sorted_rows) // config.valid]
    parts[others[chosen]] = VALID
    parts[np.delete(others, chosen)[: config.train]] = TRAIN
    return parts


# %% Préparation : des pixels de 0 à 1, car les réseaux apprennent mieux des petits nombres.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    largest = np.abs(inputs[train]).max()  # Elle devient 1
    return {"scale": float(np.float32(largest if largest > 0 else 1))}


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.divide(inputs[some], np.float32(preparation["scale"]), dtype=np.float32)


# %% Chargement : lire, partager, préparer. La suite ne voit aucune ligne de test.
class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # le nom de chaque ligne, et son étiquette
    description: dict[str, Any]  # pour préparer d'autres lignes, et retrouver les étiquettes
    sample_inputs: Any = None  # les lignes d'entraînement évaluées, si ce ne sont pas toutes


def origin_of(config: Config, data: Data) -> str:
    """Renvoie ce qu'un entraînement doit avoir en commun avec celui qu'il reprend."""
    script = Path(sys.argv[0])
    seen = hashlib.sha256(script.read_bytes() if script.is_file() else b"")
    seen.update(repr((config, data.description)).encode())
    some = data.train_inputs if data.sample_inputs is None else data.sample_inputs
    for values in (some, data.train_targets, data.valid_targets):
        for start in range(0, len(values), 1000):
            seen.update(np.ascontiguousarray(values[start : start + 1000]))
    return seen.hexdigest()


def load_data(config: Config) -> Data:
    path = Path()
    rows = read(path, config)
    order = np.random.default_rng(config.split_seed).permutation(len(rows.labels))
    parts = split(rows, order, config)
    train, valid = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    preparation = fit_preparation(rows.inputs, train, config)  # Sur le seul jeu d'entraînement
    inputs = [prepare(rows.inputs, some, preparation, config) for some in (train, valid)]
    classes = np.unique(rows.labels[np.concatenate([train, valid])])
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = [np.searchsorted(target["classes"], rows.labels[some]) for some in (train, valid)]
    known = rows.names[valid], rows.labels[valid].tolist()
    return Data(*inputs, *targets, known, {**target, "preparation": preparation})


# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
# Ce que son fichier peut contenir en plus de valeurs ordinaires
PARTS = [
    ("ObjectNode", "sklearn.neural_network._multilayer_perceptron", "MLPClassifier"),
    ("ObjectNode", "sklearn.neural_network._multilayer_perceptron", "MLPRegressor"),
    ("ObjectNode", "sklearn.neural_network._stochastic_optimizers", "AdamOptimizer"),
    ("ObjectNode", "sklearn.neural_network._stochastic_optimizers", "SGDOptimizer"),
    ("ObjectNode", "sklearn.preprocessing._label", "LabelBinarizer"),
    ("RandomStateNode", "numpy.random.mtrand", "RandomState"),
]


def build_classifier(config: Config, count: int) -> MLPClassifier:
    options = {
        "hidden_layer_sizes": config.hidden_units,
        "solver": config.optimizer,
        "learning_rate_init": config.learning_rate,
        "batch_size": min(config.batch_size, count),
        # Par défaut, scikit-learn ajoute une régularisation L2 et de l'inertie
        "alpha": 0,
        "momentum": 0,
        "nesterovs_momentum": False,
        "random_state": config.seed,
    }
    return MLPClassifier(**options)


# %% Modèle : ce qu'il prédit : une probabilité par classe.
def build_model(config: Config, count: int):
    return build_classifier(config, count)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # Une image devient une longue ligne de nombres
    return inputs.reshape(len(inputs), -1)


def train_one_epoch(model, inputs, targets, target: dict) -> None:
    # partial_fit parcourt une fois toutes les lignes, par lots, et se souvient où il en est
    model.partial_fit(as_rows(inputs), targets, classes=np.arange(target["outputs"]))


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(as_rows(inputs))


# %% Ouverture : le fichier d'un modèle ne contient que les pièces de ce modèle, et rien d'autre.
# Comment skops ouvre une pièce, son module, son nom : ce que tout modèle peut contenir
ORDINARY = [
    ("DictNode", "builtins", "dict"),
    ("JsonNode", "builtins", "str"),
    ("ListNode", "builtins", "list"),
    ("TupleNode", "builtins", "tuple"),
    ("TypeNode", "builtins", "str"),
    ("NdArrayNode", "numpy", "ndarray"),
    *(
        ("NdArrayNode", "numpy", name)
        for name in ("float32", "float64", "int32", "int64", "uint64")
    ),
]


def open_parts(path: Path, parts: list[tuple]):
    """Charge un fichier écrit par skops, s'il ne contient que ces pièces."""
    with open(path, "rb") as file:
        check_parts(file, [*ORDINARY, *parts])
        return skops.io.load(file, trusted=[f"{module}.{name}" for _, module, name in parts])


def check_parts(file, allowed: list[tuple]) -> None:
    # skops se fie à tout scikit-learn, où se trouvent même des fonctions qui lancent des programmes
    archive = zipfile.ZipFile(file)
    sizes = {member.filename: member.file_size for member in archive.infolist()}
    # Rien n'y est compressé : ce qui grossirait à l'ouverture a été fabriqué à la main
    room = 10 * os.fstat(file.fileno()).st_size - sizes["schema.json"]
    todo = [json.loads(archive.read("schema.json"))] if room > 0 else []
    while todo and room > 0:
        node = todo.pop()
        if isinstance(node, dict) and "__loader__" in node:
            part = tuple(node.get(name) for name in ("__loader__", "__module__", "__class__"))
            if part not in allowed:
                raise UntrustedTypesFoundException([str(part)])
            room -= sizes[node["file"]] if "file" in node else 0
        todo += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    if room <= 0:
        raise zipfile.BadZipFile(file.name)


# %% Entraînement : scikit-learn parcourt une époque, on regarde le résultat, on continue.
# Au milieu d'une époque, scikit-learn répond à Ctrl-C par un avertissement et continue : l'arrêter
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data.train_inputs, data.train_targets, data.description)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.train_inputs), data.train_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                state = {"origin": origin, "model": model, "history": history}
                skops.io.dump(state, folder / "checkpoint.tmp")
                os.replace(folder / "checkpoint.tmp", folder / "checkpoint.skops")
                (folder / "model").mkdir(exist_ok=True)
                if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                    skops.io.dump(model, folder / "best.tmp")  # Gardée à côté de la dernière
                    os.replace(folder / "best.tmp", folder / "model" / "best.skops")
            if status := ending(history, stop):
                return history, status
    except (KeyboardInterrupt, UserWarning):  # Ctrl-C : revenir à la dernière époque entière
        history = load_checkpoint(folder, model, origin)
        if not history:
            raise
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
        return history, "interrupted"
    return history, "finished"


def load_checkpoint(folder: Path | None, model, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.skops").exists():
        return []
    state = open_parts(folder / "checkpoint.skops", PARTS)
    if state["origin"] != origin:  # D'autre code, réglages ou données
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]


# %% Mesure : que valent les prédictions ?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Faible si la vérité était probable
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% Ce qui reste : l'historique, les prédictions et une description du modèle.
def write_table(path: Path, header, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # D'un coup : personne n'en lit jamais la moitié


def report_epoch(folder: Path, history: list[dict]) -> None:
    write_table(folder / "history.csv", history[0], (row.values() for row in history))
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def ending(history: list[dict], stop) -> str:
    """Renvoie comment l'entraînement a fini, ou rien ; qui ne sait rien a une perte de 1."""
    if not history[-1]["train_loss"] < 1e6:
        print("A divergé : essayez un taux d'apprentissage plus petit.", flush=True)
        return "diverged"
    return "stopped early" if stop(history) else ""


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # Pour prédire
    text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    classes = every = facts["classes"]
    header = ["row", "truth", "predicted", "confidence", *(f"probability_{name}" for name in every)]
    rows = []
    for name, truth, scores in zip(*data.valid_rows, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, truth, classes[scores.argmax()], *numbers])
    write_table(folder / "predictions.csv", header, rows)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Entraîne un modèle, jusqu'à ce que `stop` l'arrête ; le résultat va dans le dossier donné."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    history, status = train(model, data, config, folder, stop)
    if folder:
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        # skops n'écrit pas de code, contrairement à pickle : ouvrir le fichier est sans risque
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(weights.size for weights in model.coefs_ + model.intercepts_)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Seul à avoir besoin de son point de reprise
            (folder / "checkpoint.skops").unlink()
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history


# %% L'entraînement entier, des données aux prédictions.
if __name__ == "__main__":
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(Config(), load_data(Config()), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise
