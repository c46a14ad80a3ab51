"""A folder of IDX files, the format of MNIST: a pair of images and labels."""

import contextlib
import gzip
import math
import re
import struct
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from apprenti.data.checksum import digest
from apprenti.data.kinds import checks, memory
from apprenti.data.kinds.facts import Source
from apprenti.errors import ApprentiError
from apprenti.once import Once
from apprenti.outside import check_ordinary, reading

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

UNSIGNED_BYTES = 8
"""The code for unsigned bytes in the third byte of an IDX file (as documented with MNIST)."""

MOST_DIMENSIONS = 8
"""More are no images: a damaged byte announces hundreds of them."""

IMAGES, LABELS = "images.*idx3-ubyte", "labels.*idx1-ubyte"
TEST_PART = re.compile(r"(t10k|test)")
"""How the names of files begin that are for the test alone."""


def open_folder(folder: Path) -> Source:
    """Check the pair of files to learn from; those of a test part are not opened."""
    names = sorted(folder.iterdir())
    images_path, labels_path = _pair(folder, [p for p in names if not TEST_PART.match(p.name)])
    images, labels = read_idx(images_path), read_idx(labels_path)
    checks.check_inputs(images, images_path, images_path.name)
    checks.check_one_each(images, labels, folder, labels_path)
    of_test = [path for path in names if TEST_PART.match(path.name)]
    settings: dict[str, Any] = {"files": (images_path.name, labels_path.name)}
    with contextlib.suppress(ApprentiError):
        test_images, test_labels = _pair(folder, of_test)
        settings["test_files"] = (test_images.name, test_labels.name)
    settings["idx_files"] = _form(images, [name for pair in settings.values() for name in pair])
    return Source(
        kind="idx",
        name=folder.name,
        folder=folder.parent,
        rows=len(labels),
        shape=images.shape[1:],
        classes=checks.count_classes(labels, folder),
        has_test_part=bool(of_test),
        settings=settings,
        hashes={path.name: digest(path) for path in (images_path, labels_path)},
    )


def _form(images: "Array", names: list[str]) -> str:
    """Say whether all files are packed, or none, where a script need not ask for their shape."""
    packed = {name.endswith(".gz") for name in names}
    if images.ndim != 3 or len(packed) > 1:
        return "mixed"
    return "packed" if packed == {True} else "plain"


def inputs(source: Source) -> "Array":
    return read_idx(source.path / source.settings["files"][0])


def labels(source: Source) -> "Array":
    return read_idx(source.path / source.settings["files"][1])


def _pair(folder: Path, names: list[Path]) -> tuple[Path, Path]:
    images = [path for path in names if re.search(rf"{IMAGES}(\.gz)?$", path.name)]
    labels = [path for path in names if re.search(rf"{LABELS}(\.gz)?$", path.name)]
    if not (images or labels):
        raise ApprentiError("folder_of_nothing", path=folder)
    if len(images) != 1 or len(labels) != 1:
        raise ApprentiError("no_idx_pair", path=folder, images=len(images), labels=len(labels))
    return images[0], labels[0]


UNPACKED: "Once[Array]" = Once("unpacked")
"""To unpack a file takes most of the time where it is asked for several times."""


def read_idx(path: Path) -> "Array":
    """Return the array in an IDX file of bytes, after checking that it is whole."""
    return UNPACKED.get(path, lambda: _read(path))


def _read(path: Path) -> "Array":
    import numpy as np

    check_ordinary(path)
    is_packed = path.suffix == ".gz"
    damaged = "damaged_gzip" if is_packed else "unreadable_file"
    with reading(path, damaged), _unpacked(path) as file:
        shape = _shape(path, file)
        expected = math.prod(shape)
        memory.check_unpacked(path, expected)
        # One byte more, to see whether there is one
        content = file.read(expected + 1)
        if len(content) != expected:
            header = 4 + 4 * len(shape)
            values = {"expected": header + expected, "found": header + len(content)}
            raise ApprentiError("idx_size", path=path, **values)
        return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, file: IO[bytes]) -> tuple[int, ...]:
    """Return the sizes that the first bytes of an IDX file announce."""
    begins = file.read(4)
    known = len(begins) == 4 and begins[:3] == bytes((0, 0, UNSIGNED_BYTES))
    if not known or not 0 < begins[3] <= MOST_DIMENSIONS:
        raise ApprentiError("not_idx", path=path, begins=begins.hex(" ") or "-")
    sizes, length = file.read(4 * begins[3]), 4 * begins[3]
    if len(sizes) < length:
        raise ApprentiError("idx_size", path=path, expected=4 + length, found=4 + len(sizes))
    return struct.unpack(f">{begins[3]}I", sizes)


def _unpacked(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else open(path, "rb"))
