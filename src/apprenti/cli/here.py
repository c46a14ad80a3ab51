"""`apprenti` alone: where this project stands in the nine steps, and what to do next."""

from pathlib import Path

from apprenti.language import say

MARKS = {"done": "✓", "next": "→", "open": "○", "later": "·"}


def show(folder: str, as_json: bool) -> None:
    """Print the nine steps of the project in `folder`, or how to begin where there is none."""
    from apprenti.cli.show import console, print_json, tell
    from apprenti.data.findings import words
    from apprenti.project import FILE
    from apprenti.standing import serious, standings

    path = Path(folder)
    if not (path / FILE).exists():
        if as_json:
            print_json({"project": None, "steps": [], "serious": []})
        else:
            tell(console(), say("cli.here.nothing", folder=path.resolve().name or "/"))
        return
    steps, wrong = standings(path), serious(path)
    if as_json:
        told = [words.as_json(finding) for finding in wrong]
        facts = {"steps": [step._asdict() for step in steps], "serious": told}
        print_json({"project": str(path.resolve()), **facts})
        return
    out = console()
    tell(out, say("cli.here.title", name=path.resolve().name), style="bold")
    for number, step in enumerate(steps, start=1):
        style = {"done": "green", "next": "bold yellow", "open": "", "later": "dim"}[step.state]
        line = (
            f" {MARKS[step.state]} {number}  {say(f'words.step_{step.step}'):<14} {step.evidence}"
        )
        out.print(line, style=style, markup=False)
    for finding in wrong:
        tell(out, f" ✗ {finding.code}  {words.tell(finding).what}", style="red")
    out.print()
    if steps[2].state == "next":
        tell(out, say("cli.here.next_train"))
    else:
        tell(out, say("cli.here.next_compare", change=_change(path)))


def _change(project: Path) -> str:
    """Return the command that trains with one change: of a setting that the last run obeys."""
    from apprenti import runs
    from apprenti.cli.show import pasted
    from apprenti.train.next_change import words_to_try

    found = runs.sound(project / "runs")
    return pasted(*(words_to_try(found[-1]) if found else ("train", "--set", "epochs=10")))
