"""Entraîne un modèle (perceptron (MLP)) sur prix.csv, avec PyTorch : l'essentiel.
Dépendances : torch, numpy, pandas. Lancement : python essential.py"""

import math
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import nn


# %% Réglages : tous les choix de cet entraînement. Changez une valeur, relancez, comparez.
class Config(NamedTuple):
    data: str = "prix.csv"  # Cherchées ici, dans APPRENTI_DATA, puis au-dessus
    encoding: str = "cp1252"  # L'encodage des caractères du fichier
    delimiter: str = ";"  # Le séparateur de colonnes
    decimal: str = ","  # Le séparateur décimal
    target: str = "prix"  # La colonne à prédire
    ignore: tuple[str, ...] = ("patient",)  # Les colonnes qu'aucun modèle ne voit
    categorical: tuple[str, ...] = ("code",)  # Les colonnes de nombres qui sont des noms
    # Les colonnes de dates, chacune avec sa façon de s'écrire
    dates: tuple[tuple[str, str], ...] = (("jour", "%d/%m/%Y"),)
    numbers: tuple[str, ...] = ("poids",)  # Les colonnes de nombres qui contiennent aussi des mots
    split_by: str = "patient"  # La colonne qui règle le partage : cible, groupes ou dates
    train: int = 210  # Lignes du jeu d'entraînement
    valid: int = 45  # Lignes du jeu de validation
    test: int = 45  # Lignes du jeu de test, mis de côté pour la toute fin
    split_seed: int = 0  # La même graine donne le même partage, quel que soit le modèle
    hidden_units: tuple[int, ...] = (128,)  # Neurones par couche cachée : la capacité du modèle
    learning_rate: float = 0.001  # Le taux d'apprentissage ; à baisser si la perte fait des bonds
    batch_size: int = 32  # Lignes vues avant chaque mise à jour des poids
    epochs: int = 5  # Passages sur toutes les lignes d'entraînement
    seed: int = 0  # La même graine redonne les mêmes nombres
    threads: int = 1  # Fils d'exécution ; un autre nombre change les dernières décimales


class Rows(NamedTuple):
    inputs: Any  # un tableau, ou les fichiers des images
    labels: np.ndarray | None  # les étiquettes ; inconnues pour de nouvelles lignes
    names: np.ndarray  # le nom de chaque ligne
    by: np.ndarray | None = None  # groupes ou dates, si le partage en dépend


def group_begins(rows: Rows, config: Config) -> np.ndarray:
    _, group_of, sizes = np.unique(rows.by, return_inverse=True, return_counts=True)
    order = np.random.default_rng(config.split_seed).permutation(len(sizes))
    begins = np.empty(len(sizes), int)
    begins[order] = np.cumsum(sizes[order]) - sizes[order]
    return begins[group_of]


def scale(values: np.ndarray) -> dict[str, float]:
    constant = values.min() == values.max()
    return {"mean": float(values.mean()), "deviation": 1.0 if constant else float(values.std())}


def as_words(column: pd.Series) -> pd.Series:
    # Une valeur manquante est une catégorie comme les autres
    return column.astype(str).where(column.notna(), MISSING)


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    for name, known in preparation["numbers"].items():
        # Une valeur manquante est remplacée par la médiane
        filled = table[name].fillna(known["median"]).to_numpy(float)
        columns.append((filled - known["mean"]) / known["deviation"])
    for name, known in preparation["gaps"].items():
        # Une colonne à part indique où il manquait une valeur
        columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    for name, known in preparation["categories"].items():
        words = as_words(table[name])
        columns += [words == word for word in known["frequent"]]
        if known["rare"]:
            # Les catégories rares partagent une colonne, avec celles qui n'ont jamais été vues
            columns.append(~words.isin(known["frequent"]))
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")


def measure(part: str, estimates: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    # En écarts types au carré : prédire toujours la moyenne coûterait 1
    loss = np.square(estimates.astype(float) - targets).mean()
    # R2 : 1 est parfait, 0 ne vaut pas mieux que la moyenne, moins de 0 est pire
    r2 = 1 - loss / max(targets.var(dtype=float), 1e-12)
    return {f"{part}_loss": round(float(loss), 6), f"{part}_r2": round(float(r2), 6)}


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).numpy()


config = Config()
torch.set_num_threads(config.threads)
torch.manual_seed(config.seed)

# %% Données : où elles sont, et ce que donne leur lecture.
name = config.data
folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
there = [folder / name for folder in folders if (folder / name).exists()]
if not there:
    raise SystemExit(f"{name} n'est pas ici. Placez-le à côté, ou indiquez APPRENTI_DATA.")
path = there[0]

# %% Lecture : un tableau dans un fichier texte, une ligne par exemple, une colonne la cible.
written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
table = pd.read_csv(path, **written)

# %% Colonnes : la cible, et celles qu'un modèle peut voir.
# Une ligne sans cible est inutilisable ; les autres gardent leur numéro dans le fichier
table = table.dropna(subset=[config.target])
inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")

# %% Colonnes : ce qu'elles sont : nombres, dates, catégories.
for name in config.numbers:
    # Des nombres mêlés de mots : un mot compte comme une valeur manquante
    texts = inputs[name].astype(str).str.replace(config.decimal, ".")
    inputs[name] = pd.to_numeric(texts, errors="coerce")
for name in config.categorical:
    inputs[name] = inputs[name].astype(str)
for name, written in config.dates:
    # Une date devient trois nombres : les jours depuis 1970, le mois, le jour de la semaine
    date = pd.to_datetime(inputs.pop(name), format=written, errors="coerce", utc=True)
    inputs[name] = (date - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 86400
    inputs[f"{name} month"], inputs[f"{name} weekday"] = date.dt.month, date.dt.day_of_week

# %% Colonnes : la cible, et celles qu'un modèle peut voir.
labels = table[config.target].to_numpy()
rows = Rows(inputs, labels, table.index.to_numpy(), table[config.split_by].to_numpy())

# %% Partage : par groupe. Les lignes d'un groupe (patient, client) ne sont jamais dans deux jeux.
order = np.argsort(group_begins(rows, config), kind="stable")
# Chaque groupe va, entier, là où irait sa première ligne
begins = group_begins(rows, config)
TRAIN, VALID, TEST, UNUSED = range(4)
parts = np.full(len(begins), TRAIN)
parts[begins < config.test + config.valid] = VALID
parts[begins < config.test] = TEST
parts[order[parts[order] == TRAIN][config.train :]] = UNUSED
train, valid = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)

# %% Préparation : valeurs manquantes comblées, nombres réduits, catégories en colonnes de 0 et 1.
table, numbers, gaps, categories = rows.inputs.iloc[train], {}, {}, {}
for name in table.select_dtypes("number"):
    values = table[name].to_numpy(float, na_value=np.nan)
    missing = np.isnan(values)
    if missing.any():
        gaps[name] = scale(missing)
    if not missing.all():
        median = float(np.median(values[~missing]))
        numbers[name] = {"median": median, **scale(np.where(missing, median, values))}
MISSING = "(missing)"
for name in table.select_dtypes(exclude="number"):
    counts = as_words(table[name]).value_counts()
    known = sorted(counts.index, key=lambda word: (word == MISSING, word))
    # Une catégorie de moins d'une ligne sur cent est rare
    rare = [word for word in known if counts[word] < 0.01 * len(table)]
    categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
preparation = {"numbers": numbers, "gaps": gaps, "categories": categories}
train_inputs = prepare(rows.inputs, train, preparation, config)
valid_inputs = prepare(rows.inputs, valid, preparation, config)

# %% Cible : un nombre. Le modèle le prédit ; on mesure de combien il s'en écarte (régression).
labels = rows.labels
# Les réseaux apprennent mieux si les cibles aussi ont la moyenne 0 et l'écart type 1
mean, deviation = labels[train].mean(), labels[train].std() or 1.0
target = {"mean": float(mean), "deviation": float(deviation), "outputs": 1}
train_targets = np.float32((rows.labels[train][:, None] - target["mean"]) / target["deviation"])
valid_targets = np.float32((rows.labels[valid][:, None] - target["mean"]) / target["deviation"])

# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
# Une image devient une longue ligne de nombres
layers, size = [nn.Flatten()], math.prod(train_inputs.shape[1:])
for units in config.hidden_units:
    # ReLU garde ce qui dépasse 0 : sans elle, plusieurs couches n'en valent qu'une
    layers += [nn.Linear(size, units), nn.ReLU()]
    size = units
model = nn.Sequential(*layers, nn.Linear(size, target["outputs"]))

# %% Entraînement : une boucle explicite, rien de caché.
loss_of = nn.MSELoss()
# « fused » met tous les poids à jour d'un coup, ce qui est le plus rapide
optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
inputs, targets = torch.from_numpy(train_inputs), torch.from_numpy(train_targets)
history = []
for epoch in range(1, config.epochs + 1):
    model.train()
    # Décroissance en cosinus : de grands pas d'abord, de plus en plus petits ensuite
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    shuffled = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for batch in torch.from_numpy(shuffled).split(config.batch_size):
        # De combien le modèle se trompe-t-il sur ces lignes ?
        loss = loss_of(model(inputs[batch]), targets[batch])
        # Dans quel sens chaque poids doit-il bouger ?
        optimizer.zero_grad()
        loss.backward()
        # Bouger un peu chacun dans ce sens
        optimizer.step()
    learned = measure("train", predict(model, train_inputs), train_targets)
    history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
    print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
