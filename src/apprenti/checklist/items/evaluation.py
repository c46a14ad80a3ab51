"""9. The model was evaluated on the test set, its goal reached, and its mistakes looked at."""

import math
from collections.abc import Iterator
from datetime import datetime

from apprenti.checklist import goal
from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.findings import ELSEWHERE, told
from apprenti.checklist.questions import ask, command
from apprenti.checklist.seen import Seen, problems
from apprenti.command_line import of_apprenti
from apprenti.evaluate.test_set import TestEvaluation
from apprenti.evaluate.too_good import doubts
from apprenti.ledger import EVALUATION, FILE, Opening
from apprenti.runs import Run

NAME = "evaluation"


def look(seen: Seen) -> Iterator[Evidence]:
    run = seen.chosen
    if run is None:
        yield missing("evaluation.no_run", of_apprenti("train"))
        return
    yield from _ledger(seen, run)
    yield from goal.reached(seen, run)
    yield from _mistakes(seen, run)
    found = problems([*doubts([run], [], seen.project), *seen.problems], but=ELSEWHERE)
    yield from (told(one, run=run.name, called=seen.called) for one in found)


def _opening(seen: Seen, run: Run) -> Opening | None:
    """Return the last opening of the test set for a run that came to its end."""
    ended = [one for one in seen.ledger.measured if one.is_of(run)]
    return ended[-1] if ended else None


def _ledger(seen: Seen, run: Run) -> Iterator[Evidence]:
    """Yield whether the test set was opened for a run, and whether the ledger can be believed."""
    where = {"run": run.name, "called": seen.called}
    opening = _opening(seen, run)
    evaluate = of_apprenti("evaluate", seen.called)
    if opening is None or seen.tested is None:
        yield missing("evaluation.not_evaluated", evaluate, **where)
    elif changed := [*seen.tested.edited, *_otherwise(seen.tested, opening)]:
        yield missing("evaluation.edited", evaluate, changed=", ".join(changed), **where)
    else:
        values = {**where, "at": opening.at}
        yield done("evaluation.evaluated", file=FILE, number=opening.number, **values)
    for trouble in seen.ledger.troubles:
        yield missing("evaluation.ledger", file=FILE, trouble=trouble.told())
    if opening and seen.ledger.selected(run):
        openings = len(seen.ledger.lines)
        yield doubt("evaluation.selected", file=FILE, **where, openings=openings)


def _otherwise(found: TestEvaluation, opening: Opening) -> Iterator[str]:
    """Yield the measures of which the ledger says something else than the file of the run."""
    for one in found.measures:
        written = opening.measures.get(one.name)
        if one.of or one.value is None or written is None:
            continue
        if not math.isclose(one.value, written, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{EVALUATION} ({one.name})"


def _mistakes(seen: Seen, run: Run) -> Iterator[Evidence]:
    """Yield whether a person has looked at the mistakes, after they were there to be seen."""
    said, opening = seen.answers.mistakes, _opening(seen, run)
    if said is None:
        yield ask("evaluation.mistakes", "mistakes", None)
    elif opening is None:
        again = of_apprenti("evaluate", seen.called)
        yield doubt("evaluation.nothing_to_see", again, run=run.name, called=seen.called)
    elif said.on < (evaluated := datetime.fromisoformat(opening.at).astimezone().date()):
        values = {"on": said.on.isoformat(), "evaluated": evaluated.isoformat()}
        key = "answers.mistakes"
        yield doubt("evaluation.seen_before", command(key), question=key, run=run.name, **values)
    else:
        yield ask("evaluation.mistakes", "mistakes", said)
