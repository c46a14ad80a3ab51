"""6. The environment is ready: the framework is there, and nothing on this machine is wrong."""

from collections.abc import Iterator

from apprenti import optional
from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.doctor.examination import Examination, examine
from apprenti.doctor.words import tell
from apprenti.machine.look import this_machine
from apprenti.run_files import read_text
from apprenti.runs import Run
from apprenti.train import record

NAME = "environment"

OF_FRAMEWORKS = ("pytorch", "tensorflow")


def look(seen: Seen) -> Iterator[Evidence]:
    framework = seen.choices.train.framework
    version = optional.version(framework)
    if version is None:
        yield missing("environment.absent", of_apprenti("install", framework), framework=framework)
    else:
        yield done("environment.there", framework=framework, version=version)
    yield from _troubles(examine(this_machine()), framework)
    if seen.chosen:
        yield from _since(seen.chosen, seen.called)


def _troubles(found: Examination, framework: str) -> Iterator[Evidence]:
    """Yield what a quick look of the doctor finds wrong, but for a framework that is not used."""
    others = [name for name in OF_FRAMEWORKS if name != framework]
    wrong = [one for one in found.troubles if one.severity == "error" and one.subject not in others]
    for one in wrong:
        yield missing(
            "environment.wrong",
            of_apprenti("doctor"),
            code=one.code,
            name=tell(one, found.machine).name,
        )
    if not wrong:
        yield done("environment.sound")


def _since(run: Run, called: str) -> Iterator[Evidence]:
    """Yield whether a run was made here, with the versions that are there now."""
    known = run.environment.get("versions", {})
    now = record.versions(read_text(run.script) or "")
    changed = [
        f"{name} {known[name]} → {version}"
        for name, version in now.items()
        if known.get(name) not in (None, "", version)
    ]
    if changed:
        command = of_apprenti("reproduce", called)
        names = ", ".join(changed)
        yield doubt("environment.changed", command, run=run.name, called=called, changed=names)
    else:
        yield done("environment.trained", file="environment.json", run=run.name, called=called)
