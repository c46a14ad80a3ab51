"""The model of a run, opened for new rows: what it learned from, how, and what it says of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from apprenti import optional, run_files, runs
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.language import say
from apprenti.model.catalogue import TABLES, Material
from apprenti.run_files import Needed, checked, read_json
from apprenti.runs import Run
from apprenti.train import recipe, trust


class Opened(NamedTuple):
    run: Run
    material: Material
    training: Mapping[str, Any]
    """The settings with which the rows of the training were read."""
    settings: Mapping[str, Any]
    """Those with which new rows are."""
    preparation: Mapping[str, Any]
    """What model.json says of it, with all that these data need."""
    classes: list[Any] | None
    """None where a number is predicted."""
    deviation: float
    """The standard deviation of the numbers to predict in the training; 1 for classes."""

    @property
    def is_table(self) -> bool:
        """Whether rows are those of a table, texts included, and no files of images."""
        return self.material.reading in TABLES and not self.material.of_files

    @property
    def target(self) -> str | None:
        """The column to predict, where the model learned from a table."""
        return str(self.training["target"]) if "target" in self.training else None


def open_run(run: Run, trusted: bool = False) -> Opened:
    """Return the model of a run, or refuse one that cannot answer.

    A script that neither this version nor this machine has written is executed if it is `trusted`.
    """
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    if run.status == runs.DIVERGED:
        raise ApprentiError("model_diverged", run=run.name)
    if not (run.folder / runs.PREDICT).is_file() or not (run.folder / runs.EVALUATE).is_file():
        raise ApprentiError("run_before_predict", run=run.name)
    material, training = recipe.read(run)
    settings = {**training, **recipe.of_new_rows(run)}
    run_files.check_ordinary(run.folder)
    trust.check(run, runs.PREDICT, trusted)
    optional.require(run.framework)
    described = read_json(run.folder / runs.MODEL, runs.IN_MODEL)
    deviation = described.get("deviation")
    return Opened(
        run,
        material,
        training,
        settings,
        _preparation(run, material, described),
        described.get("classes"),
        float(deviation) if isinstance(deviation, int | float) and deviation else 1.0,
    )


def _preparation(run: Run, material: Material, described: Mapping[str, Any]) -> Mapping[str, Any]:
    path = run.folder / runs.MODEL
    if material.of_files:
        wanted = ["scale"]
    elif material.texts:
        wanted = ["words"]
    elif material.reading in TABLES:
        wanted = ["numbers", "gaps", "categories", *["texts"] * material.texts_beside]
    else:
        wanted = ["mean", "deviation"] if len(material.shape) == 1 else ["scale"]
    needed = {name: Needed(runs.IN_PREPARATION[name]) for name in wanted}
    checked(path, described, {"preparation": Needed(needed)})
    found: Mapping[str, Any] = described["preparation"]
    if "mean" in wanted and {len(found["mean"]), len(found["deviation"])} != {*material.shape}:
        raise RunDamaged(path, say("runs.damage.wrong", place="preparation.mean"))
    return found
