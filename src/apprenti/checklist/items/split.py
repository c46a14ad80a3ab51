"""3. The rows are split: a training, a validation and a test set, and none knows the other."""

from collections.abc import Iterator
from typing import Any

from apprenti import run_settings
from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.findings import OF_SPLIT, told
from apprenti.checklist.seen import Seen, problems
from apprenti.command_line import of_apprenti
from apprenti.data.checksum import digest
from apprenti.data.last_look import FILE
from apprenti.data.split import written
from apprenti.runs import Run
from apprenti.train.next_change import words_again

NAME = "split"

PARTS = ("train", "valid", "test")


def look(seen: Seen) -> Iterator[Evidence]:
    counts = _counts(seen)
    again = of_apprenti("set", "data.split.test=0.15")
    if counts is None:
        yield missing("split.unknown", of_apprenti("data"))
    elif not counts["test"]:
        yield missing("split.no_test", again, **counts)
    else:
        yield done("split.counts", file=FILE, **counts)
    yield from (told(one, FILE) for one in problems(seen.findings, OF_SPLIT))
    if seen.chosen:
        yield from _of_run(seen.chosen, seen.called)


def _counts(seen: Seen) -> dict[str, Any] | None:
    """Return how many rows there are to learn from, to validate and to test with."""
    if not seen.look or not seen.look.is_current:
        return None
    got = seen.facts.get("split", {}).get("got")
    if got:
        return {name: got.get(name, 0) for name in PARTS}
    rows, test = seen.facts.get("rows", 0), seen.facts.get("test_rows", 0)
    return {"train": rows, "valid": 0, "test": test}


def _of_run(run: Run, called: str) -> Iterator[Evidence]:
    """Yield whether the run that is stood by was split so."""
    path, known = run.folder / written.FILE, run.environment.get("hashes", {})
    if run_settings.is_own_script(run):
        command = of_apprenti(*words_again(run)) if run.framework else ""
        yield doubt("split.own_script", command, file="train.py", run=run.name, called=called)
    elif not path.is_file() or digest(path) != known.get(written.FILE):
        again = of_apprenti(*words_again(run))
        yield missing("split.edited", again, file=written.FILE, run=run.name, called=called)
    else:
        yield done("split.written", file=written.FILE, run=run.name, called=called)
