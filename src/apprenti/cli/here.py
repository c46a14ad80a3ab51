"""`apprenti` alone: where this project stands in the nine steps, and what to do next."""

from pathlib import Path
from typing import NamedTuple

from apprenti.flow import STEPS
from apprenti.language import say


class Standing(NamedTuple):
    """One step: done, next, open, or not in this version; and what shows it."""

    step: str
    state: str
    evidence: str


def standings(folder: Path) -> list[Standing]:
    """Return how each of the nine steps stands in the project of this folder."""
    from apprenti.project import load
    from apprenti.runs import FINISHED, all_runs

    project = load(folder)
    choices = project.choices
    finished = [run for run in all_runs(project.runs_folder) if run.status == FINISHED]
    done = {
        "data": say("here.data", source=choices.data.source),
        "model": say("here.model", model=say(f"words.model_{choices.model.kind}")),
    }
    if finished:
        # Somebody's own script may measure other things
        accuracies = {run: run.history[-1].get("valid_accuracy", 0.0) for run in finished}
        best = max(finished, key=lambda run: accuracies[run])
        accuracy = 100 * accuracies[best]
        done["train"] = say("here.train", count=len(finished), best=best.name, accuracy=accuracy)
    here = []
    for step in STEPS:
        if step in done:
            here.append(Standing(step, "done", done[step]))
        elif step == "train":
            here.append(Standing(step, "next", say("here.no_run")))
        elif step == "export":
            here.append(Standing(step, "open", say("here.export")))
        else:
            here.append(Standing(step, "later", say("here.later")))
    return here


MARKS = {"done": "✓", "next": "→", "open": "○", "later": "·"}


def show(folder: str, as_json: bool) -> None:
    """Print the nine steps of the project in `folder`, or how to begin where there is none."""
    from apprenti.cli.show import console, print_json, tell
    from apprenti.project import FILE

    path = Path(folder)
    if not (path / FILE).exists():
        if as_json:
            print_json({"project": None, "steps": []})
        else:
            tell(console(), say("here.nothing", folder=path.resolve().name or "/"))
        return
    steps = standings(path)
    if as_json:
        print_json({"project": str(path.resolve()), "steps": [step._asdict() for step in steps]})
        return
    out = console()
    tell(out, say("here.title", name=path.resolve().name), style="bold")
    for number, step in enumerate(steps, start=1):
        style = {"done": "green", "next": "bold yellow", "open": "", "later": "dim"}[step.state]
        line = (
            f" {MARKS[step.state]} {number}  {say(f'words.step_{step.step}'):<14} {step.evidence}"
        )
        out.print(line, style=style, markup=False)
    out.print()
    tell(out, say("here.next_train" if steps[2].state == "next" else "here.next_compare"))
