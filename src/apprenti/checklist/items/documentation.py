"""10. Documented and reproducible: a run that came out again, its notes, versions and data."""

from collections.abc import Iterator

from apprenti.checklist.evidence import Evidence, done, doubt, missing, no_matter
from apprenti.checklist.questions import is_form
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.language import say
from apprenti.runs import Run
from apprenti.train import record
from apprenti.train.next_change import words_again

NAME = "documentation"

SAME = ("identical", "within_tolerance")


def look(seen: Seen) -> Iterator[Evidence]:
    run = seen.chosen
    if run is None:
        yield missing("documentation.no_run", of_apprenti("train"))
        return
    yield _reproduced(seen, run)
    yield _noted(run, seen.called)
    versions = run.environment.get("versions", {})
    where = {"file": "environment.json", "run": run.name, "called": seen.called}
    if versions:
        yield done("documentation.versions", count=len(versions), **where)
    else:
        yield missing("documentation.no_versions", of_apprenti(*words_again(run)), **where)
    yield _same_data(seen, run)
    if changed := record.tampered(run):
        again = of_apprenti(*words_again(run))
        names = ", ".join(path.name for path in changed)
        yield missing("documentation.tampered", again, **{**where, "file": names})


def _reproduced(seen: Seen, run: Run) -> Evidence:
    outcome = seen.reproduced.get("outcome")
    where = {"run": run.name, "called": seen.called}
    command = of_apprenti("reproduce", seen.called)
    if outcome is None:
        return missing("documentation.not_reproduced", command, **where)
    at = str(seen.reproduced.get("at", ""))[:10]
    where |= {"file": "reproduced.json", "on": at}
    if outcome in SAME:
        return done(f"documentation.{outcome}", **where)
    return missing("documentation.different", command, **where)


def _noted(run: Run, called: str) -> Evidence:
    note = run.note.strip()
    if note and not is_form(note):
        return done("documentation.note", file="note.txt", run=run.name, called=called, note=note)
    form = say("checklist.form.text")
    return missing(
        "documentation.no_note",
        of_apprenti("runs", "note", called, form),
        run=run.name,
        called=called,
    )


def _same_data(seen: Seen, run: Run) -> Evidence:
    """Return whether the data that a run learned from are those that are there now."""
    learned = set(run.environment.get("hashes", {}).get("data", {}).values())
    where = {"file": "environment.json", "run": run.name, "called": seen.called}
    if not learned:
        return no_matter("documentation.built_in", source=seen.choices.data.source)
    if not seen.data_hashes:
        return doubt("documentation.data_unknown", of_apprenti("data"), **where)
    if seen.data_hashes & learned:
        return done("documentation.data_same", **where)
    return missing("documentation.data_changed", of_apprenti(*words_again(run)), **where)
