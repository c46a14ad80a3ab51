"""Arrays in a .npz file, NumPy's own: inputs and labels under names that many use."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.checksum import digest
from apprenti.data.kinds import checks, memory
from apprenti.data.kinds.facts import Source
from apprenti.errors import ApprentiError
from apprenti.outside import check_ordinary, reading

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


def open_file(path: Path) -> Source:
    """Check the arrays of a .npz file; nothing in it is ever run."""
    there = names_in(path)
    names = _array_names(path, there)
    inputs, labels = (read(path, name) for name in names)
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
            **({"test_arrays": OF_TEST} if set(OF_TEST) <= set(there) else {}),
        },
        hashes={path.name: digest(path)},
    )


def names_in(path: Path) -> list[str]:
    """Return the names of the arrays in a .npz file."""
    with _opened(path) as arrays:
        return list(arrays.files)


def read(path: Path, name: str) -> "Array":
    """Return one array of a .npz file, if the memory can hold it."""
    import numpy as np

    with _opened(path) as arrays:
        memory.check_unpacked(path, sum(each.file_size for each in arrays.zip.infolist()))
        found = arrays[name]
        # What is no array in it is returned as bytes
        if not isinstance(found, np.ndarray):
            raise ApprentiError("damaged_npz", path=path, reason=name)
        return found


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import numpy as np

    check_ordinary(path)
    with (
        reading(path, "damaged_npz"),
        open(path, "rb") as file,
        np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays,
    ):
        yield arrays


def inputs(source: Source) -> "Array":
    return read(source.path, source.settings["inputs_array"])


def labels(source: Source) -> "Array":
    return read(source.path, source.settings["labels_array"])


def _array_names(path: Path, found: list[str]) -> tuple[str, str]:
    for names in ARRAY_NAMES:
        if set(names) <= set(found):
            return names
    pairs = ", ".join(" + ".join(names) for names in ARRAY_NAMES)
    raise ApprentiError("no_arrays", path=path, found=", ".join(sorted(found)) or "-", pairs=pairs)
