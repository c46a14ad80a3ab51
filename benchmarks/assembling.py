"""How long it takes to make a script: `assemble` for every recipe, and the whole of `plan`.

The claim: a script is assembled in at most 20 ms, the median of 50 in one process, for every model
in every framework and every kind of source. `plan`, which also checks the data and translates the
comments (into French here, the longer way), is shown beside it; on MNIST it reads and verifies all
60,000 images.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import ours
import side_by_side
from side_by_side import Claim, Contestant, Measured

from apprenti import language
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import RECIPES, blocks
from apprenti.new.template import write_project
from apprenti.project import load
from apprenti.script.assemble import assemble
from apprenti.train.flat_settings import flat_settings
from apprenti.train.plan import plan

LIMIT = 20


def main() -> None:
    arguments = side_by_side.options(__doc__ or "", 50).parse_args()
    language.choose("fr")
    with TemporaryDirectory() as folder:
        contestants = [
            contestant
            for source, project in projects(Path(folder)).items()
            for contestant in of_project(source, project)
        ]
        for contestant in contestants:
            contestant.measure()
        results = side_by_side.alternate(contestants, arguments.rounds, aloud=False)
    rows = [side_by_side.seconds_row(name, taken, 0.001)[:3] for name, taken in results.items()]
    medians = {name: side_by_side.middle(taken) * 1000 for name, taken in results.items()}
    slowest = max(
        (name for name in medians if name.startswith("assemble")), key=medians.__getitem__
    )
    claims = [Claim(f"the slowest to make ({slowest}), ms", medians[slowest], LIMIT)]
    head = ("what", "ms: median", "min-max")
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


def projects(folder: Path) -> dict[str, Path]:
    """Make a project on each kind of source."""
    random = np.random.default_rng(0)
    np.savez(folder / "columns.npz", x=random.random((200, 13)), y=np.arange(200) % 3)
    write_project(folder / "digits", "digits")
    write_project(folder / "columns", str(folder / "columns.npz"))
    ours.make_project(folder / "mnist")
    return {name: folder / name for name in ("digits", "columns", "mnist")}


def of_project(source: str, folder: Path) -> list[Contestant]:
    """Return the making of every script on this source, and their plan where it differs most."""
    contestants = []
    for framework, model in RECIPES:
        project = load(folder, {"train.framework": framework, "model.kind": model})
        try:
            planned = plan(project)
        except ApprentiError:
            # A model that learns from other data: images, texts
            continue
        chosen = blocks(framework, model, planned.material)
        settings = flat_settings(planned.choices, planned.source)
        name = f"{framework} {model}, {source}"
        make = partial(assemble, chosen, settings, "A script.")
        contestants.append(Contestant(f"assemble {name}", partial(timed, make)))
        if model == "mlp":
            contestants.append(
                Contestant(f"plan     {name}", partial(timed, partial(plan, project)))
            )
    return contestants


def timed(make: Callable[[], object]) -> Measured:
    start = time.perf_counter()
    make()
    return {"seconds": time.perf_counter() - start}


if __name__ == "__main__":
    main()
