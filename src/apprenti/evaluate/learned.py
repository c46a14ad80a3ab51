"""What a run has learned, to be looked at: images, the surest mistakes, the classes it confuses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import project as projects
from apprenti.data.describe.shown import has_images, images_of
from apprenti.data.source import Source, open_source
from apprenti.evaluate.mistakes import Confusion, Prediction, confusions, mistakes, predictions
from apprenti.measures import VALID, main_score
from apprenti.model.catalogue import NETWORKS
from apprenti.project import Project
from apprenti.runs import Run

if TYPE_CHECKING:
    import numpy as np

    Image = np.ndarray[Any, Any]

SHOWN = 10
"""So many predictions are shown, and so many mistakes."""


class Seen(NamedTuple):
    """An image, between 0 and 1, and what a run says of it."""

    said: Prediction
    image: "Image"


class Learned(NamedTuple):
    """What there is to look at after a run."""

    run: Run
    rows: int
    """Of the validation set."""
    wrong: int
    confusions: tuple[Confusion, ...]
    """The most frequent first."""
    examples: tuple[Seen, ...] = ()
    """Some rows, one of each class and then the next ones; none where the rows are no images."""
    mistakes: tuple[Seen, ...] = ()
    """The surest first."""


def look(run: Run, project: Project) -> Learned | None:
    """Look at what a run says of the validation set; None where it tells no classes."""
    made = predictions(run)
    if not made:
        return None
    wrong = mistakes(made)
    counted = sum(not one.is_right for one in made)
    found = Learned(run, len(made), counted, tuple(confusions(made)))
    source = _images(run, project)
    if source is None:
        return found
    chosen = [*_of_each_class(made), *wrong[:SHOWN]]
    images = images_of(source, [one.row for one in chosen])
    seen = [Seen(*pair) for pair in zip(chosen, images, strict=True)]
    examples = len(seen) - len(wrong[:SHOWN])
    return found._replace(examples=tuple(seen[:examples]), mistakes=tuple(seen[examples:]))


def best_network(runs: Iterable[Run]) -> Run | None:
    """Return the network that does best on the validation set; None where there is none."""
    reached = {}
    for run in runs:
        kept = run.kept if run.framework in NETWORKS else {}
        if score := main_score(kept):
            reached[run] = score.goodness(kept[f"{VALID}{score.name}"])
    return max(reached, key=lambda run: reached[run]) if reached else None


def _images(run: Run, project: Project) -> Source | None:
    """Return the data of a run where its rows are images, and are those that it learned from."""
    chosen = {name: value for name, value in run.choices["data"].items() if name != "split"}
    source = open_source(projects.check({"data": chosen}).data, project.folder)
    known = run.environment.get("hashes", {}).get("data", {})
    return source if has_images(source) and known == source.hashes else None


def _of_each_class(made: Sequence[Prediction]) -> list[Prediction]:
    """Return a few rows: the first of each class, then the second of each, and so on."""
    classes = defaultdict[str, list[Prediction]](list)
    for one in made:
        classes[one.truth].append(one)
    ordered = [classes[name] for name in sorted(classes, key=_by_number)]
    turns = chain.from_iterable(zip_longest(*(rows[:SHOWN] for rows in ordered)))
    return list(islice((one for one in turns if one), SHOWN))


def _by_number(name: str) -> tuple[float, str]:
    return (float(name) if name.isdecimal() else float("inf"), name)
