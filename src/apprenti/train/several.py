"""Several runs of one command, side by side: one a core, and none that is there already.

What is wrong with any of them is found before the first begins; a stop keeps what is done.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, NamedTuple

from apprenti import runs
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError, Interrupted
from apprenti.model.catalogue import NETWORKS, longest_history
from apprenti.project import Project
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.copies import Copier
from apprenti.script.preload import Preloaded
from apprenti.script.run_local import Watcher
from apprenti.train.audience import Audience, Watched
from apprenti.train.changes import changes
from apprenti.train.comparison import BASELINES
from apprenti.train.effects import check_effects
from apprenti.train.one_run import (
    Begun,
    Execution,
    begin,
    create,
    keeping,
    train,
)
from apprenti.train.plan import Plan, plan
from apprenti.train.reuse import find_same

MEMORY_OF_A_SCRIPT = 1.3e9
"""Bytes that a script takes before it has read anything: TensorFlow's, the larger one."""


def train_one(
    project: Project,
    audience: Audience,
    overridden: Iterable[str] = (),
    time_limit: float | None = None,
    preloaded: Preloaded | None = None,
) -> Run:
    """Plan and train a project once; a run that is there already is made anew."""
    planned = plan(project, overridden)
    _tell(planned, project, audience)
    watcher = audience.watch(_watched(planned))
    return train(planned, project.runs_folder, watcher, time_limit, preloaded)


def _tell(planned: Plan, project: Project, audience: Audience) -> None:
    """Say what is to be known of the data before they are learned from."""
    for change in changes(planned.source, project):
        audience.changed(change)
    for finding in planned.remarks:
        audience.remarked(finding)


def _watched(planned: Plan) -> Watched:
    choices = planned.choices
    kind, framework = choices.model.kind, choices.train.framework
    epochs = longest_history(choices.model_dump())
    return Watched(kind, framework, planned.source.task, epochs)


def train_all(
    projects: Sequence[Project],
    audience: Audience,
    overridden: Iterable[str] = (),
    again: bool = False,
) -> list[Run]:
    """Train each project and return the runs, in their order.

    A setting given on the command line (`overridden`, full names) must have an effect in one of
    them at least. A finished run with the same script, data and versions is not made `again`.
    """
    plans = _plan_all(projects, overridden)
    _tell(plans[0], projects[0], audience)
    contests = [_contest(*pair, audience, again) for pair in zip(plans, projects, strict=True)]
    jobs, finished = _follow(contests, at_once(plans), _shortness)
    _raise_what_happened(jobs, finished)
    return [contest.run for contest in contests]


class Results(NamedTuple):
    """What came of runs of which none waits for the others to go well."""

    runs: Sequence[Run]
    """Those that began, in their order, but for what was stopped before it had learned anything."""
    errors: Mapping[str, ApprentiError]
    """What went wrong, by the name of the run."""
    stopped: bool
    """Whether they were stopped by hand before all of them had ended."""


def train_each(
    projects: Sequence[Project],
    plans: Sequence[Plan],
    audience: Audience,
    costs: Sequence[float],
    again: bool = False,
) -> Results:
    """Train planned projects, the dearest first; what goes wrong, or a stop, leaves the others."""
    _tell(plans[0], projects[0], audience)
    cost = {id(planned): one for planned, one in zip(plans, costs, strict=True)}
    with closing(Copier({planned.choices.train.framework for planned in plans})) as copier:
        contests = [
            _contest(*pair, audience, again, copier) for pair in zip(plans, projects, strict=True)
        ]
        jobs, finished = _follow(contests, at_once(plans), lambda one: -cost[id(one.plan)], copier)
    wrong = {job.begun.run.name: job.error for job in jobs if job.error}
    began = [one.run for one in contests if one.run.folder.is_dir()]
    kept = [run for run in began if run.name in wrong or run.history]
    return Results(kept, wrong, not finished)


def _follow(
    contests: "Sequence[Contest]",
    most: int,
    order: "Callable[[Contest], Any]",
    copier: Copier | None = None,
) -> tuple[list[Execution], bool]:
    """Execute what is not there already; say whether nobody stopped it."""
    missing = [contest for contest in contests if not contest.is_there]
    # The longest first, so that none of them is waited for at the end alone
    jobs = [contest.execution for contest in sorted(missing, key=order)]
    try:
        if copier and jobs:
            copier.wait()
        return jobs, run_local.follow(jobs, most) if jobs else True
    except KeyboardInterrupt:
        return jobs, False
    finally:
        _remove_empty(contests)


class Contest(NamedTuple):
    """A planned run, which is there already, or how it is made."""

    plan: Plan
    run: Run
    is_there: bool
    execution: Execution


def _plan_all(projects: Sequence[Project], overridden: Iterable[str]) -> list[Plan]:
    # All learn from the same data: they are read once
    source = open_source(projects[0].choices.data, projects[0].folder)
    first = plan(projects[0], source=source)
    others = [plan(project, source=source, shares=first.shares) for project in projects[1:]]
    check_effects(overridden, [first, *others])
    return [first, *others]


def _contest(
    planned: Plan,
    project: Project,
    audience: Audience,
    again: bool,
    copier: Copier | None = None,
) -> Contest:
    there = None if again else find_same(planned, project.runs_folder)
    if there:
        audience.reused(there)
    # Named in their order, in whichever they begin
    run = there or create(planned, project.runs_folder)

    def begin_it() -> Begun:
        return begin(planned, run)

    def watch() -> Watcher:
        return audience.watch(_watched(planned))

    made = Execution(begin_it, watch, audience.leave)
    if copier:
        made.start_with(partial(copier.open, planned.choices.train.framework))
    return Contest(planned, run, there is not None, made)


def _remove_empty(contests: Iterable[Contest]) -> None:
    """Remove the folders of the runs that never began."""
    for contest in contests:
        if not contest.is_there:
            runs.discard(contest.run)


def _shortness(contest: Contest) -> tuple[bool, bool]:
    choices = contest.plan.choices
    kind = (choices.train.framework, choices.model.kind)
    return choices.train.framework not in NETWORKS, kind in BASELINES


def at_once(plans: Sequence[Plan]) -> int:
    """Return how many of these runs this machine trains side by side without slowing them down."""
    import psutil

    threads = max(planned.choices.train.threads for planned in plans)
    available = psutil.virtual_memory().available
    room = int(available / max(map(_memory, plans)))
    return max(1, min(cores() // threads, room))


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory(planned: Plan) -> float:
    """Return the bytes that a run may take at most: its rows as numbers, and twice in passing."""
    numbers = 0 if planned.material.streamed else planned.source.rows
    return MEMORY_OF_A_SCRIPT + 3 * 4 * numbers * math.prod(planned.source.shape)


def _raise_what_happened(jobs: Sequence[Execution], finished: bool) -> None:
    """Raise what went wrong with one of the runs, or that they were stopped by hand."""
    wrong = [job.error for job in jobs if job.error]
    if wrong:
        raise wrong[0]
    if finished:
        return
    stopped = [job.begun.run for job in jobs if job.outcome and not job.begun.run.complete]
    kept = [run for run in stopped if run.history]
    if len(kept) > 1:
        names = ", ".join(run.name for run in kept)
        several = Interrupted("interrupted_several", names=names, run=kept[0].name)
        raise keeping(kept, several)
    for job in sorted(jobs, key=lambda job: not (job.outcome and job.begun.run in kept)):
        job.result()
    raise KeyboardInterrupt
