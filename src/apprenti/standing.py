"""Where a project stands: each of the nine steps, and what is seriously wrong with its data."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import ledger
from apprenti.data import last_look
from apprenti.data.look import glance
from apprenti.data.source import Source
from apprenti.findings import Finding, mute
from apprenti.flow import STEPS
from apprenti.language import say
from apprenti.listing import best
from apprenti.measures import MEASURES
from apprenti.model.catalogue import name_of
from apprenti.project import Project, load
from apprenti.runs import FINISHED, RunFacts, read_any, sound

DONE, NEXT, OPEN, LATER = "done", "next", "open", "later"
WRONG, DOUBTFUL = "wrong", "doubtful"
"""Of the data, and of what was made from them."""


class Standing(NamedTuple):
    """One step: done, next, open, or not in this version (later); and what shows it.

    Data with something serious are wrong, and then what was made from them is doubtful.
    """

    step: str
    state: str
    evidence: str


def standings(folder: Path) -> list[Standing]:
    """Return how each of the nine steps stands in the project of this folder.

    Raises ApprentiError where there is no project, or its settings are wrong.
    """
    project = load(folder)
    data = _data(project)
    others = [_standing(step, project, data.state) for step in STEPS if step != data.step]
    return [data, *others]


def _standing(step: str, project: Project, data: str) -> Standing:
    """Return how a step stands, where the data stand so."""
    choices, done = project.choices, DOUBTFUL if data == WRONG else DONE
    if step == "model":
        model = say(f"words.{name_of(choices.model.kind, _task(project))}")
        return Standing(step, done, say("cli.here.model", model=model))
    if step == "train":
        return _training(project, done)
    if step == "evaluate":
        return _evaluation(project)
    if step in ("diagnose", "export"):
        return Standing(step, OPEN, say(f"cli.here.{step}"))
    return Standing(step, LATER, say("cli.here.later"))


def _data(project: Project) -> Standing:
    source, found = project.choices.data.source, known(project)
    if found is None:
        return Standing("data", OPEN, say("cli.here.data_unseen", source=source))
    is_wrong = any(one.is_serious for one in found)
    return Standing("data", WRONG if is_wrong else DONE, say("cli.here.data", source=source))


def _task(project: Project) -> str | None:
    """Return what is predicted: as it was asked for, or as the last run found it in the data."""
    runs = sound(project.runs_folder)
    return project.choices.data.task or (runs[-1].task if runs else None)


def _training(project: Project, done: str) -> Standing:
    finished = [run for run in sound(project.runs_folder) if run.status == FINISHED]
    if not finished:
        return Standing("train", NEXT, say("cli.here.no_run"))
    if done == DOUBTFUL:
        return Standing("train", done, say("cli.here.train_unsure", count=len(finished)))
    if of_other_data(map(read_any, finished[-1:]), project):
        return Standing("train", NEXT, say("cli.here.train_before", count=len(finished)))
    found = best(finished)
    if found is None:
        return Standing("train", DONE, say("cli.here.train_unmeasured", count=len(finished)))
    words = {
        "measure": say(f"words.{found.measure.name}"),
        "score": found.measure.written(found.value),
        "best": found.run.name,
    }
    return Standing("train", DONE, say("cli.here.train", count=len(finished), **words))


def _evaluation(project: Project) -> Standing:
    """Return how the evaluation stands: for which run the test set was last opened, how often."""
    there = ledger.read(project.folder)
    if there.troubles:
        return Standing("evaluate", WRONG, there.troubles[0].told())
    ended = there.measured
    if not ended:
        finished = [run for run in sound(project.runs_folder) if run.complete]
        return Standing("evaluate", OPEN, say(f"cli.here.{'unopened' if finished else 'evaluate'}"))
    last = ended[-1]
    words: dict[str, object] = {"run": last.run_number or last.run, "count": len(there.lines)}
    main = next((one for one in MEASURES if last.measures.get(one.name) is not None), None)
    if main:
        score = main.written(last.measures[main.name])
        words |= {"measure": say(f"words.{main.name}"), "score": score}
    said = say("cli.here.evaluated" if main else "cli.here.evaluated_unmeasured", **words)
    label = f" ({say('ledger.selected')})" if there.is_selection(last) else ""
    return Standing("evaluate", DONE, f"{said}{label}")


def of_other_data(listed: Iterable[RunFacts], project: Project) -> list[RunFacts]:
    """Return those of these runs whose settings of the data were others: their columns, above all.

    Their scores are not comparable with those of runs that are made now.
    """
    sound_ones = [facts for facts in listed if not facts.damage]
    return [facts for facts in sound_ones if _differ(facts.choices.get("data", {}), project)]


def _differ(then: Mapping[str, Any], project: Project) -> bool:
    now = project.choices.data.model_dump(mode="json", exclude={"split", "muted", "streamed"})
    # What is left open was found in the data
    return bool(then) and any(
        value is not None and (value or None) != (then.get(name) or None)
        for name, value in now.items()
    )


def known(project: Project) -> list[Finding] | None:
    """Return what the last look at the data of a project found, what is muted marked as muted.

    None where nobody looked, or where the data or their settings have changed since: what was found
    then need not be true now.
    """
    look = last_look.read(project)
    if look is None or not look.is_current:
        return None
    return mute(look.findings, project.choices.data.muted)


def serious(folder: Path) -> list[Finding]:
    """Return the errors found in the data of a project that are neither mended nor muted."""
    return [finding for finding in known(load(folder)) or () if finding.is_serious]


def looked_at(project: Project, source: Source) -> list[Finding]:
    """Return what is known of the data of a project, after a glance where nobody has looked."""
    found, data = known(project), project.choices.data
    if found is None:
        # Settings for one run alone say nothing of the project
        keep = load(project.folder).choices.data == data
        found = mute(glance(source, data, project.folder, keep), data.muted)
    return found
