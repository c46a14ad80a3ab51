"""The pictures: a dot and its interval for each remedy, and the validation curve of a setting."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.improve import Improvement
from apprenti.improve.curve import Curve, Point
from apprenti.improve.settings_told import in_words, short, text
from apprenti.improve.statistics import Estimate
from apprenti.improve.study import Judged, Verdict
from apprenti.language import decimal_mark, say
from apprenti.measures import Measure
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE = "improve.png"

LOOKS: Mapping[Verdict, tuple[str, str]] = {
    "helps": ("#2b8a3e", "#2b8a3e"),
    "same": ("#1864ab", "white"),
    "no_effect": ("#868e96", "white"),
    "harms": ("#c92a2a", "#c92a2a"),
    "stopped": ("#c92a2a", "white"),
}
"""The colour of a line, and that of the dot on it: told apart without colours too."""


def draw(found: Improvement, folder: Path) -> Path:
    """Write the remedies as a PNG into a folder."""
    return drawing.save(figure(found), folder / FILE, dpi=120)


@drawing.our_settings()
def figure(found: Improvement) -> "Figure":
    """Draw a dot for each remedy, the best at the top, with the interval of what it changes."""
    shown = [one for one in in_order(found.everything) if one.measure.mean is not None]
    drawn = drawing.new_figure(8, 1.7 + 0.45 * max(1, len(shown)), layout="constrained")
    axes = drawn.subplots()
    scale = found.measure.scale
    axes.axvline(0, color="#495057", linewidth=1.2)
    for place, one in enumerate(reversed(shown)):
        _dot(axes, place, one.measure, LOOKS.get(one.verdict, LOOKS["same"]), scale)
    axes.set_yticks(range(len(shown)), [_label(one) for one in reversed(shown)])
    axes.set_ylim(-0.6, max(0.6, len(shown) - 0.4))
    axes.set_xlabel(say(f"improve.axis.{found.measure.name}"))
    words = say("improve.picture", pairs=len(found.study.pairs))
    axes.set_title(words, loc="left", fontsize="medium")
    _explain(axes, [one.verdict for one in shown])
    axes.grid(axis="x", alpha=0.25)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return drawing.in_language(drawn)


def in_order(judged: Sequence[Judged]) -> list[Judged]:
    """Return what helps most first; what has no number last."""
    last = float("-inf")
    return sorted(
        judged,
        key=lambda one: (
            one.verdict == "helps",
            last if one.measure.mean is None else one.measure.mean,
        ),
        reverse=True,
    )


def name_of(one: Judged) -> str:
    return say(f"improve.remedies.{one.arm.name}")


def _label(one: Judged) -> str:
    settings = in_words(one.arm.settings) if len(one.arm.settings) == 1 else ""
    name = name_of(one)
    return printable(f"{name}\n{settings}" if settings else name)


def _dot(axes: "Axes", place: int, found: Estimate, look: tuple[str, str], scale: float) -> None:
    assert found.mean is not None  # noqa: S101
    mean = scale * found.mean
    low, high = (mean if one is None else scale * one for one in (found.low, found.high))
    colour, inside = look
    axes.plot([low, high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
    axes.plot([low, high], [place, place], "|", color=colour, markersize=9, markeredgewidth=2)
    axes.plot([mean], [place], "o", color=colour, markerfacecolor=inside, markersize=7)


def _explain(axes: "Axes", verdicts: Sequence[Verdict]) -> None:
    """Say under the picture what its dots mean."""
    for verdict, (colour, inside) in LOOKS.items():
        if verdict in verdicts:
            words = say(f"improve.verdict.{verdict}")
            axes.plot([], [], "o-", color=colour, markerfacecolor=inside, label=words)
    place = {"loc": "outside lower center", "ncols": 4, "frameon": False, "fontsize": "small"}
    if verdicts:
        axes.figure.legend(**place)


# The validation curve

COLOURS = {"train": "#868e96", "valid": "#1864ab"}

WIDE = 20
"""Values of which the largest is so many times the smallest are drawn by their magnitudes."""


def draw_curve(curve: Curve, folder: Path) -> Path:
    """Write a validation curve as a PNG into a folder."""
    return drawing.save(curve_figure(curve), folder / f"curve-{short(curve.key)}.png", dpi=120)


@drawing.our_settings()
def curve_figure(curve: Curve) -> "Figure":
    """Draw what each value gives on the training and the validation set, with bands."""
    drawn = drawing.new_figure(8, 4.6, layout="constrained")
    axes = drawn.subplots()
    places = _places(axes, curve.points)
    for part in ("train", "valid"):
        _band(axes, places, curve, part)
    for place, point in zip(places, curve.points, strict=True):
        if point.judged is None:
            words = say("improve.now")
            axes.axvline(place, color="#495057", linewidth=1, linestyle=":", label=words)
    axes.set_xlabel(short(curve.key))
    axes.set_ylabel(say(f"improve.level.{curve.measure.name}"))
    title = say("improve.curve_picture", setting=short(curve.key), pairs=len(curve.study.pairs))
    axes.set_title(title, loc="left", fontsize="medium")
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    drawn.legend(loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    return drawing.in_language(drawn)


def _places(axes: "Axes", points: Sequence[Point]) -> list[float]:
    """Return where each value is drawn: numbers to scale, others at equal distances."""
    values = [one.value for one in points]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    if not numbers:
        axes.set_xticks(range(len(values)), [printable(text(one)) for one in values])
        return [float(place) for place in range(len(values))]
    if min(values) > 0 and max(values) >= WIDE * min(values):
        axes.set_xscale("log")
    axes.set_xticks(values, [text(one).replace(".", decimal_mark()) for one in values])
    axes.set_xticks([], minor=True)
    return [float(one) for one in values]


def _band(axes: "Axes", places: Sequence[float], curve: Curve, part: str) -> None:
    scale: Measure = curve.measure
    found = [(place, getattr(one, part)) for place, one in zip(places, curve.points, strict=True)]
    known = [(place, one) for place, one in found if one.mean is not None]
    where = [place for place, _ in known]
    means, lows, highs = (
        [scale.scale * _or(getattr(one, name), one.mean) for _, one in known]
        for name in ("mean", "low", "high")
    )
    style = "-o" if part == "valid" else "--o"
    label = say(f"words.{part}")
    axes.plot(where, means, style, color=COLOURS[part], markersize=4, label=label)
    axes.fill_between(where, lows, highs, color=COLOURS[part], alpha=0.18, linewidth=0)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
