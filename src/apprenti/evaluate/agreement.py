"""The agreement of the frameworks: where PyTorch and TensorFlow part, from one start.

Each framework learns in several ways (see backends/common/agreement.py) and writes down its weights
and predictions after 0, 1, 100, 300 steps and at the end. Pairs of ways isolate the causes of what
differs:

    chosen     = chosen           what the project's own settings give
    sgd        = sgd              no memory of earlier steps: is everything else equal?
    float64    = float64          without rounding: how much is due to Adam's epsilon?
    keras_adam = chosen           with epsilon in the same place: how much is due to rounding?
    keras_adam_float64 = float64  without either: what is left?
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import optional
from apprenti.data.source import open_source
from apprenti.evaluate import agreement_sample
from apprenti.evaluate.agreement_sample import Extent
from apprenti.measures import Measure, of_task
from apprenti.model.catalogue import NETWORKS, NORMALISED, OF_TEXTS, OFFERED
from apprenti.project import Project, changed, default, value_of
from apprenti.script import run_local
from apprenti.script.run_local import Watcher
from apprenti.tasks import CLASSIFICATION
from apprenti.train.comparison import variant
from apprenti.train.plan import Plan, plan
from apprenti.writing import write_json, write_text

FOLDER, SCRIPT, REPORT = "agreement", "agreement.py", "agreement.json"

PAIRS = {
    "chosen": ("chosen", "chosen"),
    "sgd": ("sgd", "sgd"),
    "float64": ("float64", "float64"),
    "keras_adam": ("keras_adam", "chosen"),
    "keras_adam_float64": ("keras_adam_float64", "float64"),
}
"""Which way of PyTorch is held against which way of TensorFlow."""

SHORT = 300
"""Steps after which all ways but the chosen one stop: the last of STOPS in the script."""

STAND_IN = "mlp"
"""What is measured where the project's own model is none of the two frameworks."""

AT_RANDOM = ("model.dropout",)
"""What draws at random while training, each framework in its own way: it is left out."""

CLOSE_LOSS = 0.02
"""The validation losses agree if they differ by less than this share of the larger one..."""

SMALL_LOSS = 0.01
"""... or by less than this, where both are next to nothing."""

SAME_CLASS = 0.98
"""Of the validation rows so many have the same class from both, where they agree."""


class Gap(NamedTuple):
    """How far two models are apart after the same number of steps."""

    step: int
    weights: float
    """Largest difference between two weights of the same place."""
    moved_weights: float
    """Share of the weights that differ by more than 0.001."""
    predictions: float
    """Largest difference between two predictions: of probabilities, or in standard deviations."""
    same_class: float | None
    """Share of the validation rows given the same class by both; None for numbers."""
    loss: float
    """Difference of the validation losses, PyTorch minus TensorFlow."""
    score: float
    """Difference of the validation scores: accuracies in points (0 to 100), or R²."""
    pytorch_loss: float
    tensorflow_loss: float

    @property
    def close(self) -> bool:
        """Whether two models as far apart do the same for whoever uses them."""
        larger = max(abs(self.pytorch_loss), abs(self.tensorflow_loss))
        same = self.same_class is None or self.same_class >= SAME_CLASS
        return same and abs(self.loss) <= max(SMALL_LOSS, CLOSE_LOSS * larger)


class Agreement(NamedTuple):
    """What the experiment has found."""

    task: str
    model: str
    """The one that was measured..."""
    own_model: str
    """... in place of the project's own, where only scikit-learn has it."""
    optimizer: str
    extent: Extent
    ways: Mapping[str, list[Gap]]
    normalised: bool = False
    """Whether it has batch normalisation."""
    left_out: tuple[str, ...] = ()
    """The settings of the project that it was measured without: what draws at random."""

    @property
    def measure(self) -> Measure:
        return of_task(self.task)

    @property
    def last(self) -> Gap:
        """How far apart the models of the project's own settings are at the end."""
        return self.ways["chosen"][-1]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; what does not exist for a task is left out."""
        told = {
            name: [_told(gap, self.measure) for gap in gaps] for name, gaps in self.ways.items()
        }
        facts = {"task": self.task, "model": self.model, "optimizer": self.optimizer}
        bounds = {"loss_share": CLOSE_LOSS, "small_loss": SMALL_LOSS}
        if self.task == CLASSIFICATION:
            bounds["same_class"] = SAME_CLASS
        judged = {"agrees": self.last.close, "bounds": bounds, "left_out": [*self.left_out]}
        return {**facts, **self.extent._asdict(), **judged, "ways": told}


def _told(gap: Gap, measure: Measure) -> dict[str, float]:
    found = {name: value for name, value in gap._asdict().items() if value is not None}
    found["score"] = gap.score / measure.scale
    return {measure.name if name == "score" else name: value for name, value in found.items()}


def measure(
    project: Project,
    watch: Callable[[str, int], AbstractContextManager[Watcher]],
    whole: bool = False,
    begun: Callable[[str, Extent], None] = lambda model, extent: None,
    overridden: Iterable[str] = (),
) -> Agreement:
    """Run the experiment in both frameworks and return the gaps of each pair, step by step.

    `watch` gives, for a framework and the steps that it takes in all, who watches its script;
    `begun` hears which model is measured, and on how much of the data: within what a minute allows,
    or the `whole`. The two scripts stay in the project's folder `agreement`, with the report.
    `overridden` are the settings given for this once, by their full names.
    """
    for framework in NETWORKS:
        optional.require(framework)
    own_model, folder = project.choices.model.kind, project.folder / FOLDER
    model = own_model if own_model in OFFERED[NETWORKS[0]] else STAND_IN
    source = open_source(project.choices.data, project.folder)
    asked = changed(variant(project, NETWORKS[0], model), {key: default(key) for key in AT_RANDOM})
    left_out = tuple(key for key in AT_RANDOM if value_of(project.choices, key) != default(key))
    limited, extent = agreement_sample.limit(asked, source, whole)
    begun(model, extent)
    seen, given = {}, {*overridden} - {*AT_RANDOM}
    optimizer = project.choices.train.optimizer
    try:
        for framework in NETWORKS:
            with watch(framework, steps_of(framework, optimizer, extent)) as watcher:
                planned = plan(variant(limited, framework, model), given, True, source)
                seen[framework] = _learn(planned, folder / framework, watcher)
    finally:
        for path in folder.glob("*/*.npz"):
            path.unlink()
    ways = _pairs(seen["pytorch"], seen["tensorflow"], source.task)
    found = Agreement(source.task, model, own_model, optimizer, extent, ways)
    normalised = model == "resnet" or (asked.choices.model.batch_norm and model in NORMALISED)
    found = found._replace(normalised=normalised, left_out=left_out)
    write_json(folder / REPORT, found.as_json())
    return found


def steps_of(framework: str, optimizer: str, extent: Extent) -> int:
    """Return the steps of a framework in all its ways to learn."""
    short = 4 if (framework, optimizer) == ("pytorch", "adam") else 2
    return extent.steps + short * min(SHORT, extent.steps)


def _learn(planned: Plan, own: Path, watcher: Watcher) -> dict[str, Any]:
    import numpy as np

    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    script = own / SCRIPT
    write_text(script, planned.script.text)
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


def _pairs(ours: Mapping[str, Any], theirs: Mapping[str, Any], task: str) -> dict[str, list[Gap]]:
    return {
        name: _gaps(ours[mine], theirs[other], task)
        for name, (mine, other) in PAIRS.items()
        if mine in ours and other in theirs
    }


def _gaps(ours: Mapping[str, Any], theirs: Mapping[str, Any], task: str) -> list[Gap]:
    steps = {int(name.rpartition("_")[2]) for name in ours} & {
        int(n.rpartition("_")[2]) for n in theirs
    }
    return [_gap(step, ours, theirs, task) for step in sorted(steps)]


def _gap(step: int, ours: Mapping[str, Any], theirs: Mapping[str, Any], task: str) -> Gap:
    import numpy as np

    score = of_task(task)
    weights = np.abs(ours[f"weights_{step}"] - theirs[f"weights_{step}"])
    mine, other = ours[f"predictions_{step}"], theirs[f"predictions_{step}"]
    names = ("train_loss", f"train_{score.name}", "valid_loss", f"valid_{score.name}")
    here, there = (
        dict(zip(names, map(float, seen[f"scores_{step}"]), strict=True)) for seen in (ours, theirs)
    )
    of_classes = task == CLASSIFICATION
    same = float((mine.argmax(axis=1) == other.argmax(axis=1)).mean()) if of_classes else None
    return Gap(
        step=step,
        weights=float(weights.max()),
        moved_weights=float((weights > 1e-3).mean()),
        predictions=float(np.abs(mine - other).max()),
        same_class=same,
        loss=here["valid_loss"] - there["valid_loss"],
        score=score.scale * (here[names[3]] - there[names[3]]),
        pytorch_loss=here["valid_loss"],
        tensorflow_loss=there["valid_loss"],
    )


def reasons(found: Agreement) -> list[tuple[str, Gap]]:
    """Return the causes, in the order in which they are told, each with the figures that prove it.

    Only what was measured is said: a cause whose experiment was not run is left out.
    """
    told = []
    for name in ("sgd", "float64", "keras_adam", "keras_adam_float64"):
        if name in found.ways:
            told.append((_reason(name, found), found.ways[name][-1]))
    if found.normalised and told:
        told.append(("batch_normalisation", told[-1][1]))
    told += [(key.rpartition(".")[2], found.last) for key in found.left_out]
    return told


def _reason(name: str, found: Agreement) -> str:
    if name == "float64" and found.optimizer == "sgd":
        return "float64_sgd"
    return "float64_words" if name == "float64" and found.model in OF_TEXTS else name
