"""Where a project stands: each of the nine steps, and what is seriously wrong with its data."""

from pathlib import Path
from typing import NamedTuple

from apprenti.data import last_look
from apprenti.findings import Finding, mute
from apprenti.flow import STEPS
from apprenti.language import say
from apprenti.listing import best
from apprenti.model.catalogue import name_of
from apprenti.project import Project, load
from apprenti.runs import FINISHED, sound

DONE, NEXT, OPEN, LATER = "done", "next", "open", "later"


class Standing(NamedTuple):
    """One step: done, next, open, or not in this version (later); and what shows it."""

    step: str
    state: str
    evidence: str


def standings(folder: Path) -> list[Standing]:
    """Return how each of the nine steps stands in the project of this folder.

    Raises ApprentiError where there is no project, or its settings are wrong.
    """
    project = load(folder)
    return [_standing(step, project) for step in STEPS]


def _standing(step: str, project: Project) -> Standing:
    choices = project.choices
    if step == "data":
        return Standing(step, DONE, say("cli.here.data", source=choices.data.source))
    if step == "model":
        model = say(f"words.{name_of(choices.model.kind, _task(project))}")
        return Standing(step, DONE, say("cli.here.model", model=model))
    if step == "train":
        return _training(project)
    if step == "export":
        return Standing(step, OPEN, say("cli.here.export"))
    return Standing(step, LATER, say("cli.here.later"))


def _task(project: Project) -> str | None:
    """Return what is predicted: as it was asked for, or as the last run found it in the data."""
    runs = sound(project.runs_folder)
    return project.choices.data.task or (runs[-1].task if runs else None)


def _training(project: Project) -> Standing:
    finished = [run for run in sound(project.runs_folder) if run.status == FINISHED]
    if not finished:
        return Standing("train", NEXT, say("cli.here.no_run"))
    found = best(finished)
    if found is None:
        return Standing("train", DONE, say("cli.here.train_unmeasured", count=len(finished)))
    words = {
        "measure": say(f"words.{found.measure.name}"),
        "score": found.measure.written(found.value),
        "best": found.run.name,
    }
    return Standing("train", DONE, say("cli.here.train", count=len(finished), **words))


def serious(folder: Path) -> list[Finding]:
    """Return what the last look at the data of a project found to be an error and nobody muted.

    Nothing is returned where nobody looked, or where the data or their settings have changed since:
    what was found then need not be true now.
    """
    project = load(folder)
    look = last_look.read(project)
    if look is None or not look.is_current:
        return []
    told = mute(look.findings, project.choices.data.muted)
    return [finding for finding in told if finding.is_serious]
