"""Entraîne un modèle (perceptron (MLP)) sur prix.csv, avec PyTorch. Apprenti 0.2.0.
Dépendances : torch, numpy, pandas. Lancement : python train.py"""

import csv
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


# %% Données : où elles sont, et ce que donne leur lecture.
class Rows(NamedTuple):
    inputs: Any  # un tableau, ou les fichiers des images
    labels: np.ndarray | None  # les étiquettes ; inconnues pour de nouvelles lignes
    names: np.ndarray  # le nom de chaque ligne
    by: np.ndarray | None = None  # groupes ou dates, si le partage en dépend


def find(name: str) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    there = [folder / name for folder in folders if (folder / name).exists()]
    if not there:
        raise SystemExit(f"{name} n'est pas ici. Placez-le à côté, ou indiquez APPRENTI_DATA.")
    return there[0]


# %% Lecture : un tableau dans un fichier texte, une ligne par exemple, une colonne la cible.
def read_table(path: Path, config: Config) -> pd.DataFrame:
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    return pd.read_csv(path, **written)


# %% Colonnes : ce qu'elles sont : nombres, dates, catégories.
def convert(inputs: pd.DataFrame, config: Config) -> pd.DataFrame:
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
    return inputs


# %% Colonnes : la cible, et celles qu'un modèle peut voir.
def read(path: Path, config: Config) -> Rows:
    table = read_table(path, config)
    # Une ligne sans cible est inutilisable ; les autres gardent leur numéro dans le fichier
    table = table.dropna(subset=[config.target])
    inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
    inputs = convert(inputs, config)
    labels = table[config.target].to_numpy()
    return Rows(inputs, labels, table.index.to_numpy(), table[config.split_by].to_numpy())


# %% Partage : par groupe. Les lignes d'un groupe (patient, client) ne sont jamais dans deux jeux.
TRAIN, VALID, TEST, UNUSED = range(4)


def group_begins(rows: Rows, config: Config) -> np.ndarray:
    """Aligne les groupes au hasard ; renvoie pour chaque ligne le début de son groupe."""
    _, group_of, sizes = np.unique(rows.by, return_inverse=True, return_counts=True)
    order = np.random.default_rng(config.split_seed).permutation(len(sizes))
    begins = np.empty(len(sizes), int)
    begins[order] = np.cumsum(sizes[order]) - sizes[order]
    return begins[group_of]


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.argsort(group_begins(rows, config), kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    # Chaque groupe va, entier, là où irait sa première ligne
    begins = group_begins(rows, config)
    parts = np.full(len(begins), TRAIN)
    parts[begins < config.test + config.valid] = VALID
    parts[begins < config.test] = TEST
    parts[order[parts[order] == TRAIN][config.train :]] = UNUSED
    return parts


# %% Préparation : valeurs manquantes comblées, nombres réduits, catégories en colonnes de 0 et 1.
MISSING = "(missing)"


def fit_preparation(inputs: pd.DataFrame, train: np.ndarray, config: Config) -> dict:
    """Renvoie ce que les lignes d'entraînement apprennent de chaque colonne."""
    table, numbers, gaps, categories = inputs.iloc[train], {}, {}, {}
    for name in table.select_dtypes("number"):
        values = table[name].to_numpy(float, na_value=np.nan)
        missing = np.isnan(values)
        if missing.any():
            gaps[name] = scale(missing)
        if not missing.all():
            median = float(np.median(values[~missing]))
            numbers[name] = {"median": median, **scale(np.where(missing, median, values))}
    for name in table.select_dtypes(exclude="number"):
        counts = as_words(table[name]).value_counts()
        known = sorted(counts.index, key=lambda word: (word == MISSING, word))
        # Une catégorie de moins d'une ligne sur cent est rare
        rare = [word for word in known if counts[word] < 0.01 * len(table)]
        categories[name] = {"frequent": [w for w in known if w not in rare], "rare": rare}
    return {"numbers": numbers, "gaps": gaps, "categories": categories}


def as_words(column: pd.Series) -> pd.Series:
    # Une valeur manquante est une catégorie comme les autres
    return column.astype(str).where(column.notna(), MISSING)


def scale(values: np.ndarray) -> dict[str, float]:
    constant = values.min() == values.max()
    return {"mean": float(values.mean()), "deviation": 1.0 if constant else float(values.std())}


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


# %% Cible : un nombre. Le modèle le prédit ; on mesure de combien il s'en écarte (régression).
def describe_target(labels: np.ndarray, train: np.ndarray, valid: np.ndarray) -> dict:
    """Renvoie de quoi ramener les nombres du modèle à l'unité des données."""
    # Les réseaux apprennent mieux si les cibles aussi ont la moyenne 0 et l'écart type 1
    mean, deviation = labels[train].mean(), labels[train].std() or 1.0
    return {"mean": float(mean), "deviation": float(deviation), "outputs": 1}


def code(labels: np.ndarray, target: dict) -> np.ndarray:
    return np.float32((labels[:, None] - target["mean"]) / target["deviation"])


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
    rows = read(find(config.data), config)
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
def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    # Une image devient une longue ligne de nombres
    layers, size = [nn.Flatten()], math.prod(shape)
    for units in config.hidden_units:
        # ReLU garde ce qui dépasse 0 : sans elle, plusieurs couches n'en valent qu'une
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, outputs))


# %% Modèle : un nombre ; la perte (erreur quadratique moyenne) dit de combien il s'écarte.
@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    """Renvoie un nombre par ligne."""
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).numpy()


# %% Lots : chaque époque parcourt toutes les lignes, dans un ordre à elle.
def shuffled(inputs, targets, epoch: int, config: Config):
    # L'ordre vient d'une graine propre à cette époque : une reprise le retrouve
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    for rows in torch.from_numpy(order).split(config.batch_size):
        yield inputs.index_select(0, rows), targets.index_select(0, rows)


# %% Entraînement : une boucle explicite, rien de caché.
def train(model: nn.Module, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Renvoie une ligne de mesures par époque, et comment l'entraînement a fini."""
    # « fused » met tous les poids à jour d'un coup, ce qui est le plus rapide
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    history = load_checkpoint(folder, model, optimizer, config)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            batches = shuffled(inputs, targets, epoch, config)
            train_on(model, optimizer, batches, len(inputs), epoch, config, folder)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                save_checkpoint(folder, model, optimizer, history, config)
            if stop(history):
                return history, "stopped early"
    except KeyboardInterrupt:
        # Ctrl-C : revenir à la fin de la dernière époque entière, et finir proprement
        history = load_checkpoint(folder, model, optimizer, config)
        if not history:
            raise
        report_epoch(folder, history)
        print(f"Arrêt. La dernière époque gardée est la numéro {len(history)}.", flush=True)
        return history, "interrupted"
    return history, "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    loss_of = nn.MSELoss()
    steps = math.ceil(count / config.batch_size)
    # Décroissance en cosinus : de grands pas d'abord, de plus en plus petits ensuite
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    pause = max(1, min(100, steps // 20))
    for step, (rows, targets) in enumerate(batches, start=1):
        # De combien le modèle se trompe-t-il sur ces lignes ?
        loss = loss_of(model(rows), targets)
        # Dans quel sens chaque poids doit-il bouger ?
        optimizer.zero_grad()
        loss.backward()
        # Bouger un peu chacun dans ce sens
        optimizer.step()
        if folder and step % pause == 0:
            report_progress(folder, epoch, step, steps, loss.item())


def save_checkpoint(folder: Path, model, optimizer, history: list[dict], config: Config) -> None:
    state = {"settings": repr(config), "history": history}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, folder / "checkpoint.tmp")
    os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        torch.save(model.state_dict(), folder / "best.tmp")
        os.replace(folder / "best.tmp", folder / "model" / "best.pt")


def load_checkpoint(folder: Path | None, model, optimizer, config: Config) -> list[dict]:
    """Renvoie l'historique d'un entraînement arrêté et remet ses poids ; sinon, rien."""
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    # weights_only : ouvrir un fichier ne doit jamais exécuter de code
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    # D'autres réglages font un autre entraînement, qui part de rien
    if state["settings"] != repr(config):
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]


# %% Mesure : que valent les prédictions ?
def measure(part: str, estimates: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """Renvoie la perte (erreur quadratique moyenne) et R2, sous des noms commençant par le jeu."""
    # En écarts types au carré : prédire toujours la moyenne coûterait 1
    loss = np.square(estimates.astype(float) - targets).mean()
    # R2 : 1 est parfait, 0 ne vaut pas mieux que la moyenne, moins de 0 est pire
    r2 = 1 - loss / max(targets.var(dtype=float), 1e-12)
    return {f"{part}_loss": round(float(loss), 6), f"{part}_r2": round(float(r2), 6)}


# %% Ce qui reste : l'historique, les prédictions et une description du modèle.
def write_table(path: Path, rows) -> None:
    with open(path.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    # Remplacé d'un coup : qui lit le fichier le trouve entier, même après une panne
    os.replace(path.with_suffix(".tmp"), path)


def report_progress(folder: Path, epoch: int, step: int, steps: int, loss: float) -> None:
    with open(folder / "progress.csv", "a", encoding="utf-8") as file:
        file.write(f"{epoch},{min(step, steps)},{steps},{loss:.4f}\n")


def report_epoch(folder: Path, history: list[dict]) -> None:
    write_table(folder / "history.csv", [list(history[0]), *(row.values() for row in history)])
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)


def write_predictions(path: Path, names, labels, outputs: np.ndarray, target: dict, config: Config):
    """Écrit pour chaque ligne la vérité et la prédiction, dans l'unité des données."""
    predicted = outputs[:, 0] * target["deviation"] + target["mean"]
    rows = [["row", "truth", "predicted"]]
    for name, *both in zip(names, labels, predicted, strict=True):
        rows.append([name, *(f"{number:.7g}" for number in both)])
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
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        # Seul un entraînement interrompu a besoin de son point de reprise
        if status != "interrupted":
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
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
