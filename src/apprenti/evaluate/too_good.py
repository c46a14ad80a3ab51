"""R01: a score on the validation set that is too good to be true.

A model of a table that is nearly never wrong has, as a rule, been given the answer: by a column
that is known only after it, or by copies of the validation rows. Where a class is rare any model
makes few errors, so that they are held against those of always giving the most frequent class.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from apprenti.findings import Finding, mute
from apprenti.listing import best
from apprenti.measures import ACCURACY, R2, VALID, Measure, main_score, of_task
from apprenti.project import Project
from apprenti.runs import FINISHED, Run, read_predictions, sound
from apprenti.standing import known, serious

CODE, SEVERITY = "R01", "warning"

MOST_WRONG = 0.005
"""Share of the validation rows; the honest tables that come with scikit-learn have more errors, or
too few rows to tell."""

OF_TRIVIAL = 0.02
"""So small a share of the errors of the most frequent class is suspicious, and no larger one."""

FEWEST_ROWS, FEWEST_OF_LEAK = 100, 20
"""With fewer rows a good model can be perfect by chance; less so where a leak is known."""

NEARLY_ONE = 0.999
"""R² from here on is that of a target which is computed from the columns."""

LEAKS, COPIES = ("D020", "D021"), "D017"


def too_good(made: Iterable[Run], found: Sequence[Finding] = ()) -> Finding | None:
    """Return what to say of the best of these runs, if its score is too good to be true.

    Where something that was `found` in the data explains the score, that is said.
    """
    leaks = [one for one in found if one.is_found and one.code in LEAKS]
    copies = [one for one in found if one.is_found and one.code == COPIES and one.values["valid"]]
    perfect = [run for run in made if _is_of_table(run) and _is_nearly_perfect(run, bool(leaks))]
    if not perfect:
        return None
    run, measure, value = max(map(_score, perfect), key=lambda one: one[1].goodness(one[2]))
    values: dict[str, object] = {"run": run.name, "measure": measure.name, "score": value}
    if leaks:
        values |= {"columns": list(_columns(leaks)), "because": leaks[0].code}
    elif copies:
        values |= {"again": copies[0].values["valid"], "because": COPIES}
    return Finding(CODE, SEVERITY, "", values, "leak" if leaks else "copies" if copies else "")


def _score(run: Run) -> tuple[Run, Measure, float]:
    row = run.kept
    measure = main_score(row) or of_task(None)
    return run, measure, row[f"{VALID}{measure.name}"]


def doubts(made: Iterable[Run], wrong: Sequence[Finding], project: Project) -> list[Finding]:
    """Return what makes the scores of some runs of a project doubtful.

    That is what was seriously `wrong` with the data that they learned from, and a score that is too
    good to be true, unless this is muted.
    """
    copies = [one for one in known(project) or () if one.code == COPIES]
    found = too_good(made, [*wrong, *copies])
    told = mute([found] if found else [], project.choices.data.muted)
    return [*wrong, *(one for one in told if one.is_found)]


def doubts_of_project(project: Project) -> list[Finding]:
    """Return what makes the scores of a project doubtful: of its runs, that of the best."""
    wrong = serious(project.folder)
    found = best([run for run in sound(project.runs_folder) if run.status == FINISHED])
    return doubts([found.run] if found else [], wrong, project)


def _columns(leaks: Iterable[Finding]) -> Iterable[str]:
    """Yield the columns that give the answer away, alone or together."""
    for one in leaks:
        yield from (name for name, _ in one.values.get("terms", [(one.subject, 1)]))


def _is_of_table(run: Run) -> bool:
    data = run.choices.get("data", {})
    return bool(data.get("target")) and not data.get("image")


def _is_nearly_perfect(run: Run, has_leak: bool) -> bool:
    kept = run.kept
    if f"{VALID}{R2}" in kept:
        return kept[f"{VALID}{R2}"] >= NEARLY_ONE
    rows = read_predictions(run.folder / "predictions.csv") if f"{VALID}{ACCURACY}" in kept else []
    if len(rows) < (FEWEST_OF_LEAK if has_leak else FEWEST_ROWS):
        return False
    wrong = sum(row["truth"] != row["predicted"] for row in rows)
    frequent = Counter(row["truth"] for row in rows).most_common(1)[0][1]
    return wrong <= min(MOST_WRONG * len(rows), OF_TRIVIAL * (len(rows) - frequent))
