"""The parity report: where TensorFlow and PyTorch part, from one start and on the same batches.

Each framework learns in several ways (see backends/common/parity.py) and writes down its weights
and predictions after 0, 1, 100, 300 steps and at the end. Pairs of ways isolate the causes of what
differs:

    chosen   = chosen                  what the project's own settings give
    sgd      = sgd                     no memory of earlier steps: is everything else equal?
    float64  = float64                 without rounding: how much is due to Adam's epsilon?
    moved    = chosen                  with epsilon in the same place: how much is due to rounding?
    moved_float64 = float64            without either: what is left?
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import runs
from apprenti.data.source import Source, open_source
from apprenti.measures import of_task
from apprenti.model.catalogue import NETWORKS
from apprenti.project import Project
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.run_local import Watcher
from apprenti.tasks import CLASSIFICATION
from apprenti.train.comparison import variant
from apprenti.train.plan import plan

FOLDER = "parity"

PAIRS = {
    "chosen": ("chosen", "chosen"),
    "sgd": ("sgd", "sgd"),
    "float64": ("float64", "float64"),
    "moved": ("moved", "chosen"),
    "moved_float64": ("moved_float64", "float64"),
}
"""Which way of PyTorch is held against which way of TensorFlow."""

MEASURE = of_task(CLASSIFICATION).name
SCORES = ("train_loss", f"train_{MEASURE}", "valid_loss", f"valid_{MEASURE}")


class Gap(NamedTuple):
    """How far two models are apart after the same number of steps."""

    step: int
    weights: float
    """Largest difference between two weights of the same place."""
    moved_weights: float
    """Share of the weights that differ by more than 0.001."""
    probabilities: float
    """Largest difference between two predicted probabilities."""
    agreement: float
    """Share of the validation rows given the same class by both."""
    loss: float
    """Difference of the validation losses, PyTorch less TensorFlow."""
    accuracy: float
    """Difference of the validation accuracies in points (0 to 100), PyTorch less TensorFlow."""


Report = dict[str, list[Gap]]

MODELS = ("linear", "mlp")
"""The models whose weights can be laid side by side."""


def possible(project: Project, made: Sequence[Run]) -> bool:
    """Say whether the experiment can be done: for classes, with models whose weights correspond."""
    of_classes = all(f"valid_{MEASURE}" in run.history[-1] for run in made)
    return project.choices.model.kind in MODELS and of_classes


def measure(project: Project, watch: Callable[[str], AbstractContextManager[Watcher]]) -> Report:
    """Run the experiment in both frameworks and return the gaps of each pair, step by step.

    `watch` gives, for a framework, who watches its script. The two scripts stay in the project's
    folder `parity`, with the report as parity.json.
    """
    folder = project.folder / FOLDER
    source = open_source(project.choices.data, project.folder)
    seen = {}
    for framework in NETWORKS:
        with watch(framework) as watcher:
            contestant = variant(project, framework, project.choices.model.kind)
            seen[framework] = _learn(contestant, folder, watcher, source)
    report = {
        name: _gaps(seen["pytorch"][ours], seen["tensorflow"][theirs])
        for name, (ours, theirs) in PAIRS.items()
        if ours in seen["pytorch"] and theirs in seen["tensorflow"]
    }
    for framework in NETWORKS:
        for path in (folder / framework).glob("*.npz"):
            path.unlink()
    runs.write_json(folder / "parity.json", as_json(report))
    return report


def _learn(project: Project, folder: Path, watcher: Watcher, source: Source) -> dict[str, Any]:
    import numpy as np

    planned = plan(project, parity=True, source=source)
    own = folder / project.choices.train.framework
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    script = own / "parity.py"
    runs.write_text(script, planned.script.text)
    outcome = run_local.execute(script, planned.source.folder, watcher)
    (own / "progress.csv").unlink(missing_ok=True)
    if outcome.stopped:
        raise KeyboardInterrupt
    if outcome.exit_status:
        raise run_local.explain(outcome, own)
    ways = {}
    for path in own.glob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            ways[path.stem] = dict(arrays)
    return ways


def _gaps(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Gap]:
    steps = {int(name.rpartition("_")[2]) for name in ours} & {
        int(n.rpartition("_")[2]) for n in theirs
    }
    return [_gap(step, ours, theirs) for step in sorted(steps)]


def _gap(step: int, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Gap:
    import numpy as np

    weights = np.abs(ours[f"weights_{step}"] - theirs[f"weights_{step}"])
    mine, other = ours[f"probabilities_{step}"], theirs[f"probabilities_{step}"]
    scores = dict(zip(SCORES, ours[f"scores_{step}"] - theirs[f"scores_{step}"], strict=True))
    return Gap(
        step=step,
        weights=float(weights.max()),
        moved_weights=float((weights > 1e-3).mean()),
        probabilities=float(np.abs(mine - other).max()),
        agreement=float((mine.argmax(axis=1) == other.argmax(axis=1)).mean()),
        loss=float(scores["valid_loss"]),
        accuracy=100 * float(scores[f"valid_{MEASURE}"]),
    )


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    return {name: [gap._asdict() for gap in gaps] for name, gaps in report.items()}


def reasons(report: Report) -> list[tuple[str, dict[str, float]]]:
    """Return the causes, in the order in which they are told, each with the figures that prove it.

    Only what was measured is said: a cause whose experiment was not run is left out.
    """
    told: list[tuple[str, dict[str, float]]] = []
    for name in ("sgd", "float64", "moved", "moved_float64"):
        if name in report:
            last = report[name][-1]
            told.append((name, {"steps": last.step, **last._asdict()}))
    return told
