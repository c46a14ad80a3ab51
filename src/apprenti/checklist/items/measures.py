"""8. The measures are watched: on both sets, epoch by epoch, and nothing wrong is left open."""

from collections.abc import Iterator

from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.findings import OF_MEASURES, told
from apprenti.checklist.seen import Seen, problems
from apprenti.command_line import of_apprenti
from apprenti.measures import main_score
from apprenti.runs import DIVERGED, short_names

NAME = "measures"


def look(seen: Seen) -> Iterator[Evidence]:
    run = seen.chosen
    if run is None:
        yield missing("measures.no_run", of_apprenti("train"))
        return
    history = run.history
    columns = set(history[0]) if history else set()
    where = {"file": "history.csv", "run": run.name, "called": seen.called}
    if not {"train_loss", "valid_loss"} <= columns or main_score(columns) is None:
        yield missing("measures.not_recorded", of_apprenti("train"), **where)
    else:
        yield done("measures.recorded", epochs=len(history), **where)
    last = seen.runs[-1]
    if last.status == DIVERGED:
        called = short_names([last.run])[last.run]
        yield doubt("measures.diverged", of_apprenti("diagnose", called), called=called)
    found = problems(seen.problems, OF_MEASURES)
    yield from (told(one, run=run.name, called=seen.called) for one in found)
    if not found:
        yield done("measures.sound", run=run.name, called=seen.called)
