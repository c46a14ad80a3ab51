"""What is wrong with a training, and what to try: one rule a file, asked of what a run left.

A rule is a module with CODE, SEVERITY (the highest it gives) and `find(evidence)`, which yields
Findings (`apprenti.findings`). No framework is imported, and the test rows are not looked at.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from apprenti.diagnose import (
    calibration,
    doubtful_labels,
    few_checked,
    gradients,
    imbalance_hidden,
    memorised_copies,
    no_better,
    not_normalised,
    odd_fold,
    overfitting,
    rate_too_high,
    rate_too_low,
    slow_for_nothing,
    still_weights,
    stopped_early,
    stuck_units,
    too_long,
    underfitting,
    validation_better,
    weak_class,
    weak_segment,
)
from apprenti.diagnose.evidence import Evidence
from apprenti.errors import ApprentiError
from apprenti.evaluate import too_good
from apprenti.evaluate.run_data import opened_once
from apprenti.evaluate.verdict import BASELINES
from apprenti.findings import Finding, by_gravity, gather, mute
from apprenti.listing import read_all, same_rows_and_columns
from apprenti.project import FILE, Project, load
from apprenti.runs import FILES, FINISHED, RUNNING, Run, RunFacts, all_runs
from apprenti.standing import known

RULES: tuple[ModuleType, ...] = (
    overfitting,
    underfitting,
    no_better,
    rate_too_high,
    rate_too_low,
    stopped_early,
    too_long,
    few_checked,
    validation_better,
    imbalance_hidden,
    calibration,
    weak_class,
    doubtful_labels,
    slow_for_nothing,
    odd_fold,
    still_weights,
    stuck_units,
    gradients,
    not_normalised,
    memorised_copies,
    weak_segment,
)
"""In the order of their codes."""

SLOW: tuple[ModuleType, ...] = (memorised_copies, weak_segment)
"""The rules that read the data again: lists of runs are shown without them."""


class Diagnosis(NamedTuple):
    """What the rules say of a run: an answer to every question, what was found first."""

    run: Run
    answers: Sequence[Finding]
    evidence: Evidence

    @property
    def found(self) -> list[Finding]:
        """The problems and the hints."""
        return [one for one in self.answers if one.is_found]

    @property
    def is_healthy(self) -> bool:
        """Whether there is no problem; hints may be there."""
        return not any(one.is_found and one.severity != "note" for one in self.answers)

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers; a code and an outcome for every question."""
        from apprenti.data.findings import words

        return {
            "run": self.run.name,
            "healthy": self.is_healthy,
            "findings": [words.as_json(one) for one in self.found],
            "answers": [{"code": one.code, "outcome": one.outcome} for one in self.answers],
        }


@opened_once()
@FILES.kept()
def diagnose(run: Run) -> Diagnosis:
    """Ask all the rules about a run, by what it and the runs beside it left.

    Raises ApprentiError for a run that is under way, has left no epoch, or is damaged.
    """
    if run.status == RUNNING:
        raise ApprentiError("still_running", run=run.name)
    if not run.history:
        raise ApprentiError("nothing_to_diagnose", run=run.name)
    project = _project(run)
    data = known(project) if project else None
    seen = Evidence(run, baselines_of(run))
    muted: Collection[str] = project.choices.data.muted if project else ()
    answers = gather(RULES, seen, muted=muted)
    if seen.epochs and not seen.has_diverged:
        good = too_good.too_good([run], [one for one in data or () if one.is_found])
        answers += mute([good] if good else [], muted)
    return Diagnosis(run, by_gravity(answers), seen)


def baselines_of(run: Run) -> list[Run]:
    """Return the simple models of a project, the last of each, judged on the rows of a run."""
    return among(simple_models(run.folder.parent), run)


def simple_models(runs_folder: Path) -> list[RunFacts]:
    """Return the trivial and linear models of a project that are finished."""
    every = read_all(all_runs(runs_folder))
    return [
        facts
        for facts in every
        if facts.framework == "sklearn" and facts.model in BASELINES and facts.status == FINISHED
    ]


def among(simple: Iterable[RunFacts], run: Run) -> list[Run]:
    """Return the simple models, the last of each, that were judged on the rows of a run."""
    return list(
        {
            facts.model: facts.run
            for facts in simple
            if facts.run != run and same_rows_and_columns(facts.run, run)
        }.values()
    )


def _project(run: Run) -> Project | None:
    """Return the project that a run lies in; None where it was taken elsewhere."""
    folder: Path = run.folder.parent.parent
    return load(folder) if (folder / FILE).exists() else None


__all__ = ["RULES", "Diagnosis", "Evidence", "baselines_of", "diagnose"]
