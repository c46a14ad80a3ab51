"""The data that a run learned from, as its project has it now: opened once while much is asked."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING

from apprenti.errors import ApprentiError
from apprenti.runs import Run

if TYPE_CHECKING:
    from pathlib import Path

    from apprenti.data.source import Source
    from apprenti.project import DataSettings

_OPEN: ContextVar["dict[tuple[Path, str], Source] | None"] = ContextVar("open_data", default=None)


@contextlib.contextmanager
def opened_once() -> Iterator[None]:
    """Keep data open that is asked for several times meanwhile, by this run or by others."""
    from apprenti.data.kinds.idx import read_once

    token = _OPEN.set({}) if _OPEN.get() is None else None
    try:
        with read_once():
            yield
    finally:
        if token is not None:
            _OPEN.reset(token)


def data_settings(run: Run) -> "DataSettings":
    """Return the settings by which a run read its data, but for how rows were shared out."""
    from apprenti import project as projects

    chosen = {name: value for name, value in run.choices.get("data", {}).items() if name != "split"}
    return projects.check({"data": chosen}).data


def open_data(run: Run) -> "Source":
    """Open the data of a run; nothing is written into its project.

    Raises ApprentiError where it is gone, or is no longer what the run learned from.
    """
    from apprenti.data.source import open_source

    data, folder, there = data_settings(run), run.folder.parent.parent, _OPEN.get()
    key = folder, data.model_dump_json()
    learned_from = run.environment.get("hashes", {}).get("data", {})
    source = there.get(key) if there is not None else None
    if source is None:
        source = open_source(data, folder, accept=True, keep=False, seen=learned_from)
    if there is not None:
        there[key] = source
    for name, known in learned_from.items():
        if source.hashes.get(name) != known:
            raise ApprentiError("rows_changed", source=data.source)
    return source
