"""What a model has learned, on the screen: whether it beats the simple ones, images, mistakes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.evaluate.learned import Learned, Seen
    from apprenti.evaluate.mistakes import Confusion
    from apprenti.evaluate.verdict import Verdict
    from apprenti.runs import Run

MOST_PAIRS = 3
SIMPLE = "linear"
"""The baseline that has learned something."""


def tell_whether_better(out: "Console", made: "Sequence[Run]", learned: "Learned | None") -> None:
    """Say of the network that is shown whether it beats the simple model, and else what to try."""
    from apprenti.evaluate.verdict import verdicts

    shown = learned.run if learned else made[-1]
    others = [run for run in made if run.model == SIMPLE]
    for verdict in verdicts([*others, shown]):
        tell_verdict(out, verdict, {run.name: run for run in made})


def tell_verdict(out: "Console", verdict: "Verdict", runs: "Mapping[str, Run]") -> None:
    """Say how a model stands against a simple one; a network that does not beat it has advice."""
    from apprenti.cli import show
    from apprenti.command_line import of_apprenti
    from apprenti.model.catalogue import NETWORKS
    from apprenti.train.next_change import words_to_try

    run, other = runs[verdict.run], runs[verdict.other]
    bounded = verdict.measure if verdict.as_json()["low"] is not None else "unbounded"
    words = {
        "model": show.run_label(run.model, run.framework, run.task, short=True),
        "other": show.model_name(other.model, other.task, short=True),
        "gain": say(f"train.verdict.{bounded}", **verdict._asdict()),
    }
    told = say(f"train.verdict.{verdict.outcome}", **words, rows=verdict.rows)
    show.tell(out, f"· {told}")
    if run.framework in NETWORKS and verdict.outcome != "better":
        command = of_apprenti(*words_to_try(run))
        show.tell(out, f"  {say('train.advice.try', command=command)}")


def tell(out: "Console", learned: "Learned") -> None:
    """Show images with their predictions, the surest mistakes, and what is confused."""
    from apprenti.cli import show
    from apprenti.evaluate.picture import titles

    above_examples, above_mistakes = titles(learned)
    show.tell(out, above_examples, style="bold")
    _draw(out, learned.examples, with_probabilities=False)
    if not learned.wrong:
        show.tell(out, say("train.learned.no_mistake", rows=learned.rows))
        return
    if learned.mistakes:
        show.tell(out, say("train.learned.arrow", title=above_mistakes), style="bold")
        _draw(out, learned.mistakes, with_probabilities=True)
    show.tell(out, confused(learned.confusions))


def confused(pairs: "Sequence[Confusion]") -> str:
    """Return the most frequent confusions in words."""
    told = [say("train.learned.pair", **pair._asdict()) for pair in pairs[:MOST_PAIRS]]
    return say("train.learned.confused", pairs=", ".join(told))


def _draw(out: "Console", strip: "Sequence[Seen]", with_probabilities: bool) -> None:
    """Draw images where the terminal can; the mistakes are named where it cannot."""
    from apprenti.cli import show, show_images
    from apprenti.evaluate.picture import percent

    labels = [[_answer(seen)] for seen in strip]
    if with_probabilities:
        shares = [percent(seen.said.confidence) for seen in strip]
        labels = [[*label, share] for label, share in zip(labels, shares, strict=True)]
    if show_images.can_show(out, strip):
        lines = show_images.side_by_side(strip, labels, out.width)
        out.print("\n".join(lines), markup=False, soft_wrap=True)
    else:
        show.tell(out, "  " + ", ".join(" ".join(label) for label in labels))


def _answer(seen: "Seen") -> str:
    """Return the prediction; where it is wrong, the truth before it."""
    said = seen.said
    return said.predicted if said.is_right else f"{said.truth}→{said.predicted}"
