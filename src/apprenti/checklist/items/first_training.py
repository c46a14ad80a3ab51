"""7. A first training was quick, and its loss fell."""

import math
from collections.abc import Iterator

from apprenti import runs
from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.items.model import BASELINE
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.runs import Run, RunFacts

NAME = "first_training"

FEW_ROWS = 1000
"""As many rows are enough to see whether a training runs at all."""


def look(seen: Seen) -> Iterator[Evidence]:
    tried = [one for one in seen.runs if one.model != "trivial" and one.last]
    for facts in tried:
        fallen = _fallen(facts, seen)
        if fallen:
            before, after = fallen
            values = {"before": before, "after": after, "called": _called(facts)}
            how = "fell" if len(facts.run.history) > 1 else "below_trivial"
            yield done(f"first_training.{how}", file="history.csv", run=facts.name, **values)
            return
    if tried and _of_trivial(seen, tried[-1].run) is None and len(tried[-1].run.history) == 1:
        # Of one epoch nobody can say whether its loss fell, but against what has learned nothing
        called, command = _called(tried[-1]), of_apprenti(*BASELINE)
        yield doubt("first_training.one_epoch", command, run=tried[-1].name, called=called)
    elif tried:
        command = of_apprenti("diagnose", _called(tried[-1]))
        called = _called(tried[-1])
        yield missing("first_training.not_fallen", command, run=tried[-1].name, called=called)
    else:
        yield missing("first_training.none", of_apprenti(*_quick(seen)))


def _called(facts: RunFacts) -> str:
    return runs.short_names([facts.run])[facts.run]


def _fallen(facts: RunFacts, seen: Seen) -> tuple[float, float] | None:
    """Return the training loss before and after, where it fell; None where it did not.

    Of a run of one epoch the loss before is that of the trivial model, which has learned nothing
    but how frequent the classes are.
    """
    losses = [row.get("train_loss", math.nan) for row in facts.run.history]
    before = losses[0] if len(losses) > 1 else _of_trivial(seen, facts.run)
    after = min((one for one in losses[-1:] if math.isfinite(one)), default=math.nan)
    return (before, after) if before is not None and after < before else None


def _of_trivial(seen: Seen, run: Run) -> float | None:
    found = [one for one in seen.runs if one.model == "trivial" and one.task == run.task]
    for facts in reversed(found):
        if "train_loss" in facts.last:
            return float(facts.last["train_loss"])
    return None


def _quick(seen: Seen) -> list[str]:
    """Return the command of a quick training: one epoch, on at most 1000 rows."""
    got = seen.facts.get("split", {}).get("got", {})
    kind, framework = seen.choices.model.kind, seen.choices.train.framework
    words = ["train"]
    if framework != "sklearn" or kind == "mlp":
        words += ["--set", "epochs=1"]
    if got.get("train", 0) > FEW_ROWS:
        words += ["--set", f"data.split.train={FEW_ROWS}"]
    return words
