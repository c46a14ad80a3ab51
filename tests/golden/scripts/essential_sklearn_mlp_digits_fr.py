"""L'essentiel de l'entraînement sur digits, avec scikit-learn : perceptron multicouche (MLP).
Dépendances : scikit-learn, threadpoolctl, numpy. Lancement : python essential.py"""

from typing import NamedTuple

import numpy as np
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


def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Faible si la vérité était probable
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}


def predict(model, inputs: np.ndarray) -> np.ndarray:
    return model.predict_proba(inputs.reshape(len(inputs), -1))


config = Config()
threadpool_limits(config.threads)

# %% Lecture : les 1797 chiffres manuscrits de 8 x 8 pixels fournis avec scikit-learn.
digits = load_digits()
inputs, labels = digits.images, digits.target

# %% Partage : au hasard, chaque jeu ayant sa part de chaque classe (stratification).
order = np.random.default_rng(config.split_seed).permutation(len(labels))
test, others = order[: config.test], order[config.test :]  # Le test part d'abord, sans être vu
# Trier les autres par étiquette et en prendre à distance égale : chaque étiquette y est
by_label = np.argsort(labels[others], kind="stable")
chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
train, valid = np.delete(others, chosen)[: config.train], np.sort(others[chosen])

# %% Préparation : des pixels de 0 à 1, car les réseaux apprennent mieux des petits nombres.
unit = float(np.abs(inputs[train]).max() or 1)  # Le plus grand devient 1
train_inputs, valid_inputs = np.float32(inputs[train]) / unit, np.float32(inputs[valid]) / unit
# Cible : une classe. Le modèle donne une probabilité à chacune, et la plus haute l'emporte.
classes, numbers = np.unique(labels[np.concatenate([train, valid])], return_inverse=True)
train_targets, valid_targets = np.split(numbers, [len(train)])  # Chaque classe est un nombre

# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
# Par défaut, scikit-learn ajoute une régularisation L2 et de l'inertie
options = {"alpha": 0, "momentum": 0, "nesterovs_momentum": False, "random_state": config.seed}
options |= {"hidden_layer_sizes": config.hidden_units, "solver": config.optimizer}
options |= {"learning_rate_init": config.learning_rate}
options |= {"batch_size": min(config.batch_size, len(train))}
model = MLPClassifier(**options)

# %% Entraînement : scikit-learn parcourt une époque, on regarde le résultat, on continue.
rows = train_inputs.reshape(len(train), -1)  # Chaque ligne est mise à plat
history = []
for epoch in range(1, config.epochs + 1):
    # partial_fit les parcourt toutes une fois, par lots, et retient où il en est
    model.partial_fit(rows, train_targets, classes=np.arange(len(classes)))
    learned = measure("train", predict(model, train_inputs), train_targets)
    history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
    print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
