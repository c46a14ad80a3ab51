"""What is wrong with the training, and what the remedies are worth, measured."""

from collections.abc import Iterator, Mapping
from typing import Any

from apprenti.components import intervals, svg
from apprenti.components.blocks import Block, Chart, Heading, Notice, Points, Table, Text
from apprenti.diagnose import Diagnosis
from apprenti.errors import ApprentiError
from apprenti.findings import MUTED, PASSED
from apprenti.improve.settings_told import in_words
from apprenti.language import say
from apprenti.measures import Measure, measure_named
from apprenti.report.sections.data import of_finding
from apprenti.report.sections.models import change
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, columns, missing, notice, told

LOOKS = {
    "helps": ("s3", "circle"),
    "same": ("s1", "hollow circle"),
    "no_effect": ("s5", "hollow square"),
    "harms": ("s6", "diamond"),
    "stopped": ("s6", "hollow square"),
}


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the findings of the diagnosis, then what `improve` measured."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    try:
        yield from _findings(seen.diagnosis)
    except ApprentiError as error:
        yield in_parts(error)
    yield Heading(told("diagnosis.remedies"))
    yield from _remedies(seen)


def _findings(found: Diagnosis) -> Iterator[Block]:
    for one in found.found:
        yield of_finding(one)
    if not found.found:
        yield notice("good", told("diagnosis.healthy"))
    for outcome in (PASSED, MUTED):
        codes = dict.fromkeys(one.code for one in found.answers if one.outcome == outcome)
        named = [f"{say(f'findings.{code}.name')} ({code})" for code in codes]
        if named:
            yield Text(told(f"diagnosis.{outcome}", names=", ".join(named)), is_quiet=True)


def in_parts(error: ApprentiError) -> Notice:
    """Return what went wrong, why, and what to do."""
    what, why, todo = error.parts()
    return notice("problem", f"{what} {why}".strip(), todo)


def _remedies(seen: Seen) -> Iterator[Block]:
    told_of = seen.improvement
    if not told_of:
        yield missing("remedies", seen.command("improve"))
        return
    measure = measure_named(told_of["measure"])
    judged = sorted(told_of["remedies"], key=lambda one: -(one["change"].get("mean") or 0.0))
    yield Text(told("diagnosis.how", pairs=told_of["pairs"]))
    yield _chart(judged, measure, told_of["pairs"])
    best = told_of.get("best")
    if best and isinstance(best.get("command"), str):
        yield Notice("good", told("tone.best"), told("diagnosis.best"), "", [best["command"]])
    else:
        yield Points([told("diagnosis.none_helps")])


def _chart(judged: list[Mapping[str, Any]], measure: Measure, pairs: int) -> Chart:
    scale = measure.scale
    dots = []
    for one in judged:
        mean, low, high = (one["change"].get(name) for name in ("mean", "low", "high"))
        if mean is not None:
            ends = [None if end is None else scale * end for end in (low, high)]
            verdict = one["verdict"] if one["verdict"] in LOOKS else "same"
            look = intervals.Look(*LOOKS[verdict], say(f"improve.verdict.{verdict}"))
            dots.append(intervals.Dot(_name(one), scale * mean, ends[0], ends[1], look))
    title = say("improve.picture", pairs=pairs)
    helping = [_name(one) for one in judged if one["verdict"] == "helps"]
    described = told("diagnosis.say", count=len(judged), names=", ".join(helping) or NOTHING)
    drawn = intervals.intervals(
        "remedies", title, described, dots, say(f"improve.axis.{measure.name}"), 0.0
    )
    return Chart(svg.write(drawn), title, _table(judged, measure, title), told("behind"))


def _table(judged: list[Mapping[str, Any]], measure: Measure, title: str) -> Table:
    rows = []
    for one in judged:
        values = [one["change"].get(name) for name in ("mean", "low", "high")]
        mean, low, high = (
            NOTHING if v is None else change(measure, measure.scale * v) for v in values
        )
        time = one.get("times_as_long")
        rows.append(
            (
                _name(one),
                in_words(one["settings"]),
                mean,
                told("between", low=low, high=high),
                NOTHING if time is None else say("improve.change.times", value=time),
                _verdict(one["verdict"]),
            )
        )
    names = ("remedy", "setting", "gain", "interval", "time", "verdict")
    return Table(title, columns(*names, numbers=("gain", "interval", "time")), rows)


def _name(one: Mapping[str, Any]) -> str:
    try:
        return say(f"improve.remedies.{one['name']}")
    except KeyError:
        return str(one["name"])


def _verdict(name: str) -> str:
    try:
        return say(f"improve.verdict.{name}")
    except KeyError:
        return name
