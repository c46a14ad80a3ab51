"""What helps a training, measured: each remedy alone against the project as it is, over pairs.

What is tried comes from the diagnosis of a run. Those that help are then tried together, on other
pairs than those that chose them: the luck of the first pairs is not counted twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from apprenti.diagnose import Diagnosis, diagnose
from apprenti.errors import ApprentiError
from apprenti.improve import remedies
from apprenti.improve.kept import keeping
from apprenti.improve.remedies import LeftOut, Seen
from apprenti.improve.settings_told import command_for
from apprenti.improve.study import AS_IS, Arm, Judged, Study
from apprenti.improve.training import Hears, Nobody, Trainer, Wishes, look_at, of_run, seconds_of
from apprenti.measures import Measure
from apprenti.project import Project, changed
from apprenti.runs import Run
from apprenti.train.trials import Opened, look

TOGETHER = "together"


class Improvement(NamedTuple):
    """What was tried for a run, what it showed, and what is best."""

    run: Run
    project: Project
    """As the run was trained."""
    study: Study
    judged: Sequence[Judged]
    together: Judged | None
    """Those that help, all at once, on other pairs."""
    left_out: Sequence[LeftOut]
    trainer: Trainer
    elsewhere: Mapping[str, object]
    """The settings that the run had otherwise than apprenti.toml."""

    @property
    def measure(self) -> Measure:
        return self.study.measure

    @property
    def everything(self) -> list[Judged]:
        return [*self.judged, *([self.together] if self.together else [])]

    @property
    def best(self) -> Judged | None:
        """What is worth being applied: what helps most."""
        helping = [one for one in self.everything if one.verdict == "helps"]
        return max(helping, key=_gain, default=None)

    @property
    def applied(self) -> dict[str, object]:
        """The settings that the project needs for what is best."""
        return {**self.elsewhere, **self.best.arm.settings} if self.best else {}

    @property
    def command(self) -> str | None:
        """The command that applies what is best."""
        return command_for(self.applied) if self.best else None

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers; changes are those of the measures, as shares."""
        return {
            "run": self.run.name,
            "measure": self.measure.name,
            "better": self.measure.better,
            "pairs": len(self.study.pairs),
            "varied": list(self.trainer.varied),
            "as_is": self.study.means(AS_IS),
            "remedies": [one.as_json() for one in self.judged],
            "together": self.together.as_json() if self.together else None,
            "left_out": [one._asdict() for one in self.left_out],
            "best": {"settings": self.applied, "command": self.command} if self.best else None,
            "spent": self.trainer.as_json(),
        }


def _gain(one: Judged) -> float:
    return float("inf") if one.measure.mean is None else one.measure.mean


def improve(
    project: Project, run: Run, wishes: Wishes | None = None, hears: Hears | None = None
) -> Improvement:
    """Try what the diagnosis of a run proposes, and judge it.

    Raises ApprentiError where nothing can be diagnosed, tried or varied, or the budget is too
    small; Interrupted after Ctrl-C, when all that has ended is kept.
    """
    wishes, hears = wishes or Wishes(), hears or Nobody()
    found = diagnose(run)
    opened: Opened = {}
    base, elsewhere = of_run(project, run, opened)
    offer = remedies.offer(base, _seen(base, run, opened), _codes(found), wishes.only, opened)
    hears.diagnosed(found, offer)
    if not offer.arms:
        raise ApprentiError("nothing_to_try", run=run.name)
    with keeping(project.folder) as kept:
        trainer = Trainer(base, kept, wishes, hears, seconds_of(run), opened)
        trainer.know(offer.looks)
        arms, pairs = trainer.afford(offer.arms)
        study = Study(arms, range(1, pairs + 1), found.evidence.measure, _keeps_best(base))
        trainer.train(study, share=1 if len(arms) < 2 else (len(arms) + 1) / (len(arms) + 3))
        judged = study.judged()
        together = _together(judged, study, trainer)
    dropped = [LeftOut(arm.name, "budget") for arm in offer.arms if arm not in arms]
    left_out = [*offer.left_out, *dropped]
    return Improvement(run, base, study, judged, together, left_out, trainer, elsewhere)


def _codes(found: Diagnosis) -> list[str]:
    return [one.code for one in found.found]


def _seen(base: Project, run: Run, opened: Opened | None = None) -> Seen:
    as_is = look_at(base, opened)
    whole = look_at(changed(base, {"data.split.train": None}), opened)
    left = whole.choices.data.split.train != as_is.choices.data.split.train
    return Seen(as_is.choices, as_is.material, run.history, left)


def _keeps_best(base: Project) -> bool:
    return bool(getattr(base.choices.train, "early_stopping", 0))


def _together(judged: Sequence[Judged], study: Study, trainer: Trainer) -> Judged | None:
    """Try those that help all at once; of two that set the same, the one that helps more."""
    helping = sorted((one for one in judged if one.verdict == "helps"), key=_gain, reverse=True)
    settings: dict[str, object] = {}
    taken = 0
    for one in helping:
        if not settings.keys() & one.arm.settings.keys():
            settings |= one.arm.settings
            taken += 1
    (possible,) = look(trainer.project, [settings], trainer.opened)
    if taken < 2 or possible.error:
        return None
    first = max(study.pairs) + 1
    pairs = range(first, first + len(study.pairs))
    last = Study([Arm(TOGETHER, settings)], pairs, study.measure, study.keeps_best)
    trainer.train(last)
    return last.judged()[0]


__all__ = ["Improvement", "Wishes", "improve"]
