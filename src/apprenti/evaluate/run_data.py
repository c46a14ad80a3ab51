"""The data that a run learned from, as its project has it now: opened once while much is asked."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from apprenti.errors import ApprentiError
from apprenti.once import Once
from apprenti.runs import Run

if TYPE_CHECKING:
    from apprenti.data.source import Source
    from apprenti.project import DataSettings

_OPEN: "Once[Source]" = Once("open_data")


@contextlib.contextmanager
def opened_once() -> Iterator[None]:
    """Keep data open that is asked for several times meanwhile, by this run or by others."""
    from apprenti.data.kinds.idx import UNPACKED

    with _OPEN.kept(), UNPACKED.kept():
        yield


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

    data, folder = data_settings(run), run.folder.parent.parent
    learned_from = run.environment.get("hashes", {}).get("data", {})

    def opened() -> "Source":
        return open_source(data, folder, accept=True, keep=False, seen=learned_from)

    source = _OPEN.get((folder, data.model_dump_json()), opened)
    for name, known in learned_from.items():
        if source.hashes.get(name) != known:
            raise ApprentiError("rows_changed", source=data.source)
    return source
