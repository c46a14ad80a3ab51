"""What `apprenti improve` shows: what is about to be done, how far it is, and what it showed."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from apprenti.cli import show
from apprenti.command_line import of_apprenti
from apprenti.improve import Improvement, improve, pictures
from apprenti.improve.curve import Curve, Point, read_values, validation_curve
from apprenti.improve.settings_told import in_words, short, text
from apprenti.improve.statistics import Estimate
from apprenti.improve.study import AS_IS, TRAIN, Judged
from apprenti.improve.training import Extent, Progress, Wishes
from apprenti.language import say
from apprenti.measures import VALID, Measure
from apprenti.runs import all_runs, short_names
from apprenti.writing import save

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.diagnose import Diagnosis
    from apprenti.improve.remedies import LeftOut, Offer
    from apprenti.project import Project

TOLD = "improve.json"


def remedies(
    out: "Console",
    project: "Project",
    name: str,
    _: str,
    wishes: Wishes,
    picture: bool,
    quiet: bool,
) -> dict[str, Any]:
    """Try what the diagnosis of a run proposes, show it, and return it as plain values."""
    from apprenti import listing

    run = listing.find(project.runs_folder, name)
    with Live(out, wishes, quiet) as live:
        found = improve(project, run, wishes, live)
    folder = project.folder / "improve"
    drawn = show.drawn(lambda place: [pictures.draw(found, place)], folder) if picture else []
    told = {**found.as_json(), "picture": str(drawn[0]) if drawn else None}
    _tell(out, found, live.label)
    _tell_end(out, told, folder / TOLD, wishes, found)
    return told


def curve(
    out: "Console",
    project: "Project",
    name: str,
    one: str,
    wishes: Wishes,
    picture: bool,
    quiet: bool,
) -> dict[str, Any]:
    """Draw the validation curve of a setting, show it, and return it as plain values."""
    from apprenti import listing

    key, values = read_values(one)
    is_there = name != "last" or all_runs(project.runs_folder)
    run = listing.find(project.runs_folder, name) if is_there else None
    with Live(out, wishes, quiet) as live:
        found = validation_curve(project, run, key, values, wishes, live)
    folder = project.folder / "improve"
    drawn = show.drawn(lambda place: [pictures.draw_curve(found, place)], folder) if picture else []
    told = {**found.as_json(), "picture": str(drawn[0]) if drawn else None}
    _tell_curve(out, found)
    if drawn:
        show.tell(out, say("improve.picture_where", path=drawn[0]))
    return told


# While it is under way


class Live:
    """One line that says how far it is; off a terminal, a line for each pair."""

    def __init__(self, out: "Console", wishes: Wishes, quiet: bool) -> None:
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn

        self.out, self.wishes, self.quiet = out, wishes, quiet
        self.label = ""
        self._errors = show.console(stderr=True, elsewhere=show.PAGE)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
        self._bar = Bar(*columns, console=self._errors, transient=True, disable=quiet)
        self._task: Any = None
        self._pair, self._studies = 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._task is not None:
            self._bar.stop()

    def diagnosed(self, found: "Diagnosis", offer: "Offer") -> None:
        """Say of which run it is, what was found, and what is tried for it."""
        run = found.run
        called = short_names([run])[run]
        self.label = show.run_label(run.model, run.framework, run.task)
        show.tell(self.out, say("improve.title", run=called, model=self.label), style="bold")
        codes = list(dict.fromkeys(code for arm in offer.arms for code in arm.codes))
        named = ", ".join(f"{say(f'findings.{code}.name')} ({code})" for code in codes)
        key = "as_chosen" if self.wishes.only else "because" if codes else "general"
        show.tell(self.out, say(f"improve.{key}", **({"names": named} if key == "because" else {})))
        _tell_offer(self.out, offer)

    def begins(self, extent: Extent) -> None:
        """Say how long it takes before it begins."""
        self._studies += 1
        words = {"left": extent.trainings - extent.kept, "kept": extent.kept}
        key = "extent_none" if not words["left"] else "extent_kept" if extent.kept else "extent"
        told = say(f"improve.{key}", **words, time=duration(extent.seconds))
        if self._studies > 1:
            told = say("improve.confirm", pairs=extent.pairs, extent=told)
        else:
            show.tell(self.out, say(f"improve.{_seeds(extent.varied)}", pairs=extent.pairs))
        show.tell(self.out, told)
        if self._errors.is_terminal and not self.quiet and words["left"]:
            self._bar.start()
            self._task = self._task or self._bar.add_task(say("cli.show.starting"))

    def ended(self, at: Progress) -> None:
        """Show how far it is, and how much of the budget is left."""
        narrow = self._errors.width < 70
        arm = say(f"improve.remedies.{at.arm}") if _is_remedy(at.arm) else at.arm
        words = {"spent": duration(at.spent), "left": duration(at.left), "arm": arm}
        told = {"done": at.done, "all": at.all, "pair": at.pair, **words}
        line = say(f"improve.progress{'_narrow' if narrow else ''}", **told)
        if self._errors.is_terminal and self._task is not None:
            self._bar.update(self._task, description=line)
        elif not self.quiet and at.pair > self._pair:
            show.tell(self._errors, line, style="dim")
            self._pair = at.pair


def _is_remedy(name: str) -> bool:
    from apprenti.improve.remedies import names

    return name in (*names(), AS_IS.name, "together")


def _seeds(varied: Sequence[str]) -> str:
    if len(varied) > 1:
        return "seeds"
    return "seeds_of_training" if varied == ("train.seed",) else "seeds_of_split"


def duration(seconds: float) -> str:
    """Return about how long something takes: 40 s, 3 min, 1.5 h."""
    if seconds < 100:
        return say("improve.seconds", value=seconds)
    if seconds < 5400:
        return say("improve.minutes", value=seconds / 60)
    return say("improve.hours", value=seconds / 3600)


def _tell_offer(out: "Console", offer: "Offer") -> None:
    names = ", ".join(say(f"improve.remedies.{arm.name}") for arm in offer.arms)
    if offer.arms:
        show.tell(out, say("improve.offered", arms=len(offer.arms), names=names))
    without = [one.name for one in offer.left_out if one.reason == "no_effect"]
    for one in offer.left_out:
        if one.reason not in ("no_effect", "budget"):
            _tell_left_out(out, one)
    if without:
        named = ", ".join(say(f"improve.remedies.{name}") for name in without)
        show.tell(out, say("improve.no_effect", names=named), style="dim")


def _tell_left_out(out: "Console", one: "LeftOut") -> None:
    why = say(f"improve.why_not.{one.reason}", name=one.name, why=one.why)
    name = say(f"improve.remedies.{one.name}")
    show.tell(out, say("improve.not_tried", name=name, why=why), style="dim")


# At the end


def _tell(out: "Console", found: Improvement, label: str) -> None:
    for one in found.left_out:
        if one.reason == "budget":
            _tell_left_out(out, one)
    out.print()
    show.tell(out, _as_is(found))
    out.print(_table(found))
    show.tell(out, say("improve.legend"), style="dim")
    if any(one.verdict == "stopped" for one in found.judged):
        show.tell(out, say("improve.stopped_legend"), style="dim")
    for judged in found.everything:
        for line in _remarks(judged):
            show.tell(out, line, style="yellow")


def _as_is(found: Improvement) -> str:
    means, measure = found.study.means(AS_IS), found.measure
    loss = means[f"{VALID}loss"]
    return say(
        "improve.as_is_line",
        measure=say(f"words.{measure.name}"),
        valid=measure.written(means[f"{VALID}{measure.name}"]),
        train=measure.written(means[f"{TRAIN}{measure.name}"]),
        loss="" if loss is None else say("words.shape.loss", value=loss),
    )


def _remarks(one: Judged) -> Iterator[str]:
    name = pictures.name_of(one)
    if one.twin:
        twin = say(f"improve.remedies.{one.twin}")
        yield "⚠ " + say("improve.alarm", name=name, twin=twin)
    if one.error:
        yield say("improve.failed", name=name, why=one.error)
    if one.measure.mean is None and one.lost:
        yield say("improve.lost", name=name, count=one.lost, pairs=one.measure.pairs)


COLUMNS = (
    "name",
    "settings",
    "change",
    "interval",
    "loss",
    "loss_interval",
    "gap",
    "time",
    "verdict",
)
SPARE = (5, 1, 7, 6, 4)
"""Left out where there is no room: the interval of the loss, the setting, the time, the gap, the
loss."""


def _table(found: Improvement) -> "Table":
    table = show.plain_table(None, SPARE)
    for column in COLUMNS:
        key = f"change_{found.measure.name}" if column == "change" else column
        words = say(f"improve.column.{key}")
        left = column in ("name", "settings", "verdict")
        wraps = column in ("name", "settings", "verdict")
        table.add_column(
            words if "\n" in words else f"\n{words}",
            justify="left" if left else "right",
            no_wrap=not wraps,
        )
    for one in pictures.in_order(found.everything):
        style = {"helps": "bold green", "harms": "red", "stopped": "red"}.get(one.verdict)
        table.add_row(*_cells(one, found.measure), style=style)
    return table


def _cells(one: Judged, measure: Measure) -> list[str]:
    return [
        pictures.name_of(one),
        in_words(one.arm.settings),
        change(one.measure.mean, measure),
        interval(one.measure, measure),
        _of_loss(one.loss.mean),
        _interval(_of_loss(one.loss.low), _of_loss(one.loss.high)),
        change(one.gap.mean, measure),
        "" if one.time is None else say("improve.change.times", value=one.time),
        say(f"improve.verdict.{one.verdict}"),
    ]


def change(value: float | None, measure: Measure) -> str:
    """Return a change of a measure with its sign: +1.25 points, +0.013."""
    if value is None:
        return ""
    return _signed(measure.shape, measure.scale * value)


def interval(found: Estimate, measure: Measure) -> str:
    return _interval(change(found.low, measure), change(found.high, measure))


def _interval(low: str, high: str) -> str:
    return say("improve.interval", low=low, high=high) if low and high else ""


def _of_loss(value: float | None) -> str:
    return "" if value is None else _signed("loss", value)


DIGITS = {"percent": 2, "score": 3, "loss": 4}


def _signed(shape: str, value: float) -> str:
    # Nothing is neither above nor below nought
    return say(f"improve.change.{shape}", value=round(value, DIGITS[shape]) + 0.0)


def _tell_end(
    out: "Console", told: Mapping[str, Any], path: Path, wishes: Wishes, found: Improvement
) -> None:
    import json

    from apprenti.writing import plain

    out.print()
    if found.best:
        name = pictures.name_of(found.best)
        show.tell(out, say("improve.best", name=name, command=found.command), style="bold")
        show.tell(out, say("improve.best_then"))
    else:
        again = _with_pairs(wishes, 2 * len(found.study.pairs))
        show.tell(out, say("improve.none_helps", command=again))
    spent = told["spent"]
    words = {"trainings": spent["trainings"], "kept": spent["kept"]}
    show.tell(out, say("improve.spent", **words, time=duration(spent["seconds"])))
    if told["picture"]:
        show.tell(out, say("improve.picture_where", path=told["picture"]))
    with contextlib.suppress(OSError):
        save(path, json.dumps(plain(told), ensure_ascii=False, indent=1) + "\n")


def _with_pairs(wishes: Wishes, pairs: int) -> str:
    """Return the command that was given, with more pairs and no budget that forbids them."""
    kept, words = [], iter(wishes.words or ("improve",))
    for word in words:
        if word in ("--pairs", "--minutes", "--trials"):
            next(words)
        else:
            kept.append(word)
    return of_apprenti(*kept, "--pairs", str(pairs))


# The validation curve


def _tell_curve(out: "Console", found: Curve) -> None:
    measure, setting = found.measure, short(found.key)
    out.print()
    title = say("improve.curve_title", setting=setting, pairs=len(found.study.pairs))
    show.tell(out, title, style="bold")
    out.print(_curve_table(found))
    better = say(f"improve.{measure.better}")
    show.tell(out, say("improve.curve_legend", better=better), style="dim")
    for one in found.points:
        if one.judged and one.judged.twin == AS_IS.name:
            words = {"name": f"{setting}={text(one.value)}", "twin": say("improve.remedies.as_is")}
            show.tell(out, "⚠ " + say("improve.alarm", **words), style="yellow")
        if one.judged and one.judged.error:
            name = f"{setting}={text(one.value)}"
            show.tell(out, say("improve.failed", name=name, why=one.judged.error), style="yellow")
    out.print()
    if found.best:
        value, command = text(found.best.value), found.command
        show.tell(out, say("improve.best_value", value=value, command=command), style="bold")
    else:
        show.tell(out, say("improve.no_value_helps"))


def _curve_table(found: Curve) -> "Table":
    name = found.measure.name
    table = show.plain_table(None, (2, 5))
    for key in ("value", f"train_{name}", "interval", f"valid_{name}", "interval"):
        words = say(f"improve.column.{key}")
        table.add_column(words if "\n" in words else f"\n{words}", justify="right", no_wrap=True)
    table.add_column(say(f"improve.column.change_{name}"), justify="right", no_wrap=True)
    table.add_column("\n" + say("improve.column.verdict"))
    for one in found.points:
        best = found.best is not None and one.value == found.best.value
        table.add_row(*_curve_cells(one, found.measure), style="bold green" if best else None)
    return table


def _curve_cells(one: Point, measure: Measure) -> list[str]:
    cells = [text(one.value)]
    for part in (one.train, one.valid):
        low, high = measure.written(part.low), measure.written(part.high)
        cells += [measure.written(part.mean), _interval(low, high)]
    change_of = change(one.judged.measure.mean, measure) if one.judged else ""
    verdict = one.judged.verdict if one.judged else "as_is"
    return [*cells, change_of, say(f"improve.verdict.{verdict}")]
