"""Arrays in a .npz file, NumPy's own: inputs and labels under names that many use."""

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.checksum import digest
from apprenti.data.kinds import checks
from apprenti.data.kinds.facts import Source
from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ARRAY_NAMES = (
    ("x_train", "y_train"),
    ("x", "y"),
    ("X", "y"),
    ("inputs", "targets"),
    ("images", "labels"),
    ("data", "target"),
)
"""The pairs of arrays looked for in a .npz file: inputs and labels."""

OF_TEST = ("x_test", "y_test")
"""The arrays of the test set, where the data come with one."""

DAMAGED = (ValueError, OSError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)
"""What reading a .npz file raises when it is cut short, changed, encrypted or full of objects."""


def open_file(path: Path) -> Source:
    """Check the arrays of a .npz file; nothing in it is ever run."""
    import numpy as np

    try:
        with open(path, "rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays:
            names = _array_names(path, list(arrays.files))
            inputs, labels = arrays[names[0]], arrays[names[1]]
            there = set(arrays.files)
    except DAMAGED as error:
        raise ApprentiError("damaged_npz", path=path, reason=error) from None
    checks.check_inputs(inputs, path, names[0])
    checks.check_one_each(inputs, labels, path, path)
    checks.check_finite(inputs, path, names[0])
    return Source(
        kind="arrays",
        name=path.name,
        folder=path.parent,
        rows=len(labels),
        shape=inputs.shape[1:],
        classes=checks.count_classes(labels, path),
        has_test_part=names == ARRAY_NAMES[0],
        settings={
            "inputs_array": names[0],
            "labels_array": names[1],
            **({"test_arrays": OF_TEST} if set(OF_TEST) <= there else {}),
        },
        hashes={path.name: digest(path)},
    )


def inputs(source: Source) -> "Array":
    return _array(source, "inputs_array")


def labels(source: Source) -> "Array":
    return _array(source, "labels_array")


def _array(source: Source, setting: str) -> "Array":
    import numpy as np

    with np.load(source.path, allow_pickle=False) as arrays:
        return np.asarray(arrays[source.settings[setting]])


def _array_names(path: Path, found: list[str]) -> tuple[str, str]:
    for names in ARRAY_NAMES:
        if set(names) <= set(found):
            return names
    pairs = ", ".join(" + ".join(names) for names in ARRAY_NAMES)
    raise ApprentiError("no_arrays", path=path, found=", ".join(sorted(found)) or "-", pairs=pairs)
