"""Which validation rows of a run are in its training set too: by what stands in them."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from apprenti.data.split.written import FILE, PART_NAMES, names_of
from apprenti.errors import ApprentiError
from apprenti.evaluate.run_data import open_data
from apprenti.runs import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np

    from apprenti.data.source import Source

    Array = np.ndarray[Any, Any]

TRAIN = PART_NAMES[0]


def copies(run: Run, names: "Sequence[str]") -> "Array | None":
    """Say of each of these rows whether a training row has the same inputs.

    None where the data, or how they were split, are no longer there. No test row is looked at.
    """
    import numpy as np

    if not (run.folder / FILE).is_file():
        return None
    try:
        found = _contents(open_data(run))
    except ApprentiError:
        return None
    learned = names_of(run.folder / FILE, TRAIN)
    if found is None or not all(name in found for some in (learned, names) for name in some):
        return None
    known = {found[name] for name in learned}
    return np.array([found[name] in known for name in names], dtype=bool)


def _contents(source: "Source") -> "Mapping[str, Hashable] | None":
    """Return a hash of the inputs of each row, by its name; None of a table that is a sample."""
    from apprenti.data.findings.evidence import hashes
    from apprenti.data.kinds.rows import read_inputs, read_labels

    table = source.table
    if table and not table.columns.image:
        if table.share < 1:
            return None
        rows = hashes(table.frame, list(table.columns.inputs))
        return _by_name(table.frame.index.tolist(), rows.tolist())
    if table:
        names = table.frame[str(table.columns.image)][table.frame[table.columns.target].notna()]
        return _by_name(names.tolist(), source.contents)
    files, _ = read_labels(source)
    if files is not None:
        return _by_name(files.tolist(), source.contents[: len(files)])
    inputs = read_inputs(source)
    # Python's own hash has 64 bits too, and takes half the time of a checksum
    return _by_name(range(len(inputs)), [hash(row.tobytes()) for row in inputs])


def _by_name(names: "Iterable[object]", rows: "Sequence[Hashable]") -> "dict[str, Hashable]":
    return dict(zip(map(str, names), rows, strict=True))
