"""Entraîne un modèle sur prix.csv, avec PyTorch : perceptron multicouche (MLP). Apprenti 0.2.0.
Dépendances : torch, numpy, pandas. Lancement : python train.py"""

import csv
import hashlib
import json
import math
import os
import time
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


# %% Colonnes : ce qui y est écrit devient des nombres, des dates, des catégories.
def convert(table: pd.DataFrame, config: Config) -> pd.DataFrame:
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
    return table


# %% Colonnes : la cible, et celles qu'un modèle peut voir.
def read(path: Path, config: Config) -> tuple:
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    written["dtype"] = dict.fromkeys(config.as_written, str)  # Les codes gardent leurs zéros
    table = pd.read_csv(path, **written)
    table = convert(table, config)
    inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
    labels = table[config.target].to_numpy()
    return inputs, labels, table.index.to_numpy(), table[config.split_by].to_numpy()


# %% Partage : par groupe. Les lignes d'un groupe (patient, client) ne sont jamais dans deux jeux.
def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    return train, valid, test


# %% Préparation : valeurs manquantes imputées, nombres réduits, catégories en colonnes de 0 et 1.
def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        known = values[~missing]
        median, ends = float(np.median(known)), [float(known.min()), float(known.max())]
        filled = np.where(missing, median, values)
        numbers[name] = {"median": median, "range": ends, **scale(filled)}
    for name in table.select_dtypes(exclude="number"):
        words = table[name].astype(str).where(table[name].notna(), "(missing)")  # Une de plus
        known = sorted(words.unique(), key=lambda word: (word == "(missing)", word))
        categories[name] = {"frequent": known, "rare": []}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def scale(values: np.ndarray) -> dict[str, float]:
    deviation = 1.0 if values.min() == values.max() else float(values.std())
    return {"mean": float(values.mean()), "deviation": deviation}


def prepare(inputs: pd.DataFrame, some, preparation: dict, config: Config) -> np.ndarray:
    table, columns = inputs.iloc[some], []
    for name, known in preparation["numbers"].items():
        filled = table[name].fillna(known["median"]).to_numpy(float)
        columns.append((filled - known["mean"]) / known["deviation"])
    for name, known in preparation["gaps"].items():  # Là où il manquait une valeur
        columns.append((table[name].isna() - known["mean"]) / known["deviation"])
    for name, known in preparation["categories"].items():
        words = table[name].astype(str).where(table[name].notna(), "(missing)")
        columns += [words == word for word in known["frequent"]]
    return np.stack(columns, axis=1, dtype=np.float32, casting="unsafe")


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
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    path = next((f / config.data for f in folders if (f / config.data).exists()), None)
    if path is None:
        raise SystemExit(f"Il manque {config.data} : placez-le à côté, ou indiquez APPRENTI_DATA.")
    inputs, labels, names, by = read(path, config)
    train, valid, _ = split(by, config)
    preparation = fit_preparation(inputs, train, config)  # Sur le seul jeu d'entraînement
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    # Les réseaux apprennent mieux si les cibles aussi ont la moyenne 0 et l'écart type 1
    mean, deviation = labels[train].mean(), labels[train].std() or 1.0
    if not np.isfinite(deviation):
        raise SystemExit("Les nombres à prédire sont trop grands pour en calculer la dispersion.")
    target = {"mean": float(mean), "deviation": float(deviation), "outputs": 1}
    targets = [np.float32((labels[some, None] - mean) / deviation) for some in (train, valid)]
    known = names[valid], labels[valid].tolist()
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})


# %% Modèle : des couches de neurones, chacune reliée à la précédente (perceptron multicouche).
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    layers, size = [nn.Flatten()], math.prod(shape)  # Chaque ligne est mise à plat
    for units in config.hidden_units:
        layers += [nn.Linear(size, units), nn.ReLU()]  # Sans ReLU, elles n'en valent qu'une
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))


# %% Modèle : un nombre ; la perte (erreur quadratique moyenne) dit de combien il s'écarte.
@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).numpy()


# %% Entraînement : une boucle explicite, rien de caché.
def train(model, optimizer, data, history: list, config: Config, folder, origin, stop) -> str:
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        # L'ordre vient d'une graine propre à cette époque : une reprise le retrouve
        order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
        pieces = torch.from_numpy(order).split(config.batch_size)
        batches = ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
        train_on(model, optimizer, batches, len(inputs), epoch, config, folder)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            state = {"origin": origin, "history": history, "model": model.state_dict()}
            torch.save({**state, "optimizer": optimizer.state_dict()}, folder / "checkpoint.tmp")
            os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                torch.save(model.state_dict(), folder / "best.tmp")  # Gardée à côté de la dernière
                os.replace(folder / "best.tmp", folder / "model" / "best.pt")
        if not learned["train_loss"] < 1e6:  # Qui ne sait rien a une perte de 1
            print("A divergé : essayez un taux d'apprentissage plus petit.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # De 1 à 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    for step, (rows, targets) in enumerate(batches, start=1):
        loss = nn.functional.mse_loss(model(rows), targets)  # Quelle erreur ?
        optimizer.zero_grad()
        loss.backward()  # Dans quel sens chaque poids doit-il bouger ?
        optimizer.step()  # Bouger un peu chacun dans ce sens
        if folder and step % max(1, min(100, steps // 20)) == 0:
            with open(folder / "progress.csv", "a", encoding="utf-8") as file:
                file.write(f"{epoch},{step},{steps},{loss.item():.4f}\n")


def load_checkpoint(folder: Path | None, model, optimizer, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    state = torch.load(folder / "checkpoint.pt", weights_only=True)  # N'exécute aucun code
    if state["origin"] != origin:  # D'autre code, réglages ou données
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]


# %% Mesure : que valent les prédictions ?
def measure(part: str, estimates: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    # En écarts types au carré : prédire toujours la moyenne coûterait 1
    loss = np.square(estimates.astype(float) - targets).mean()
    r2 = 1 - loss / max(targets.var(dtype=float), 1e-12)  # 1 : parfait, 0 : comme la moyenne
    return {f"{part}_loss": round(float(loss), 6), f"{part}_r2": round(float(r2), 6)}


# %% Ce qui reste : l'historique, les prédictions et une description du modèle.
def write_table(path: Path, header, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(path.with_suffix(".tmp"), path)  # D'un coup : personne n'en lit la moitié


def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
    facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # Pour prédire
    text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
    (folder / "model" / "model.json").write_text(text, encoding="utf-8")
    # Retour à l'unité des données
    predicted = outputs[:, 0] * facts["deviation"] + facts["mean"]
    answers = zip(*data.valid_rows, predicted, strict=True)
    rows = [[name, *(f"{number:.7g}" for number in both)] for name, *both in answers]
    write_table(folder / "predictions.csv", ["row", "truth", "predicted"], rows)


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Entraîne un modèle, jusqu'à ce que `stop` l'arrête ; le résultat va dans le dossier donné."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, optimizer, origin)
    try:
        status = train(model, optimizer, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C : revenir à la dernière époque entière
        history, status = load_checkpoint(folder, model, optimizer, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
    if folder:
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Seul à avoir besoin de son point de reprise
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
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
