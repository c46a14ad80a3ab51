"""The validation curve: one setting, and what it gives on the training and the validation set.

Each value is held against that of the project as a remedy is (`apprenti.improve.study`); how far
the two measures are sure is said for each value by itself.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from apprenti.errors import ApprentiError
from apprenti.improve.kept import keeping
from apprenti.improve.settings_told import command_for, text
from apprenti.improve.statistics import Estimate, student
from apprenti.improve.study import AS_IS, TRAIN, Arm, Judged, Study
from apprenti.improve.training import Hears, Nobody, Trainer, Wishes, of_run, seconds_of
from apprenti.measures import VALID, Measure, of_task
from apprenti.project import Project, full_name, parse_override, value_of
from apprenti.runs import Run
from apprenti.train.trials import Opened, look


class Point(NamedTuple):
    """What one value gives."""

    value: Any
    train: Estimate
    valid: Estimate
    judged: Judged | None
    """Against the value of the project, which is held against nothing."""


class Curve(NamedTuple):
    """One setting (full name) and what its values give, in their order."""

    key: str
    project: Project
    study: Study
    points: Sequence[Point]
    trainer: Trainer

    @property
    def measure(self) -> Measure:
        return self.study.measure

    @property
    def best(self) -> Point | None:
        """The value that helps most, of those that do."""
        helping = [one for one in self.points if one.judged and one.judged.verdict == "helps"]
        return max(
            helping, key=lambda one: self.measure.goodness(one.valid.mean or 0), default=None
        )

    @property
    def command(self) -> str | None:
        """The command that applies the best value."""
        return command_for({self.key: self.best.value}) if self.best else None

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers."""
        return {
            "setting": self.key,
            "measure": self.measure.name,
            "better": self.measure.better,
            "pairs": len(self.study.pairs),
            "varied": list(self.trainer.varied),
            "values": [self._of(one) for one in self.points],
            "best": {"value": self.best.value, "command": self.command} if self.best else None,
            "spent": self.trainer.as_json(),
        }

    def _of(self, one: Point) -> dict[str, Any]:
        return {
            "value": one.value,
            "is_now": one.judged is None,
            "train": one.train.bounds(),
            "valid": one.valid.bounds(),
            "against_now": one.judged.as_json() if one.judged else None,
        }


def read_values(given: str) -> tuple[str, list[Any]]:
    """Read `dropout=0,0.2,0.4` or `hidden_units=[32],[64,32]`: the full name, and the values."""
    name, equals, listed = given.partition("=")
    if not equals or not listed.strip():
        raise ApprentiError("one_usage", text=given)
    values = [parse_override(f"{name}={one}", "--one")[1] for one in _apart(listed)]
    return full_name(name.strip(), "--one"), values


def _apart(listed: str) -> list[str]:
    """Return what stands between commas, outside brackets and quotes."""
    found, depth, held = [""], 0, ""
    for sign in listed:
        held = ("" if sign == held else sign) if sign in "\"'" and held in ("", sign) else held
        depth += (sign == "[") - (sign == "]")
        if sign == "," and not depth and not held:
            found.append("")
        else:
            found[-1] += sign
    return found


def validation_curve(
    project: Project,
    run: Run | None,
    key: str,
    values: Sequence[Any],
    wishes: Wishes | None = None,
    hears: Hears | None = None,
) -> Curve:
    """Train with each of the values, and the project's own, over pairs.

    Where a `run` is given, its model and its training are meant.
    """
    wishes, hears = wishes or Wishes(), hears or Nobody()
    opened: Opened = {}
    base = of_run(project, run, opened)[0] if run else project
    now = _now(base, key)
    others = [one for one in values if text(one) != text(now)]
    arms = [Arm(text(one), {key: one}) for one in {text(one): one for one in others}.values()]
    if not arms:
        raise ApprentiError("one_value", key=key, value=text(now))
    measure = _measure(base, arms, opened)
    with keeping(project.folder) as kept:
        seconds = seconds_of(run) if run else 1.0
        trainer = Trainer(base, kept, wishes, hears, seconds, opened)
        _, pairs = trainer.afford(arms, confirm=False)
        study = Study(arms, range(1, pairs + 1), measure)
        trainer.train(study)
    judged = {one.arm.name: one for one in study.judged()}
    points = [_point(study, arm, arm.settings[key], judged[arm.name]) for arm in arms]
    points.append(_point(study, AS_IS, now, None))
    return Curve(key, base, study, _ordered(points, values), trainer)


def _now(project: Project, key: str) -> Any:
    found = value_of(project.choices, key)
    return list(found) if isinstance(found, tuple) else found


def _measure(base: Project, arms: Sequence[Arm], opened: Opened) -> Measure:
    """Return the main score of the project, after each value was found possible."""
    looks = look(base, [arm.settings for arm in arms], opened)
    for one in looks:
        if one.error:
            raise one.error
    version = looks[0].version
    return of_task(version.source.task if version else None)


def _point(study: Study, arm: Arm, value: Any, judged: Judged | None) -> Point:
    ends = [row for pair in study.pairs if (row := study.rows(arm, pair)) is not None]
    of = {
        part: student([row.get(f"{part}{study.measure.name}", float("nan")) for row in ends])
        for part in (TRAIN, VALID)
    }
    return Point(value, of[TRAIN], of[VALID], judged)


def _ordered(points: Sequence[Point], values: Sequence[Any]) -> list[Point]:
    """Return numbers by their size, and else what was given in its order."""
    if all(isinstance(one.value, int | float) or _is_of_numbers(one.value) for one in points):
        return sorted(points, key=lambda one: one.value)
    given = [text(one) for one in values]
    return sorted(
        points, key=lambda one: given.index(text(one.value)) if text(one.value) in given else -1
    )


def _is_of_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, int | float) for one in value)
