"""Train a project once a split seed, in one process, and print the scores as one JSON object.

    python all_seeds.py PROJECT SEEDS SCORE [SETTING=VALUE ...]

Each time the script is the one that `apprenti train` would write and run; only the framework, which
takes longer to start than a small table to learn, is imported once for all of them.
"""

import contextlib
import csv
import importlib.util
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from apprenti.project import load, parse_override
from apprenti.train.plan import plan


def score(project: Path, settings: dict[str, object], name: str) -> float:
    """Train in a folder of its own, inside the project, and return the last validation score."""
    planned = plan(load(project, settings))
    # Where a run is told to look for its data
    os.environ["APPRENTI_DATA"] = str(planned.source.folder or project)
    with TemporaryDirectory(dir=project) as folder, contextlib.chdir(folder):
        script = Path("train.py")
        script.write_text(planned.script.text, encoding="utf-8")
        run(script)
        with open("history.csv", newline="", encoding="utf-8") as file:
            *_, last = csv.DictReader(file)
    return float(last[f"valid_{name}"])


def run(script: Path) -> None:
    specification = importlib.util.spec_from_file_location("run", script)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    config = module.Config()
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        module.fit(config, module.load_data(config), Path(), lambda history: False)


def main(project: str, seeds: str, name: str, *assignments: str) -> None:
    settings = dict(map(parse_override, assignments))
    # The threads of a run are set once, before the framework computes anything
    os.environ |= {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    scores = []
    for seed in range(int(seeds)):
        scores.append(score(Path(project).resolve(), settings | {"data.split.seed": seed}, name))
        print(f"split seed {seed}: {scores[-1]:.4f}", file=sys.stderr, flush=True)
    print(json.dumps({"scores": scores}))


if __name__ == "__main__":
    main(*sys.argv[1:])
