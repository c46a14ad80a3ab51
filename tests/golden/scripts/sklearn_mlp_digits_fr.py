"""Entraîne un modèle (perceptron (MLP)) sur digits, avec scikit-learn. Apprenti 0.2.0.
Dépendances : scikit-learn, skops, threadpoolctl, numpy. Lancement : python train.py"""

import csv
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
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
    by: np.ndarray | None = None  # groupes ou dates, si le partage en dépend


# %% Lecture : les 1797 chiffres manuscrits de 8 x 8 pixels fournis avec scikit-learn.
def read(path: Path, config: Config) -> Rows:
    digits = load_digits()
    return Rows(digits.images, digits.target, np.arange(len(digits.target)))


# %% Partage : au hasard, et tel que chaque jeu ait sa part de chaque classe.
TRAIN, VALID, TEST, UNUSED = range(4)


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.random.default_rng(config.split_seed).permutation(len(rows.labels))


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
    # La plus grande valeur des lignes d'entraînement devient 1
    largest = np.abs(inputs[train]).max()
    return {"scale": float(np.float32(largest if largest > 0 else 1))}


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    return np.divide(inputs[some], np.float32(preparation["scale"]), dtype=np.float32)


# %% Cible : une classe. Le modèle donne une probabilité à chacune, et la plus haute l'emporte.
def describe_target(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> dict:
    """Renvoie de quoi retrouver les étiquettes à partir des numéros des classes."""
    classes = np.unique(labels[np.concatenate([train, valid])])
    return {"classes": classes.tolist(), "outputs": len(classes)}


def code(labels: np.ndarray, target: dict) -> np.ndarray:
    # Chaque étiquette devient le numéro de sa classe, compté depuis 0
    return np.searchsorted(target["classes"], labels)


# %% Chargement : lire, partager, préparer. La suite ne voit aucune ligne de test.
class Data(NamedTuple):
    train_inputs: Any
    train_targets: np.ndarray
    sample_inputs: np.ndarray  # les lignes d'entraînement évaluées
    sample_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_names: np.ndarray  # le nom de chaque ligne, et son étiquette
    valid_labels: list
    target: dict[str, Any]  # de quoi retrouver les étiquettes
    preparation: dict[str, Any]


def load_data(config: Config) -> Data:
    rows = read(Path(), config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    both = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    # La préparation est ajustée sur les seules lignes d'entraînement
    preparation = fit_preparation(rows.inputs, both[0], config)
    train, valid = (prepare(rows.inputs, some, preparation, config) for some in both)
    target = describe_target(rows.labels, *both)
    targets = [code(rows.labels[some], target) for some in both]
    sample = train, targets[0]
    known = rows.names[both[1]], rows.labels[both[1]].tolist()
    return Data(train, targets[0], *sample, valid, targets[1], *known, target, preparation)


# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
def build_classifier(config: Config, count: int) -> MLPClassifier:
    options = choices(config, count)
    return MLPClassifier(**options)


def choices(config: Config, count: int) -> dict:
    return {
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
    """Renvoie une probabilité par ligne et par classe."""
    return model.predict_proba(as_rows(inputs))


# %% Entraînement : scikit-learn parcourt une époque, on regarde le résultat, on continue.
# Tout ce qu'un point de reprise peut contenir en plus des modèles ordinaires
TRUSTED = [
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
]

# Au milieu d'une époque, scikit-learn répond à Ctrl-C par un avertissement et continue : l'arrêter
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Renvoie une ligne de mesures par époque, et comment l'entraînement a fini."""
    history = load_checkpoint(folder, model, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data.train_inputs, data.train_targets, data.target)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                save_checkpoint(folder, model, history, config)
            if stop(history):
                return history, "stopped early"
    except (KeyboardInterrupt, UserWarning):
        # Ctrl-C : revenir à la fin de la dernière époque entière, et finir proprement
        history = load_checkpoint(folder, model, config)
        if not history:
            raise
        report_epoch(folder, history)
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
        return history, "interrupted"
    return history, "finished"


def save_checkpoint(folder: Path, model, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "model": model, "history": history}
    skops.io.dump(state, folder / "checkpoint.tmp")
    os.replace(folder / "checkpoint.tmp", folder / "checkpoint.skops")
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        skops.io.dump(model, folder / "best.tmp")
        os.replace(folder / "best.tmp", folder / "model" / "best.skops")


def load_checkpoint(folder: Path | None, model, config: Config) -> list[dict]:
    """Renvoie l'historique d'un entraînement arrêté et remet ses poids ; sinon, rien."""
    if not folder or not (folder / "checkpoint.skops").exists():
        return []
    # skops n'exécute pas de code, et refuse ce qui n'est ni ordinaire ni nommé plus haut
    state = skops.io.load(folder / "checkpoint.skops", trusted=TRUSTED)
    # D'autres réglages font un autre entraînement, qui part de rien
    if state["settings"] != repr(config):
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]


# %% Mesure : que valent les prédictions ?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Renvoie la perte (entropie croisée) et l'exactitude, sous des noms commençant par le jeu."""
    # La perte est petite quand la vraie classe a reçu une forte probabilité
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% Ce qui reste : l'historique, les prédictions et une description du modèle.
def write_table(path: Path, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Remplacé d'un coup : qui lit le fichier le trouve entier, même après une panne
    os.replace(path.with_suffix(".tmp"), path)


def report_epoch(folder: Path, history: list[dict]) -> None:
    write_table(folder / "history.csv", [list(history[0]), *(row.values() for row in history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Écrit pour chaque ligne la vérité, la prédiction et la probabilité de chaque classe."""
    classes = every = target["classes"]
    rows = [["row", "truth", "predicted", "confidence", *(f"probability_{name}" for name in every)]]
    for name, truth, scores in zip(names, labels, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores[: len(every)])]
        rows.append([name, truth, classes[scores.argmax()], *numbers])
    write_table(path, rows)


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    """Écrit ce qu'il faut pour employer le modèle sur de nouvelles lignes, et pour le juger."""
    description = {**data.target, "preparation": data.preparation}
    description |= {"input_shape": data.train_inputs.shape[1:], "parameters": parameters}
    text = json.dumps(description, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    rows = data.valid_names, data.valid_labels, outputs
    write_predictions(folder / "predictions.csv", *rows, data.target, config)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Entraîne un modèle, jusqu'à ce que `stop` l'arrête ; le résultat va dans le dossier donné."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        # skops n'écrit pas de code, contrairement à pickle : ouvrir le fichier est sans risque
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(weights.size for weights in model.coefs_ + model.intercepts_)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        # Seul un entraînement interrompu a besoin de son point de reprise
        if status != "interrupted":
            (folder / "checkpoint.skops").unlink()
        # Tout à la fin : comment l'entraînement s'est terminé
        said = json.dumps({"status": status, "epochs": len(history)})
        (folder / "status.json").write_text(said)
    return history


# %% L'entraînement entier, des données aux prédictions.
def main(config: Config) -> None:
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(config, load_data(config), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise


if __name__ == "__main__":
    main(Config())
