"""Projects with planted troubles, trained for real and diagnosed, and what was found counted.

python tests/diagnose/planted/planted.py                    20 projects a kind, 60 healthy ones
python tests/diagnose/planted/planted.py --write-docs       the same, and the table in the docs
python tests/diagnose/planted/planted.py --tuned            those by which thresholds were set
python tests/diagnose/planted/planted.py --kinds divergence --count 3   each project is told
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

import tomlkit
import troubles
from troubles import HEALTHY, KINDS

import fork_server
from apprenti import diagnose, project, runs
from apprenti.data.source import open_source
from apprenti.data.split.written import share_out
from apprenti.train import one_run, plan

COUNT, HEALTHY_COUNT = 20, 60
DOCS = Path(__file__).parents[3] / "docs"
PAGES = {"en": DOCS / "diagnosis.md", "fr": DOCS / "fr" / "diagnostic.md"}
TABLE = re.compile(r"(<!-- planted\.py -->\n).*?(<!-- end -->)", re.DOTALL)


class Outcome(NamedTuple):
    """What a diagnosis found in one project."""

    kind: str
    number: int
    framework: str
    model: str
    problems: frozenset
    hints: frozenset

    @property
    def found(self):
        return self.problems | self.hints

    @property
    def is_missed(self):
        """Whether what was planted was not found."""
        return self.kind != HEALTHY and KINDS[self.kind].code not in self.found

    @property
    def odd(self):
        """The problems that neither were planted nor may come with what was."""
        known = KINDS[self.kind]
        return self.problems - {known.code, *known.beside}


def campaign(count=COUNT, healthy=HEALTHY_COUNT, kinds=KINDS, first=troubles.HELD_OUT):
    """Yield what was found in each project."""
    for kind in kinds:
        for number in range(first, first + (healthy if kind == HEALTHY else count)):
            with tempfile.TemporaryDirectory() as folder:
                yield outcome(kind, number, Path(folder, "project"))


def outcome(kind, number, folder):
    """Make a project, train it and its baselines, and return what is found in its run."""
    made, framework = troubles.make(kind, number)
    folder.mkdir()
    settings = troubles.write(made, folder) | {"train.framework": framework}
    settings |= {project.full_name(name): value for name, value in made.settings.items()}
    content = {}
    for name, value in settings.items():
        project.put(content, name, value)
    (folder / project.FILE).write_text(tomlkit.dumps(content), encoding="utf-8")
    here = project.load(folder)
    for model in made.baselines:
        train(project.changed(here, {"model.kind": model, "train.framework": "sklearn"}))
    run = train(here)
    found = diagnose.diagnose(run).found
    hints = frozenset(one.code for one in found if one.severity == "note")
    problems = frozenset(one.code for one in found) - hints
    return Outcome(kind, number, framework, run.model, problems, hints)


def train(here):
    """Make a run as `apprenti train` does, but for its pictures and the scripts beside it."""
    source = open_source(here.choices.data, here.folder)
    choices, material = plan.resolve(here.choices, source)
    script = plan.write(choices, source, material, "train")
    shares, files = share_out(source, choices.data), {runs.SCRIPT: script.text}
    planned = plan.Plan(choices, source, script, material, shares, files)
    begun = one_run.begin(planned, one_run.create(planned, here.runs_folder))
    begun.lock.release()
    done = fork_server.run([sys.executable, runs.SCRIPT], cwd=begun.run.folder)
    assert begun.run.said, done.stderr
    begun.record.ended(begun.run.said)
    return begun.run


# ---- What was found, told


def counts(outcomes):
    """Return how many projects of each kind were made, and in how many each code was found."""
    made, found = Counter(), {}
    for one in outcomes:
        rows = {one.kind: one.found}
        if one.kind == HEALTHY:
            rows = {"healthy: problems": one.problems, "healthy: hints": one.hints}
        for row, codes in rows.items():
            made[row] += 1
            found.setdefault(row, Counter()).update(codes)
    return made, found


def table(made, found, lang="en"):
    """Return the matrix in Markdown: a line a kind, a column a code, what was planted in bold."""
    codes = sorted({code for row in found.values() for code in row})
    heads = {"en": ("planted", "projects"), "fr": ("planté", "projets")}[lang]
    lines = [f"| {' | '.join([*heads, *codes])} |", "|---" * 2 + "|--:" * len(codes) + "|"]
    for row, times in found.items():
        code = KINDS[row].code if row in KINDS else ""
        cells = [f"**{times[one]}**" if one == code else f"{times[one] or ''}" for one in codes]
        name = row if lang == "en" else troubles.FRENCH[row]
        lines.append(f"| {' | '.join([name, str(made[row]), *cells])} |")
    return "\n".join(lines) + "\n"


def write_docs(made, found):
    """Put the matrix where the pages have it."""
    for lang, page in PAGES.items():
        text, matrix = page.read_text(encoding="utf-8"), table(made, found, lang)
        before, after = TABLE.search(text).groups()
        new = TABLE.sub(f"{before}\n{matrix}\n{after}", text)
        page.write_text(new, encoding="utf-8")


def tell(one):
    """Print one project of which something is missed or odd."""
    what = "MISSED" if one.is_missed else "odd" if one.odd else ""
    found = " ".join([*sorted(one.problems), *(f"({hint})" for hint in sorted(one.hints))])
    print(f"{one.kind} {one.number}: {one.framework} {one.model}: {found} {what}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--healthy", type=int, default=HEALTHY_COUNT)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--write-docs", action="store_true")
    given = parser.parse_args()
    first = troubles.TUNED if given.tuned else troubles.HELD_OUT
    outcomes = []
    for one in campaign(given.count, given.healthy, given.kinds, first):
        tell(one)
        outcomes.append(one)
    made, found = counts(outcomes)
    print(table(made, found))
    print(f"missed: {sum(one.is_missed for one in outcomes)}")
    if given.write_docs:
        write_docs(made, found)


if __name__ == "__main__":
    try:
        main()
    finally:
        fork_server.close_all()
