"""4. A model was chosen, and held against a simple one."""

from collections.abc import Iterator

from apprenti import diagnose
from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.findings import OF_MODEL, told
from apprenti.checklist.seen import Seen, problems
from apprenti.command_line import of_apprenti
from apprenti.evaluate.verdict import hold_against, predictions_of
from apprenti.model.catalogue import words_for
from apprenti.runs import SCRIPT, Run
from apprenti.train import trust
from apprenti.train.next_change import words_again

NAME = "model"

BASELINE = ("train", "--framework", "sklearn", "--set", "kind=trivial")


def look(seen: Seen) -> Iterator[Evidence]:
    run = seen.chosen
    if run is None:
        yield missing("model.no_run", of_apprenti("train"))
        return
    model = words_for(run.model, run.task)
    yield done("model.chosen", run=run.name, model=model, called=seen.called)
    yield from _origin(run, seen.called)
    simple = diagnose.baselines_of(run)
    if (not simple and run.model != "linear") or not any(one.model == "trivial" for one in simple):
        yield missing("model.no_baseline", of_apprenti(*BASELINE), called=seen.called)
    for other in simple:
        yield from _against(run, other, seen.called)
    found = [one for one in problems(seen.problems, OF_MODEL) if one.code != "R04"]
    yield from (told(one, run=run.name, called=seen.called) for one in found)


def _origin(run: Run, called: str) -> Iterator[Evidence]:
    """Yield whether the run was made here, by the scripts that lie in it."""
    recorded = run.environment.get("seal")
    if not recorded or recorded != trust.seal(run):
        again = of_apprenti(*words_again(run))
        yield doubt("model.not_from_here", again, file=SCRIPT, run=run.name, called=called)


def _against(run: Run, other: Run, called: str) -> Iterator[Evidence]:
    """Yield whether it does better than a simple one, row by row on the validation set."""
    predictions = {one.name: predictions_of(one) for one in (run, other)}
    verdict = hold_against(run.name, other.name, predictions)
    if verdict is None:
        return
    values = {"called": called, "other": words_for(other.model, other.task)}
    if verdict.outcome == "better":
        yield done("model.better", run=run.name, **values)
    else:
        command = of_apprenti("diagnose", called)
        yield doubt(f"model.{verdict.outcome}", command, run=run.name, **values)
