"""5. The training is configured: with settings that were tried, and of which none is wrong."""

from collections.abc import Iterator

from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.findings import OF_TRAINING, told
from apprenti.checklist.seen import Seen, problems
from apprenti.command_line import of_apprenti
from apprenti.project import FILE
from apprenti.train.next_change import words_again

NAME = "training"


def look(seen: Seen) -> Iterator[Evidence]:
    run = seen.chosen
    if run is None:
        yield missing("training.no_run", of_apprenti("train"))
        return
    words = words_again(run)
    if words != ["train"]:
        yield doubt(
            "training.other_settings",
            _keeping(words),
            of_apprenti("train"),
            file=FILE,
            called=seen.called,
            changed=" ".join(word for word in words[1:] if not word.startswith("--")),
        )
    else:
        yield done("training.settings", file=FILE, run=run.name, called=seen.called)
    found = problems(seen.problems, OF_TRAINING)
    yield from (told(one, run=run.name, called=seen.called) for one in found)


def _keeping(words: list[str]) -> str:
    """Return the command that keeps in apprenti.toml what was set for a run alone."""
    given = [word if "=" in word else f"framework={word}" for word in words[2::2]]
    return of_apprenti("set", *given)
