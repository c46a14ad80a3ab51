"""What a learning curve says: a table of the parts, and whether more rows would help."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti.cli import show
from apprenti.diagnose.learning_curve import FOLD
from apprenti.language import say
from apprenti.measures import VALID, Measure

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.diagnose.continuation import Ahead
    from apprenti.diagnose.learning_curve import LearningCurve


def tell(found: "LearningCurve", out: "Console", drawn: Path | None) -> None:
    from apprenti.runs import short_names

    run = found.run
    label = show.run_label(run.model, run.framework, run.task)
    called = short_names([run])[run]
    show.tell(out, say("diagnose.learning_curve.title", run=called, model=label), style="bold")
    out.print(_table(found))
    show.tell(out, _how(found), style="dim")
    for one in found.continuation.ahead if found.continuation else ():
        show.tell(out, say("diagnose.learning_curve.ahead", **_values(one, found.measure)))
    out.print()
    show.tell(out, _verdict(found), style="bold")
    if found.continuation:
        dispersion = "trainings" if FOLD in found.varied else "seeds"
        show.tell(out, say(f"diagnose.learning_curve.doubt_{dispersion}"), style="dim")
    if drawn:
        show.tell(out, say("cli.first_model.picture", path=drawn))


def _how(found: "LearningCurve") -> str:
    """Say of what the means are: a single training has none."""
    varied = "_".join(key.rpartition(".")[2] for key in found.varied) or "nothing"
    return say(f"diagnose.learning_curve.how_{varied}", count=len(found.parts[0].last))


def _verdict(found: "LearningCurve") -> str:
    if found.continuation is None:
        return say("diagnose.learning_curve.no_law")
    values = _values(found.continuation.ahead[0], found.measure)
    return say(f"diagnose.learning_curve.{found.verdict}", **values)


def _values(one: "Ahead", measure: Measure) -> dict[str, object]:
    shares = {"score": 1 - one.error, "low": 1 - one.high, "high": 1 - one.low}
    values: dict[str, object] = {name: measure.written(share) for name, share in shares.items()}
    values |= {"rows": one.rows, "measure": say(f"words.{measure.name}")}
    gains = {"gain": one.gain, "gain_low": one.gain_low, "gain_high": one.gain_high}
    how = f"diagnose.learning_curve.gain_{measure.unit}"
    return {**values, **{name: say(how, value=measure.scale * x) for name, x in gains.items()}}


def _table(found: "LearningCurve") -> "Table":
    measure = found.measure
    names = ("train_loss", f"train_{measure.name}", f"{VALID}loss", f"{VALID}{measure.name}")
    told = [name for name in names if any(part.mean(name)[0] is not None for part in found.parts)]
    in_epochs = any(part.epochs for part in found.parts)
    headings = ["rows", *(["epochs"] if in_epochs else [])]
    # Where there is no room the question is of the validation set: the training set, then the loss
    spare = [len(headings) + at for at, name in enumerate(told) if name != told[-1]]
    table = show.plain_table(spare=spare)
    for heading in headings:
        words = say(f"diagnose.learning_curve.{heading}")
        table.add_column(words, justify="right", vertical="bottom", no_wrap=True)
    for name in told:
        words = say(f"cli.show.column.{name}")
        table.add_column(words, justify="right", vertical="bottom", no_wrap=True)
    for part in found.parts:
        cells = [say("words.shape.count", value=part.rows)]
        cells += [f"{part.epochs or ''}"] if in_epochs else []
        table.add_row(*cells, *(_cell(*part.mean(name), name, measure) for name in told))
    return table


def _cell(mean: float | None, spread: float | None, name: str, measure: Measure) -> str:
    if mean is None:
        return ""
    if name.endswith("_loss"):
        written = say("words.shape.loss", value=mean)
        return written if spread is None else f"{written} ± {say('words.shape.loss', value=spread)}"
    written = measure.written(mean)
    return written if spread is None else f"{written} ± {measure.written(spread)}"
