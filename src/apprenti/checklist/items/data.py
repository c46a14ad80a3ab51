"""2. The data are there, looked at, and nothing that is wrong with them is left open."""

from collections.abc import Iterator

from apprenti.checklist.evidence import Evidence, done, missing
from apprenti.checklist.findings import OF_SPLIT, told
from apprenti.checklist.questions import ask
from apprenti.checklist.seen import Seen, muted, problems
from apprenti.command_line import of_apprenti
from apprenti.data.last_look import FILE

NAME = "data"


def look(seen: Seen) -> Iterator[Evidence]:
    command = of_apprenti("data")
    if seen.look is None:
        yield missing("data.not_looked", command)
    elif not seen.look.is_current:
        yield missing("data.changed", command, file=FILE)
    else:
        rows = seen.facts.get("rows_in_all") or seen.facts.get("rows") or 0
        yield done("data.looked", file=FILE, rows=rows)
    found = problems(seen.findings, but=OF_SPLIT)
    yield from (told(one, FILE) for one in found)
    if seen.look and seen.look.is_current and not found:
        yield done("data.sound", file=FILE, muted=muted(seen.findings))
    yield ask("data.origin", "data_origin", seen.answers.data_origin)
