"""The calibration curve of a model as a picture: how probable, and how often it came true."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.evaluate.calibration import Calibration
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "calibration.png"

LONGEST_NAME = 24


def draw(found: Calibration, path: Path, part: Part = VALIDATION) -> Path:
    """Write the curve as a picture (PNG)."""
    return drawing.save(figure(found, part), path, dpi=120)


@drawing.our_settings()
def figure(found: Calibration, part: Part = VALIDATION) -> "Figure":
    """Draw the share that came true against the probability, and below it how many rows have it."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(5.6, 6.2), layout="constrained")
    curve, counts = drawn.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    curve.plot([0, 1], [0, 1], color="#868e96", linewidth=1, label=say(f"{TEXTS}.perfect"))
    given, shares = [one.given for one in found.bins], [one.share for one in found.bins]
    # Rounding may leave an end of an interval on the wrong side of a share of 0 or 1
    below = [max(0.0, one.share - one.low) for one in found.bins]
    above = [max(0.0, one.high - one.share) for one in found.bins]
    curve.errorbar(given, shares, yerr=[below, above], color=BLUE, marker="o", capsize=3)
    widths = [one.end - one.start for one in found.bins]
    middles = [(one.start + one.end) / 2 for one in found.bins]
    counts.bar(middles, [one.rows for one in found.bins], width=widths, color=BLUE, alpha=0.6)
    name = printable(found.of)
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    kind = "" if found.of else "_top"
    curve.set(ylabel=say(f"{TEXTS}.came_true{kind}", name=name), xlim=(0, 1), ylim=(-0.02, 1.02))
    counts.set(xlabel=say(f"{TEXTS}.given{kind}", name=name), ylabel=say(f"{TEXTS}.rows"))
    title = say(f"{TEXTS}.title_{part.name}", rows=found.rows)
    curve.set_title(title, loc="left", fontsize="medium")
    curve.legend(frameon=False, loc="upper left", fontsize="small")
    for axes in (curve, counts):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    return drawn


TEXTS, BLUE = "evaluate.calibration", "#1864ab"
