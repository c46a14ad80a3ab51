"""`apprenti` alone: where this project stands in the nine steps, and what to do next."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.findings import Finding

MARKS = {"done": "✓", "next": "→", "open": "○", "later": "·", "wrong": "✗", "doubtful": "!"}
NOTHING: dict[str, list[str]] = {"steps": [], "serious": [], "findings": [], "diagnosis": []}
STYLES = {
    "done": "green",
    "next": "bold yellow",
    "open": "",
    "later": "dim",
    "wrong": "bold red",
    "doubtful": "yellow",
}


def show(folder: str, as_json: bool) -> None:
    """Print the nine steps of the project in `folder`, or how to begin where there is none."""
    from apprenti import checklist
    from apprenti.cli import show_data, show_runs
    from apprenti.cli.options import from_here
    from apprenti.cli.show import console, hanging, print_json, tell
    from apprenti.data.findings import words
    from apprenti.diagnose import remembered
    from apprenti.evaluate.too_good import doubts_of_project
    from apprenti.project import FILE, load
    from apprenti.standing import standings

    path = from_here(Path(folder))
    if not (path / FILE).exists():
        if as_json:
            print_json({"project": None, **NOTHING, "checklist": None})
        else:
            tell(console(), say("cli.here.nothing", folder=path.resolve().name or "/"))
        return
    project = load(path)
    steps, doubts = standings(path), doubts_of_project(project)
    troubled = remembered.of_project(project)
    wrong = [one for one in doubts if one.is_serious]
    judged = checklist.judge(project)
    if as_json:
        told = [words.as_json(finding) for finding in wrong]
        facts: dict[str, Any] = {"steps": [step._asdict() for step in steps], "serious": told}
        facts["checklist"] = checklist.counts(judged)
        facts["findings"] = [words.as_json(finding) for finding in doubts]
        facts["diagnosis"] = [problem for one in troubled for problem in one.as_json()]
        print_json({"project": str(path.resolve()), **facts})
        return
    out = console()
    tell(out, say("cli.here.title", name=path.resolve().name), style="bold")
    for number, step in enumerate(steps, start=1):
        head = f" {MARKS[step.state]} {number}  {say(f'words.step_{step.step}'):<14} "
        hanging(out, head, step.evidence, STYLES[step.state], STYLES[step.state])
    out.print()
    tell(out, f"{checklist.summary(judged)} {say('cli.here.checklist')}")
    show_data.doubts(out, doubts, path)
    show_runs.tell_troubled(troubled, path)
    _tell_next(out, wrong, steps[2].state == "next", path)


def _tell_next(out: "Console", wrong: "Sequence[Finding]", untrained: bool, path: Path) -> None:
    """Say what to do next: mend the data, train, or train with one change."""
    from apprenti.cli.show import commands, tell
    from apprenti.command_line import written

    if wrong:
        because = say("cli.here.because")
        name = f"{wrong[0].code} {wrong[0].subject}".strip()
        tell(out, say("cli.here.wrong"))
        commands(out, [written("apprenti", "data", "--mute", name, "--because", because)], path)
    elif untrained:
        tell(out, say("cli.here.next_train"))
    else:
        tell(out, say("cli.here.next_compare", change=_change(path)))


def _change(project: Path) -> str:
    """Return the command that trains with one change: of a setting that the last run obeys."""
    from apprenti import runs
    from apprenti.command_line import of_apprenti
    from apprenti.train.next_change import words_to_try

    found = runs.sound(project / "runs")
    return of_apprenti(*(words_to_try(found[-1]) if found else ("train", "--set", "epochs=10")))
