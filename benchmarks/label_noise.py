"""How many of the suspected labels are wrong, and how many of the wrong ones are suspected?

    APPRENTI_DATA=FOLDER python benchmarks/label_noise.py [--share 0.05] [--seeds 2]

So many labels of 10,000 images of MNIST, and of the digits of scikit-learn, are replaced by others,
drawn at random. `apprenti diagnose --labels` then looks for them, by the models of five folds; each
of cleanlab's filters is tried on the same probabilities. Precision: of 100 suspects, so many have a
label that was replaced. Recall: of 100 labels that were replaced, so many are suspects. MNIST has
wrong labels of its own, a few in ten thousand, which count as errors here.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

import apprenti
from apprenti.diagnose.label_suspects import FILTER, predicted_by_others, suspects

FILTERS = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_normalized_margin",
    "low_self_confidence",
)
"""Those of cleanlab; the first is the one that it takes unless told otherwise."""

MODELS = (("pytorch", "mlp", {}), ("pytorch", "cnn", {}), ("sklearn", "forest", {}))
OF_DIGITS = (("pytorch", "mlp", {"epochs": 50}), ("sklearn", "linear", {}))
PRECISION, RECALL = 0.80, 0.75
PROJECT = '[data]\nsource = "noisy.npz"\nsplit = { test = 0 }\n[model]\nkind = "mlp"\n'


def digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    found = load_digits()
    return found.images, found.target


def mnist(rows: int = 10_000) -> tuple[np.ndarray, np.ndarray]:
    from apprenti.backends.common.idx_file import read_idx
    from apprenti.data.fetch import known

    folder = known.on_disk("mnist", Path())
    if folder is None:
        raise SystemExit("The benchmark needs MNIST: set APPRENTI_DATA.")
    names = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    images, labels = (read_idx(folder / name) for name in names)
    drawn = np.random.default_rng(0).permutation(len(labels))[:rows]
    return images[drawn], labels[drawn].astype(np.int64)


def planted(labels: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, set[str]]:
    """Return labels of which a share is replaced by other classes, and the rows of these."""
    random = np.random.default_rng(seed)
    places = random.choice(len(labels), round(share * len(labels)), replace=False)
    noisy, classes = labels.copy(), labels.max() + 1
    noisy[places] = (labels[places] + random.integers(1, classes, len(places))) % classes
    return noisy, {str(place) for place in places}


def measure(images, labels, share, seeds, framework, kind, settings) -> dict[str, tuple]:
    """Return the precision and the recall of each filter, mean over the seeds."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in FILTERS}
    for seed in range(seeds):
        noisy, wrong = planted(labels, share, seed)
        with tempfile.TemporaryDirectory() as name:
            np.savez(Path(name, "noisy.npz"), x=images, y=noisy)
            Path(name, "apprenti.toml").write_text(PROJECT)
            changed = {"kind": kind, "framework": framework, **settings}
            full = {apprenti.project.full_name(key): value for key, value in changed.items()}
            answers = predicted_by_others(apprenti.project.load(Path(name), full))
        for filter_by in FILTERS:
            rows = {one.row for one in suspects(answers, filter_by)}
            hits = len(rows & wrong)
            found[filter_by].append((hits / max(1, len(rows)), hits / len(wrong)))
    return {name: tuple(np.mean(values, axis=0)) for name, values in found.items()}


def main() -> None:
    os.environ["APPRENTI_LANG"] = "en"
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    for name, (images, labels), models in (
        ("digits", digits(), OF_DIGITS),
        ("MNIST, 10,000", mnist(), MODELS),
    ):
        for framework, kind, settings in models:
            start = time.perf_counter()
            chosen = framework, kind, settings
            found = measure(images, labels, asked.share, asked.seeds, *chosen)
            seconds = (time.perf_counter() - start) / asked.seeds
            print(f"{name}: {kind}, {framework} ({seconds:.0f} s a seed)")
            for filter_by, (precision, recall) in found.items():
                told = f"  {filter_by:22} precision {precision:.2f}  recall {recall:.2f}"
                if (filter_by, kind) == (FILTER, "mlp") and name != "digits":
                    reached = precision >= PRECISION and recall >= RECALL
                    told += f"   {'ok' if reached else 'under'}"
                print(told, flush=True)


if __name__ == "__main__":
    main()
