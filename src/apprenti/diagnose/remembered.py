"""The problems of runs, for every command that shows runs: asked once for each, then remembered.

They are kept in the folder of the runs, beside the state of the files that they were read from.
Hints are told by `apprenti diagnose` alone; a score too good to be true is told with the data.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import __version__, diagnose, runs
from apprenti.diagnose.evidence import Evidence
from apprenti.errors import ApprentiError
from apprenti.evaluate.cross_validated import FOLDS
from apprenti.evaluate.mistakes import PREDICTIONS
from apprenti.findings import SEVERITIES, Finding, codes_of, gather, mute
from apprenti.listing import best, is_settled, state_of
from apprenti.project import Project
from apprenti.run_files import LARGEST_TABLE, beginning
from apprenti.runs import Run, RunFacts
from apprenti.writing import write_text

FILE = ".diagnosis.json"

READ = ("environment.json", runs.CHOICES, "history.csv", PREDICTIONS, runs.STATUS, FOLDS)
"""The files of a run that decide what is wrong with it."""

ENDED = (*runs.COMPLETE, runs.DIVERGED)

GRAVE = SEVERITIES[:-1]


class Troubled(NamedTuple):
    """A run with which something is wrong, the gravest first."""

    run: Run
    problems: Sequence[Finding]

    def as_json(self) -> list[dict[str, str]]:
        """Return a line for each problem."""
        return [
            {"run": self.run.name, "code": one.code, "severity": one.severity, "name": one.subject}
            for one in self.problems
        ]


def troubled(made: Iterable[Run], project: Project) -> list[Troubled]:
    """Return those of these runs of a project with which something is wrong, in their order.

    What is muted in the project is no problem of it.
    """
    made = [run for run in made if run.folder.is_dir()]
    if not made:
        return []
    path = made[0].folder.parent / FILE
    simple, known = diagnose.simple_models(path.parent), _known(path)
    among = sorted(facts.name for facts in simple)
    seen = {run: _entry(run, known.get(run.name), among, simple) for run in made}
    changed = {run.name: entry for run, entry in seen.items() if entry != known.get(run.name)}
    if changed:
        _keep(path, {**known, **changed})
    told = {run: mute(_findings(entry), project.choices.data.muted) for run, entry in seen.items()}
    problems = {run: [one for one in found if one.is_found] for run, found in told.items()}
    return [Troubled(run, found) for run, found in problems.items() if found]


def of_project(project: Project) -> list[Troubled]:
    """Return what is wrong with the best of a project's runs, and with the last that ended."""
    ended = [run for run in runs.sound(project.runs_folder) if run.status in ENDED]
    found = best([run for run in ended if run.status == runs.FINISHED])
    chosen = [*([found.run] if found else []), *ended[-1:]]
    return troubled(dict.fromkeys(sorted(chosen, key=ended.index)), project)


def _entry(
    run: Run, entry: Any, among: Sequence[str], simple: Sequence[RunFacts]
) -> dict[str, Any]:
    """Return what is remembered of a run, if nothing changed since, or else what is wrong now."""
    state = state_of(run.folder, READ)
    if isinstance(entry, dict) and entry.get("state") == state and entry.get("among") == among:
        return entry
    return {"state": state, "among": list(among), "problems": list(_problems(run, simple))}


def _problems(run: Run, simple: Iterable[RunFacts]) -> Iterator[list[str]]:
    """Yield code, severity and subject of each problem; none of a run that cannot be asked.

    A model that always predicts the same is there to be beaten: nothing is wrong with it.
    """
    with contextlib.suppress(ApprentiError):
        if run.status == runs.RUNNING or not run.history or run.model == "trivial":
            return
        seen = Evidence(run, diagnose.among(simple, run))
        grave = [rule for rule in diagnose.RULES if rule.SEVERITY in GRAVE]
        for one in gather(grave, seen, leave_out=diagnose.SLOW):
            if one.is_found and one.severity in GRAVE:
                yield [one.code, one.severity, one.subject]


def _findings(entry: Mapping[str, Any]) -> list[Finding]:
    return [Finding(code, severity, subject) for code, severity, subject in entry["problems"]]


def _known(path: Path) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        content = json.loads(beginning(path, LARGEST_TABLE))
        if isinstance(content, dict) and content.get("version") == __version__:
            found = content.get("runs")
            found = found if isinstance(found, dict) else {}
            return {name: entry for name, entry in found.items() if _is_sound(entry)}
    return {}


def _is_sound(entry: Any) -> bool:
    """Say whether nobody has meddled with what was remembered of a run."""
    problems = entry.get("problems") if isinstance(entry, dict) else None
    return isinstance(problems, list) and all(
        isinstance(one, list)
        and len(one) == 3
        and all(isinstance(word, str) for word in one)
        and one[0] in CODES
        and one[1] in GRAVE
        for one in problems
    )


CODES = {code for rule in diagnose.RULES for code in codes_of(rule)}


def _keep(path: Path, entries: Mapping[str, Any]) -> None:
    kept = {
        name: entry
        for name, entry in entries.items()
        if (path.parent / name).is_dir() and is_settled(entry["state"])
    }
    # Where nothing may be written, all is asked again the next time
    with contextlib.suppress(OSError):
        write_text(path, json.dumps({"version": __version__, "runs": kept}))
