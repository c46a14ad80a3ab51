"""Entraîne un modèle sur digits, avec scikit-learn : perceptron multicouche (MLP). Apprenti 0.2.0.
Dépendances : scikit-learn, skops, threadpoolctl, numpy. Lancement : python train.py"""

import csv
import hashlib
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


# %% Lecture : les 1797 chiffres manuscrits de 8 x 8 pixels fournis avec scikit-learn.
def read(path: Path, config: Config) -> tuple:
    digits = load_digits()
    return digits.images, digits.target, np.arange(len(digits.target))


# %% Partage : au hasard, chaque jeu ayant sa part de chaque classe (stratification).
def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(labels))
    test, others = order[: config.test], order[config.test :]  # Le test part d'abord, sans être vu
    # Trier les autres par étiquette et en prendre à distance égale : chaque étiquette y est
    by_label = np.argsort(labels[others], kind="stable")
    chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test


# %% Préparation : des pixels de 0 à 1, car les réseaux apprennent mieux des petits nombres.
def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    return {"scale": float(np.abs(inputs[train]).max() or 1)}  # Le plus grand devient 1


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


def origin_of(config: Config, data: Data) -> str:
    """Renvoie ce qu'un entraînement doit avoir en commun avec celui qu'il reprend."""
    seen = hashlib.sha256(Path(__file__).read_bytes() + repr((config, data.description)).encode())
    for values in data[:4]:  # Toutes les entrées et les cibles
        seen.update(np.ascontiguousarray(values[:]))
    return seen.hexdigest()


def load_data(config: Config) -> Data:
    path = Path()
    inputs, labels, names = read(path, config)
    train, valid, _ = split(labels, config)
    preparation = fit_preparation(inputs, train, config)  # Sur le seul jeu d'entraînement
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
    target = {"classes": classes.tolist(), "outputs": len(classes)}
    targets = np.split(numbers, [len(train)])  # Chaque classe est un nombre
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
def build_model(config: Config, count: int):
    # Par défaut, scikit-learn ajoute une régularisation L2 et de l'inertie
    options = {"alpha": 0, "momentum": 0, "nesterovs_momentum": False, "random_state": config.seed}
    options |= {"hidden_layer_sizes": config.hidden_units, "solver": config.optimizer}
    options |= {"learning_rate_init": config.learning_rate}
    options |= {"batch_size": min(config.batch_size, count)}
    return MLPClassifier(**options)


# %% Modèle : ce qu'il prédit : une probabilité par classe.
def train_one_epoch(model, inputs, targets, target: dict) -> None:
    rows = inputs.reshape(len(inputs), -1)  # Chaque ligne est mise à plat
    # partial_fit les parcourt toutes une fois, par lots, et retient où il en est
    model.partial_fit(rows, targets, classes=np.arange(target["outputs"]))


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


# %% Entraînement : scikit-learn parcourt une époque, on regarde le résultat, on continue.
# Au milieu d'une époque, scikit-learn répond à Ctrl-C par un avertissement et continue : l'arrêter
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        train_one_epoch(model, data.train_inputs, data.train_targets, data.description)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            kept = {"origin": origin, "history": json.dumps(history), "losses": model.loss_curve_}
            kept |= {"updates": model._optimizer.t, "rate": model._optimizer.learning_rate}
            np.savez(folder / "new.npz", *state_of(model, config), **kept)
            os.replace(folder / "new.npz", folder / "checkpoint.npz")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                skops.io.dump(model, folder / "best.tmp")  # Gardée à côté de la dernière
                os.replace(folder / "best.tmp", folder / "model" / "best.skops")
        if not learned["train_loss"] < 1e6:  # Qui ne sait rien a une perte de 1
            print("A divergé : essayez un taux d'apprentissage plus petit.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def load_checkpoint(folder: Path | None, model, data: Data, origin: str, config: Config) -> list:
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as kept:  # N'exécute aucun code
        if str(kept["origin"]) != origin:  # D'autre code, réglages ou données
            return []
        # Seul un modèle qui a vu des lignes a des tableaux à remplir
        few = slice(0, config.batch_size)
        train_one_epoch(model, data.train_inputs[few], data.train_targets[few], data.description)
        for i, array in enumerate(state_of(model, config)):
            array[:] = kept[f"arr_{i}"]
        model._optimizer.t = int(kept["updates"])
        model._optimizer.learning_rate = kept["rate"][()]
        history, losses = json.loads(str(kept["history"])), list(kept["losses"])
        model.loss_curve_, model.loss_, model.best_loss_ = losses, losses[-1], min(losses)
        model.t_ = len(history) * len(data.train_inputs)
        return history


def state_of(model, config: Config) -> list:
    # Tout ce que l'entraînement change : les poids et la mémoire de l'optimiseur
    memory = model._optimizer.ms + model._optimizer.vs
    return [*model.coefs_, *model.intercepts_, *memory]


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
    os.replace(path.with_suffix(".tmp"), path)  # D'un coup : personne n'en lit la moitié


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # Pour prédire
    text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    header = ["row", "truth", "predicted", "confidence"]
    header += [f"probability_{name}" for name in facts["classes"]]
    rows = []
    for name, truth, scores in zip(*data.valid_rows, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, truth, facts["classes"][scores.argmax()], *numbers])
    write_table(folder / "predictions.csv", header, rows)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Entraîne un modèle, jusqu'à ce que `stop` l'arrête ; le résultat va dans le dossier donné."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, data, origin, config)
    try:
        status = train(model, data, history, config, folder, origin, stop)
    except (KeyboardInterrupt, UserWarning):  # Ctrl-C : revenir à la dernière époque entière
        history, status = load_checkpoint(folder, model, data, origin, config), "interrupted"
        if not history:
            raise KeyboardInterrupt from None
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
    if folder:
        # skops n'écrit pas de code, contrairement à pickle : ouvrir le fichier est sans risque
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(weights.size for weights in model.coefs_ + model.intercepts_)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Seul à avoir besoin de son point de reprise
            (folder / "checkpoint.npz").unlink()
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
