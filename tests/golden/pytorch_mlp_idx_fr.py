"""Apprend small avec PyTorch (perceptron (MLP)). Apprenti 0.1.0.
Il faut torch, numpy. Lancer : python train.py"""

import csv
import gzip
import json
import math
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn


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
    # Un nombre par couche cachée : plus de neurones apprennent plus, et mémorisent plus
    hidden_units: tuple[int, ...] = (128,)
    # Comment les poids sont corrigés : "adam" ou "sgd"
    optimizer: str = "adam"
    # La taille de chaque correction ; divisez-la par dix si la perte fait des bonds
    learning_rate: float = 0.001
    # Comment elle évolue : "cosine" (de plus en plus petite, pour se poser) ou "constant"
    schedule: str = "cosine"
    # Combien de lignes sont regardées avant chaque correction
    batch_size: int = 32
    # Combien de fois toutes les lignes sont parcourues
    epochs: int = 5
    # La même graine donne les mêmes premiers poids et le même ordre des lignes
    seed: int = 0
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


# %% Modèle : des couches de neurones, chacun relié à tous ceux de la couche d'avant (MLP).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    # Une image devient une longue ligne de nombres
    layers, size = [nn.Flatten()], math.prod(shape)
    for units in config.hidden_units:
        # ReLU garde ce qui dépasse 0 : sans elle, plusieurs couches n'en valent qu'une
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))


# %% Réponse : un score par classe ; la perte (entropie croisée) dit de combien ils se trompent.
LOSS = nn.CrossEntropyLoss()


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    """Donne une probabilité par ligne et par classe."""
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()


# %% Lots : chaque époque parcourt toutes les lignes, dans un ordre à elle.
def as_tensors(data: Data) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)


def shuffled(inputs, targets, epoch: int, config: Config):
    # L'ordre vient d'une graine propre à cette époque : une reprise le retrouve
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for rows in torch.from_numpy(order).split(config.batch_size):
        yield inputs.index_select(0, rows), targets.index_select(0, rows)


# %% Entraînement : une boucle explicite, rien de caché.
OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def build_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    # « fused » corrige tous les poids d'un coup, ce qui est le plus rapide
    optimizer = OPTIMIZERS[config.optimizer]
    return optimizer(model.parameters(), lr=config.learning_rate, fused=True)


def train(model: nn.Module, data: Data, config: Config) -> list[dict]:
    optimizer = build_optimizer(model, config)
    inputs, targets = as_tensors(data)
    steps = -(-len(inputs) // config.batch_size)
    history = load_checkpoint(model, optimizer, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, optimizer, batches, steps, epoch, config)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            history.append(measure_epoch(epoch, lambda x: predict(model, x), data, seconds))
            report_epoch(history)
            save_checkpoint(model, optimizer, history, config)
    except KeyboardInterrupt:
        # Ctrl-C : revenir à la fin de la dernière époque entière, et finir proprement
        history = load_checkpoint(model, optimizer, config)
        if not history:
            raise
        write_table("history.csv", [history[0], *map(dict.values, history)])
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
    return history


def train_on(model, optimizer, batches, steps: int, epoch: int, config: Config) -> None:
    model.train()
    # De grandes corrections pour approcher, de plus en plus petites pour se poser : une demi-vague
    done = (epoch - 1) / config.epochs if config.schedule == "cosine" else 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * (1 + math.cos(math.pi * done)) / 2
    pause = max(1, min(100, steps // 20))
    for step, (rows, targets) in enumerate(batches, start=1):
        # De combien le modèle se trompe-t-il sur ces lignes ?
        loss = LOSS(model(rows), targets)
        # Dans quel sens chaque poids doit-il bouger ?
        optimizer.zero_grad()
        loss.backward()
        # Bouger un peu chacun dans ce sens
        optimizer.step()
        if step % pause == 0:
            report_progress(epoch, step, steps, loss.item())


def save_checkpoint(model, optimizer, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "history": history}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, "checkpoint.tmp")
    os.replace("checkpoint.tmp", "checkpoint.pt")


def load_checkpoint(model, optimizer, config: Config) -> list[dict]:
    """Donne l'historique d'un entraînement arrêté et remet ses poids ; sinon un historique vide."""
    if not os.path.exists("checkpoint.pt"):
        return []
    # weights_only : ouvrir un fichier ne doit jamais exécuter de code
    state = torch.load("checkpoint.pt", weights_only=True)
    # D'autres réglages font un autre entraînement, qui part de rien
    if state["settings"] != repr(config):
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]


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


def report_progress(epoch: int, step: int, steps: int, loss: float) -> None:
    with open("progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


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
    torch.manual_seed(config.seed)
    data = load_data(config)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    torch.save(model.state_dict(), "model/weights.pt")
    describe_model(data, sum(weights.numel() for weights in model.parameters()))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Seul un entraînement arrêté a besoin de son point de reprise
    if len(history) == config.epochs:
        os.remove("checkpoint.pt")
    Path("progress.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    torch.set_num_threads(Config().threads)
    main(Config())
