"""A folder of IDX files, the format of MNIST: a pair of images and labels."""

import contextlib
import gzip
import re
import struct
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

UNSIGNED_BYTES = 8
"""The code for unsigned bytes in the third byte of an IDX file (as documented with MNIST)."""

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
    settings = {"files": (images_path.name, labels_path.name)}
    with contextlib.suppress(ApprentiError):
        test_images, test_labels = _pair(folder, of_test)
        settings["test_files"] = (test_images.name, test_labels.name)
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


def inputs(source: Source) -> "Array":
    return read_idx(source.path / source.settings["files"][0])


def labels(source: Source) -> "Array":
    return read_idx(source.path / source.settings["files"][1])


def _pair(folder: Path, names: list[Path]) -> tuple[Path, Path]:
    images = [path for path in names if re.search(rf"{IMAGES}(\.gz)?$", path.name)]
    labels = [path for path in names if re.search(rf"{LABELS}(\.gz)?$", path.name)]
    if len(images) != 1 or len(labels) != 1:
        raise ApprentiError("no_idx_pair", path=folder, images=len(images), labels=len(labels))
    return images[0], labels[0]


def read_idx(path: Path) -> "Array":
    """Return the array in an IDX file of bytes, after checking that it is whole."""
    import numpy as np

    content = _unpacked(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTES or not content[3]:
        raise ApprentiError("not_idx", path=path, begins=content[:4].hex(" ") or "-")
    dimensions = content[3]
    header = 4 + 4 * dimensions
    shape = struct.unpack(f">{dimensions}I", content[4:header].ljust(4 * dimensions, b"\0"))
    expected = header + int(np.prod(shape, dtype=object))
    if len(content) != expected:
        raise ApprentiError("idx_size", path=path, expected=expected, found=len(content))
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            return file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ApprentiError("damaged_gzip", path=path, reason=error) from None
    except OSError as error:
        raise ApprentiError("unreadable_file", path=path, reason=error) from None
