"""The trainings of a study: in a few processes that read the data once, within a budget."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from apprenti.command_line import of_apprenti
from apprenti.diagnose import Diagnosis
from apprenti.errors import ApprentiError, Interrupted
from apprenti.improve.kept import Kept, key_of
from apprenti.improve.remedies import Offer
from apprenti.improve.study import Arm, Result, Study
from apprenti.project import Choices, Project, changed
from apprenti.run_settings import is_own_script, settings_of
from apprenti.runs import Run
from apprenti.train.candidates import expected_seconds
from apprenti.train.several import cores
from apprenti.train.trials import Asked, Look, Opened, Trial, Version, ask, look, train

PAIRS, FEWEST_PAIRS = 8, 4
"""How many there are where nothing is said, and how few a budget leaves at least."""

SEEDS = ("data.split.draw", "train.seed")
"""What varies from pair to pair, the same for all arms: never the test rows, which are for the very
end."""

STARTING = 8.0
"""Seconds until a process has loaded its framework and its data, about."""

BETWEEN = 0.3
"""Seconds between two trainings of a process, about."""


class Wishes(NamedTuple):
    """What is asked of the trainings."""

    pairs: int = PAIRS
    minutes: float = 0
    trials: int = 0
    """At most so many; 0: as many as are needed."""
    only: tuple[str, ...] = ()
    """The names of remedies, where they are chosen by hand."""
    words: tuple[str, ...] = ()
    """The command that was given, so that it can be given again."""


class Extent(NamedTuple):
    """What is about to be done."""

    arms: int
    pairs: int
    trainings: int
    kept: int
    """Of them are there already."""
    seconds: float
    """What is left takes about so long."""
    varied: Sequence[str]


class Progress(NamedTuple):
    """How far it is."""

    done: int
    all: int
    arm: str
    pair: int
    spent: float
    left: float
    """Seconds, about."""


class Hears(Protocol):
    """Whoever hears of it while it is under way."""

    def diagnosed(self, found: Diagnosis, offer: Offer) -> None:
        """Hear what was found, and what is tried for it."""

    def begins(self, extent: Extent) -> None:
        """Hear what is about to be done, and how long it takes."""

    def ended(self, at: Progress) -> None:
        """Hear that a training has ended."""


class Nobody:
    def diagnosed(self, found: Diagnosis, offer: Offer) -> None:
        pass

    def begins(self, extent: Extent) -> None:
        pass

    def ended(self, at: Progress) -> None:
        pass


def of_run(
    project: Project, run: Run, opened: Opened | None = None
) -> tuple[Project, dict[str, object]]:
    """Return the project as a run was trained, and what that changes of apprenti.toml."""
    if is_own_script(run):
        raise ApprentiError("improve_own_script", run=run.name)
    as_is = look_at(project, opened)
    # Of the rows, the numbers that were asked for as shares
    told = settings_of(run)
    there = _compared(as_is.choices, bool(told.get("data.split.folds")))
    of_it = {key: one for key, one in told.items() if key in there}
    other = {key: one for key, one in of_it.items() if _plain(one) != _plain(there[key])}
    wanted = {key: one for key, one in other.items() if key not in ("train.seed", "train.threads")}
    return changed(project, other), wanted


def look_at(project: Project, opened: Opened | None = None) -> Version:
    """Return the project with what was left open written out."""
    (as_is,) = look(project, [{}], opened)
    if as_is.error or not as_is.version:
        raise as_is.error or ApprentiError("no_runs", folder=project.folder)
    return as_is.version


def _compared(choices: Choices, folded: bool) -> dict[str, Any]:
    """Return the settings that may be those of a run, under their full names."""
    split = choices.data.split
    # A fold of a cross-validation has another number of rows than the project, and is none of it
    parts = split.model_dump(include={"train", "valid", "test"}) if not folded else {}
    return {
        **{f"data.split.{key}": one for key, one in parts.items()},
        **{f"model.{key}": one for key, one in choices.model.model_dump().items()},
        **{f"train.{key}": one for key, one in choices.train.model_dump().items()},
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def seconds_of(run: Run) -> float:
    """Return how long a training takes, by a run: of the training alone."""
    return float(run.history[-1].get("seconds", 0.0)) if run.history else 0.0


class Trainer:
    """Trains what studies want, keeps it, and watches the budget."""

    def __init__(
        self,
        project: Project,
        kept: Kept,
        wishes: Wishes,
        hears: Hears,
        seconds: float,
        opened: Opened | None = None,
    ) -> None:
        self.project, self.wishes = project, wishes
        self.opened: Opened = {} if opened is None else opened
        self.varied = tuple(_varied(project, self.opened))
        self.done, self.reused, self.spent = 0, 0, 0.0
        self._kept, self._hears = kept, hears
        self._looks: dict[str, Look] = {}
        self._cost = seconds + BETWEEN
        """Of a training of the project as it is; of another its `weight` times as much."""
        self._as_is = _expected(look_at(project, self.opened))
        self._workers = max(1, cores() // project.choices.train.threads)
        self._begun = time.monotonic()

    def seeds(self, pair: int) -> dict[str, object]:
        return dict.fromkeys(self.varied, pair)

    # The budget

    def afford(self, arms: Sequence[Arm], confirm: bool = True) -> tuple[list[Arm], int]:
        """Return the arms, and how many pairs, that the budget is enough for.

        Those that help are to be confirmed together, where they may be left out one by one.
        """
        wished = self.wishes.pairs
        least = min(wished, FEWEST_PAIRS)
        for count in range(len(arms), 0 if confirm else len(arms) - 1, -1):
            needed, most = trainings(arms[:count], 1, confirm), self._affordable(arms[:count])
            if most >= least * needed:
                return list(arms[:count]), int(min(wished, most // needed))
        raise ApprentiError("budget_too_small", affordable=int(most), needed=least * needed)

    def weight(self, arm: Arm) -> float:
        """Return how many times as long a training takes as that of the project as it is."""
        seen = self._looks.get(arm.name)
        if seen is None or seen.version is None or not self._as_is:
            return 1.0
        return _expected(seen.version) / self._as_is

    def _affordable(self, arms: Sequence[Arm]) -> float:
        wishes, each = self.wishes, [self.weight(arm) for arm in arms if not arm.patience]
        usual = (1 + sum(each)) / (1 + len(each))
        most = float(wishes.trials or "inf")
        if wishes.minutes:
            seconds = max(0.0, 60 * wishes.minutes - STARTING)
            most = min(most, seconds * self._workers / (self._cost * usual))
        return most

    def _is_over(self, arm: Arm, share: float) -> bool:
        """Say whether another training would end after its share of the minutes."""
        if not self.wishes.minutes:
            return False
        return (
            self.spent_until_now() + self._cost * self.weight(arm)
            > 60 * self.wishes.minutes * share
        )

    def as_json(self) -> dict[str, Any]:
        """Return what was spent: trainings, those that were there already, and seconds."""
        return {"trainings": self.done, "kept": self.reused, "seconds": round(self.spent, 3)}

    def spent_until_now(self) -> float:
        return time.monotonic() - self._begun

    # The trainings

    def train(self, study: Study, share: float = 1.0) -> None:
        """Train all that a study wants; what is kept is not trained again."""
        keys = self._keys(study)
        for arm, pair in study.order:
            if known := self._kept.get(keys[arm.name, pair]):
                study.add(arm, pair, known)
                self.reused += 1
        todo = [(arm, pair) for arm, pair in study.order if study.wants(arm, pair)]
        self._say_begins(study, todo)
        if not todo:
            return
        settings = [{**arm.settings, **self.seeds(pair)} for arm, pair in todo]
        asked = ask(self.project, settings, opened=self.opened)
        # The processes read for themselves: the memory is theirs now
        self.opened.clear()
        before, count = self.done, len(todo)
        try:
            self._follow(study, asked, todo, keys, share)
        except KeyboardInterrupt:
            done = self.reused + self.done
            again = of_apprenti(*(self.wishes.words or ("improve",)))
            whole = count - (self.done - before) + done
            raise Interrupted("improve_interrupted", done=done, all=whole, again=again) from None
        self.spent = self.spent_until_now()

    def _follow(
        self,
        study: Study,
        asked: Asked,
        todo: Sequence[tuple[Arm, int]],
        keys: Mapping[tuple[str, int], str],
        share: float,
    ) -> None:
        ends: list[tuple[float, float]] = []
        wanted = self._wanted(study, todo, share)
        with contextlib.closing(train(asked, wanted=wanted)) as made:
            for trial in made:
                arm, pair = todo[trial.number]
                result = _result(trial)
                about = {"arm": arm.name, "pair": pair, "settings": dict(trial.settings)}
                self._kept.add(keys[arm.name, pair], about, result)
                study.add(arm, pair, result)
                ends.append((time.monotonic(), self.weight(arm)))
                self.done += 1
                self._cost = _cost(ends, asked.workers) or self._cost
                wanting = [one for one in todo if study.wants(*one)]
                left, seconds = len(wanting), self._takes(wanting) / asked.workers
                count, spent = len(study.results), self.spent_until_now()
                self._hears.ended(Progress(count, count + left, arm.name, pair, spent, seconds))

    def _wanted(
        self, study: Study, todo: Sequence[tuple[Arm, int]], share: float
    ) -> Callable[[int], bool]:
        return lambda number: (
            study.wants(*todo[number]) and not self._is_over(todo[number][0], share)
        )

    def _takes(self, todo: Sequence[tuple[Arm, int]]) -> float:
        """Return the seconds that trainings take, one after the other."""
        return self._cost * sum(self.weight(arm) for arm, _ in todo)

    def _say_begins(self, study: Study, todo: Sequence[tuple[Arm, int]]) -> None:
        trainings = [*study.order]
        seconds = self._takes(todo) / self._workers + STARTING * bool(todo)
        done = len(trainings) - len(todo)
        self._hears.begins(
            Extent(len(study.arms), len(study.pairs), len(trainings), done, seconds, self.varied)
        )

    def _keys(self, study: Study) -> dict[tuple[str, int], str]:
        new = [arm for arm in study.trained if arm.name not in self._looks]
        looks = look(self.project, [arm.settings for arm in new], self.opened)
        self.know({arm.name: one for arm, one in zip(new, looks, strict=True)})
        found = {}
        for arm in study.trained:
            seen = self._looks[arm.name]
            script, source = seen.script(), seen.version.source if seen.version else None
            for pair in study.pairs:
                key = key_of(script, source.hashes if source else {}, self.seeds(pair))
                found[arm.name, pair] = key
        return found

    def know(self, looks: Mapping[str, Look]) -> None:
        """Keep what was seen of arms, which takes a while."""
        for name, seen in looks.items():
            if seen.error:
                raise seen.error
            self._looks[name] = seen


def _expected(version: Version) -> float:
    return expected_seconds(version.source, version.choices)


def _cost(ends: Sequence[tuple[float, float]], workers: int) -> float:
    """Return the seconds that a training of weight 1 takes a process; 0: not known yet.

    `ends` are when trainings ended, and their weights.
    """
    # The first of each process waited for it to start
    since = ends[workers - 1 :]
    weights = sum(weight for _, weight in since[1:])
    return (since[-1][0] - since[0][0]) * workers / weights if len(since) > 2 and weights else 0.0


def trainings(arms: Sequence[Arm], pairs: int, confirm: bool = True) -> int:
    """Return how many trainings there are at most: alone, then together on other pairs."""
    alone = 1 + sum(not arm.patience for arm in arms)
    return pairs * (alone + (2 if confirm and len(arms) > 1 else 0))


def _varied(project: Project, opened: Opened) -> list[str]:
    """Return the seeds that change something: a split by time has none."""
    looks = look(project, [{key: 1} for key in SEEDS], opened)
    found = [key for key, seen in zip(SEEDS, looks, strict=True) if not seen.error]
    if not found:
        raise ApprentiError("nothing_varies", model=project.choices.model.kind)
    return found


def _result(trial: Trial) -> Result:
    error = trial.error.parts()[0] if trial.error else ""
    return Result(trial.status, tuple(trial.history), error)
