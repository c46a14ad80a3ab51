"""Apprend small avec scikit-learn (régression logistique). Apprenti 0.1.0.
Il faut scikit-learn, skops, threadpoolctl, numpy. Lancer : python train.py"""

import csv
import gzip
import json
import os
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import skops.io
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits


# %% Réglages : tous les choix de cet entraînement. Changez une valeur, relancez, comparez.
class Config(NamedTuple):
    # Cherchées dans ce dossier, puis dans celui que nomme APPRENTI_DATA, puis dans ceux au-dessus
    data: str = "small"
    # Les fichiers de ce dossier : les images et leurs étiquettes
    files: tuple[str, str] = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    # Combien de lignes pour apprendre, pour vérifier, et à mettre de côté pour la toute fin
    train: int = 210
    valid: int = 45
    test: int = 45
    # La même graine de partage donne les mêmes lignes à chaque jeu, quel que soit le modèle
    split_seed: int = 0
    # Combien de tours de correction la méthode exacte peut faire
    iterations: int = 100
    # Fils d'exécution du processeur ; un autre nombre change les dernières décimales
    threads: int = 1


# %% Données : les trouver, mettre le test de côté, préparer ce qu'il faut à tout modèle.
class Data(NamedTuple):
    train_inputs: np.ndarray
    train_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_rows: np.ndarray
    target: dict[str, Any]
    preparation: Any


def find(name: str) -> Path:
    for folder in [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]:
        if (folder / name).exists():
            return folder / name
    raise SystemExit(f"{name} n'est pas ici. Mettez-le à côté, ou indiquez-le par APPRENTI_DATA.")


def share_out(inputs, labels: np.ndarray, split: tuple[np.ndarray, np.ndarray]) -> Data:
    # Rien de ce qui suit ne voit une ligne de test : ni les réponses, ni la préparation
    preparation = fit_preparation(inputs, split[0])
    ready = [prepare(inputs, rows, preparation) for rows in split]
    coded, target = code_targets(labels, split)
    return Data(ready[0], coded[0], ready[1], coded[1], split[1], target, preparation)


# %% Partage : au hasard, et tel que chaque jeu ait sa part de chaque classe.
def split_rows(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Donne les lignes pour apprendre et les lignes pour vérifier."""
    # Les lignes de test partent d'abord, avant qu'on ait rien regardé d'elles
    rows = np.random.default_rng(config.split_seed).permutation(len(labels))[config.test :]
    # Aligner les autres par réponse et en prendre à distance égale : toutes les réponses y sont
    lined_up = np.argsort(labels[rows], kind="stable")
    valid = lined_up[np.arange(config.valid) * len(lined_up) // config.valid]
    return np.delete(rows, valid)[: config.train], np.sort(rows[valid])


# %% Lecture : images grises au format de MNIST (IDX), un fichier d'images, un d'étiquettes.
def read_idx(path: Path) -> np.ndarray:
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        content = file.read()
    # Le quatrième octet compte les dimensions ; la taille de chacune suit, sur quatre octets
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load_data(config: Config) -> Data:
    folder = find(config.data)
    images, labels = (read_idx(folder / name) for name in config.files)
    return share_out(images, labels, split_rows(labels, config))


# %% Préparation : des pixels de 0 à 1, car les réseaux apprennent mieux des petits nombres.
def fit_preparation(inputs: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    # La plus grande valeur des lignes d'entraînement devient 1
    largest = np.abs(inputs[train]).max()
    return {"scale": np.float32(largest if largest > 0 else 1)}


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> np.ndarray:
    return np.divide(inputs[rows], preparation["scale"], dtype=np.float32)


# %% Réponse : une classe. Le modèle donne une probabilité à chacune, et la plus haute l'emporte.
def code_targets(labels: np.ndarray, split: tuple) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Donne les cibles des deux jeux, et de quoi les changer de nouveau en réponses."""
    classes = np.unique(labels[np.concatenate(split)])
    # Chaque étiquette devient le numéro de sa classe, compté depuis 0
    coded = [np.searchsorted(classes, labels[rows]) for rows in split]
    return coded, {"classes": classes.tolist(), "outputs": len(classes)}


# %% Modèle : un poids par entrée et par sortie, rien entre les deux (un modèle linéaire).
def build_classifier(config: Config, data: Data):
    return LogisticRegression(max_iter=config.iterations)


def count_parameters(model) -> int:
    return model.coef_.size + np.size(model.intercept_)


# %% Réponse du modèle : une probabilité par classe.
def build_model(config: Config, data: Data):
    return build_classifier(config, data)


def as_rows(inputs: np.ndarray) -> np.ndarray:
    # Une image devient une longue ligne de nombres
    return inputs.reshape(len(inputs), -1)


def predict(model, inputs: np.ndarray) -> np.ndarray:
    """Donne ce que le modèle dit de chaque ligne."""
    return model.predict_proba(as_rows(inputs))


# %% Entraînement : scikit-learn le fait en un appel, l'historique n'a donc qu'une ligne.
# Il s'arrête après un nombre fixe de tours, et c'est voulu
warnings.simplefilter("ignore", ConvergenceWarning)


def train(model, data: Data, config: Config) -> list[dict]:
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets.ravel())
    seconds = time.perf_counter() - start
    history = [measure_epoch(1, lambda inputs: predict(model, inputs), data, seconds)]
    report_epoch(history)
    return history


# %% Mesure : que valent les prédictions ?
def measure_epoch(epoch: int, predict, data: Data, seconds: float) -> dict:
    """Donne une ligne de l'historique : les scores sur les lignes apprises et sur d'autres."""
    # Parmi les lignes apprises, dix mille suffisent pour juger, toujours les mêmes
    train = measure("train", predict(data.train_inputs[:10_000]), data.train_targets[:10_000])
    valid = measure("valid", predict(data.valid_inputs), data.valid_targets)
    return {"epoch": epoch, **train, **valid, "seconds": round(seconds, 3)}


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Donne la perte (entropie croisée) et l'exactitude, sous des noms commençant par le jeu."""
    # La perte est petite quand la vraie classe a reçu une forte probabilité
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


# %% Ce qui reste : l'historique, les prédictions et une description du modèle.
def write_table(path: str, rows) -> None:
    with open("table.tmp", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Remplacé d'un coup : qui lit le fichier le trouve entier, même après une panne
    os.replace("table.tmp", path)


def report_epoch(history: list[dict]) -> None:
    write_table("history.csv", [history[0], *map(dict.values, history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def predictions(probabilities: np.ndarray, data: Data):
    classes = data.target["classes"]
    yield "row", "truth", "predicted", "confidence"
    for row, truth, scores in zip(data.valid_rows, data.valid_targets, probabilities, strict=True):
        best = scores.argmax()
        yield row, classes[truth], classes[best], f"{scores[best]:.6f}"


def describe_model(data: Data, parameters: int) -> None:
    """Écrit ce qu'il faut, outre les poids, pour employer le modèle sur de nouvelles lignes."""
    description = {**data.target, "input_shape": data.train_inputs.shape[1:]}
    description |= {"preparation": data.preparation, "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1, default=lambda v: v.tolist())


# %% L'entraînement entier, des données aux prédictions.
def main(config: Config) -> None:
    data = load_data(config)
    model = build_model(config, data)
    train(model, data, config)
    os.makedirs("model", exist_ok=True)
    # skops n'écrit pas de code, contrairement à pickle : on peut ouvrir le fichier sans s'y fier
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))


if __name__ == "__main__":
    threadpool_limits(Config().threads)
    main(Config())
