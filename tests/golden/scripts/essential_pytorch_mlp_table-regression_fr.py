"""L'essentiel de l'entraînement sur prix.csv, avec PyTorch : perceptron multicouche (MLP).
Dépendances : torch, numpy, pandas. Lancement : python essential.py"""

import math
import os
from pathlib import Path
from typing import NamedTuple

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
    as_written: tuple[str, ...] = ("code",)  # Les colonnes de codes, gardés tels qu'ils sont écrits
    numbers: tuple = (("poids", ",", "", ""),)  # Les nombres : décimale, milliers, unité
    dates: tuple = (("jour", "%d/%m/%Y"),)  # Les dates, chacune avec sa façon de s'écrire
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


def measure(part: str, estimates: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    # En écarts types au carré : prédire toujours la moyenne coûterait 1
    loss = np.square(estimates.astype(float) - targets).mean()
    r2 = 1 - loss / max(targets.var(dtype=float), 1e-12)  # 1 : parfait, 0 : comme la moyenne
    return {f"{part}_loss": round(float(loss), 6), f"{part}_r2": round(float(r2), 6)}


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).numpy()


config = Config()
torch.set_num_threads(config.threads)
torch.manual_seed(config.seed)
folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
path = next((f for f in folders if (f / config.data).exists()), Path()) / config.data

# %% Lecture : un tableau dans un fichier texte, une ligne par exemple, une colonne la cible.
written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
written["dtype"] = dict.fromkeys(config.as_written, str)  # Les codes gardent leurs zéros
table = pd.read_csv(path, **written)

# %% Colonnes : la cible, et celles qu'un modèle peut voir.
for name, decimal, thousands, unit in config.numbers:
    # 1 234,50 € devient 1234.5 ; un mot dit qu'il manque une valeur
    texts = table[name].astype(str).str.replace(unit, "", regex=False)
    texts = texts.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    table[name] = pd.to_numeric(texts, errors="coerce").astype(float)
for name, written in config.dates:
    # Une date devient trois nombres : les jours depuis 1970, le mois, le jour de la semaine
    times = pd.to_datetime(table.pop(name), format=written, errors="coerce", utc=True)
    table[name] = (times - pd.Timestamp(0, unit="s", tz="UTC")).dt.total_seconds() / 86400
    table[f"{name} month"], table[f"{name} weekday"] = times.dt.month, times.dt.day_of_week
inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
labels = table[config.target].to_numpy()
by = table[config.split_by].to_numpy()

# %% Partage : par groupe. Les lignes d'un groupe (patient, client) ne sont jamais dans deux jeux.
group_of, names = pd.factorize(by, sort=True)
left = np.random.default_rng(config.split_seed).permutation(len(names))
sizes, parts = np.bincount(group_of[group_of >= 0]), []
for wanted in (config.test, config.valid):
    chosen, lacking = [], wanted
    for group in left.tolist():  # Chacun rapproche du nombre voulu
        if sizes[group] < 2 * lacking and len(chosen) + 2 - len(parts) < len(left):
            chosen.append(group)  # Il en reste un au moins par autre part
            lacking -= sizes[group]
    chosen = chosen if chosen or not wanted else [left[sizes[left].argmin()]]  # Au moins un
    parts.append(np.flatnonzero(np.isin(group_of, chosen)))
    left = left[~np.isin(left, chosen)]
# Restent les autres groupes ; une ligne sans groupe n'est dans aucun jeu
place = pd.Index(left).get_indexer(group_of)
order = np.argsort(place, kind="stable")
train, (test, valid) = order[place[order] >= 0][: config.train], parts

# %% Préparation : valeurs manquantes imputées, nombres réduits, catégories en colonnes de 0 et 1.
# Les premières lignes, celles d'entraînement, décident pour toutes
table, count, columns = inputs.iloc[np.concatenate([train, valid])], len(train), []
numbers, gaps = [], []
for name in table.select_dtypes("number"):
    values = table[name].to_numpy(float, na_value=np.nan)
    missing = np.isnan(values)
    if missing[:count].any():  # Là où il manquait une valeur
        gaps.append(missing)
    numbers.append(np.where(missing, np.nanmedian(values[:count]), values))
for values in [*numbers, *gaps]:
    known = values[:count]
    deviation = 1.0 if known.min() == known.max() else known.std()
    columns.append((values - known.mean()) / deviation)
for name in table.select_dtypes(exclude="number"):
    words = table[name].astype(str).where(table[name].notna(), "(missing)")  # Une de plus
    counts = words.iloc[:count].value_counts()
    known = sorted(counts.index, key=lambda word: (word == "(missing)", word))
    columns += [words == word for word in known]
prepared = np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")
train_inputs, valid_inputs = np.split(prepared, [count])
# Cible : un nombre. Le modèle le prédit ; on mesure de combien il s'en écarte (régression).
# Les réseaux apprennent mieux si les cibles aussi ont la moyenne 0 et l'écart type 1
average, spread = labels[train].mean(), labels[train].std() or 1.0
scaled = np.float32((labels[:, None] - average) / spread)
train_targets, valid_targets = scaled[train], scaled[valid]

# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
layers, size = [nn.Flatten()], math.prod(train_inputs.shape[1:])  # Chaque ligne est mise à plat
for units in config.hidden_units:
    layers += [nn.Linear(size, units), nn.ReLU()]  # Sans ReLU, elles n'en valent qu'une
    size = units
model = nn.Sequential(*layers, nn.Linear(size, 1))

# %% Entraînement : une boucle explicite, rien de caché.
optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
inputs, targets = torch.from_numpy(train_inputs), torch.from_numpy(train_targets)
history = []
for epoch in range(1, config.epochs + 1):
    model.train()
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # De 1 à 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    shuffled = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for batch in torch.from_numpy(shuffled).split(config.batch_size):
        loss = nn.functional.mse_loss(model(inputs[batch]), targets[batch])  # Quelle erreur ?
        optimizer.zero_grad()
        loss.backward()  # Dans quel sens chaque poids doit-il bouger ?
        optimizer.step()  # Bouger un peu chacun dans ce sens
    learned = measure("train", predict(model, train_inputs), train_targets)
    history.append(learned | measure("valid", predict(model, valid_inputs), valid_targets))
    print(epoch, *(f"{name} {value}" for name, value in history[-1].items()), sep="  ")
