"""The guide's first model, from nothing: which data, which network, which project."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from apprenti import project as projects
from apprenti.data.fetch import known
from apprenti.errors import ApprentiError
from apprenti.new.template import write_project

MNIST, DIGITS = "mnist", "digits"
FOLDER = "first-model"


class Found(NamedTuple):
    """The data that were chosen, and why: asked, project, on_disk, downloaded or built_in."""

    source: str
    reason: str


def home(folder: Path) -> Path:
    """Return the folder of the first model: `folder`, or the one of this name that we are in.

    Raises ApprentiError within another project: of two, one inside the other, commands given in
    between would find now this one and now that one.
    """
    if (folder / projects.FILE).exists():
        return folder
    made = Path(os.path.abspath(folder))
    outer = projects.around(made.parent)
    if not (outer / projects.FILE).exists():
        return folder
    if outer.name == made.name:
        return Path(os.path.relpath(outer))
    beside = os.path.relpath(outer.parent / made.name)
    raise ApprentiError("within_project", project=outer, beside=beside)


def choose_data(wanted: str | None, folder: Path, tell: Callable[[float], None]) -> Found:
    """Return the data to begin with: those asked for, else MNIST where it can be had, or digits.

    A project that is there already keeps its own.
    """
    if not wanted and (folder / projects.FILE).exists():
        return Found(projects.load(folder).choices.data.source, "project")
    if wanted:
        if wanted in known.KNOWN and known.on_disk(wanted, folder) is None:
            known.download(wanted, tell)
        return Found(wanted, "asked")
    if known.on_disk(MNIST, folder):
        return Found(MNIST, "on_disk")
    try:
        known.download(MNIST, tell)
    except ApprentiError:
        return Found(DIGITS, "built_in")
    return Found(MNIST, "downloaded")


def prepare(folder: Path, source: str) -> projects.Project:
    """Return the project in `folder`, making it if it is not there yet.

    The network is the guide's: one hidden layer of 128 neurons, Adam at 0.001, batches of 32 rows;
    5 epochs on MNIST, more where the rows are few. Those are the defaults of every project.
    """
    path = folder / projects.FILE
    if path.exists():
        existing = projects.load(folder)
        if existing.choices.data.source != source:
            there = existing.choices.data.source
            raise ApprentiError("other_data", folder=folder, source=source, there=there)
        return existing
    return write_project(folder, source)


def reload(folder: Path, overrides: dict[str, object]) -> projects.Project:
    """Read the project again with the settings given on the command line."""
    return projects.load(folder, overrides)
