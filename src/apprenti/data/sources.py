"""A source, by what its path is: which files, which arrays, how many rows, and is it sound?

Everything that could make a run fail because of its data is found out here, before a run exists.
Files from outside are read without ever running code.
"""

import gzip
import math
import os
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import addresses, image_tables, images, known, pieces, split, tables
from apprenti.data.checksum import digest
from apprenti.data.tables import Table
from apprenti.errors import ApprentiError, nearest
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

BUILT_IN = ("digits", *tables.BUILT_IN)
DIGITS_ROWS, DIGITS_CLASSES, DIGITS_SHAPE = 1797, 10, (8, 8)

ARRAY_NAMES = (
    ("x_train", "y_train"),
    ("x", "y"),
    ("X", "y"),
    ("inputs", "targets"),
    ("images", "labels"),
    ("data", "target"),
)
"""The pairs of arrays looked for in a .npz file: inputs and labels."""

DAMAGED = (ValueError, OSError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)
"""What reading a .npz file raises when it is cut short, changed, encrypted or full of objects."""

UNSIGNED_BYTES = 8
"""The code for unsigned bytes in the third byte of an IDX file (as documented with MNIST)."""


class Source(NamedTuple):
    """Checked data: what a script needs to know to load it, and what the user is told of it."""

    kind: str
    """Which blocks read it: digits, idx, arrays, image_folder, csv_table, parquet_table or
    built_in_table."""
    name: str
    """What the script looks for, a file or folder name; empty when nothing is to be found."""
    folder: Path | None
    """The folder that holds it."""
    rows: int
    shape: tuple[int, ...]
    """The shape of one row: (28, 28) for an image, (13,) for thirteen columns."""
    classes: int
    """How many classes there are to tell apart; 0 for a regression."""
    has_test_part: bool
    settings: dict[str, Any]
    """What the script must know to read it: names of files, arrays, columns."""
    hashes: dict[str, str]
    """sha256 of each file that was read."""
    task: str = "classification"
    split: str = "random"
    streamed: bool = False
    """Whether networks read it from the disk batch by batch, for it is too large for the memory."""
    table: Table | None = None
    """The table itself, where the source is one."""
    contents: tuple[str, ...] = ()
    """sha256 of the file of each row, where rows are files of images."""


def open_source(data: DataSettings, project: Path) -> Source:
    """Find and check what `data.source` names; relative paths start from the project.

    An address stands for the file that was downloaded from it: the network is not touched.

    Raises ApprentiError for anything a run could not be made from.
    """
    path = project / os.path.expanduser(data.source)
    try:
        source = _find(data, path, project)
    except OSError as error:
        # A folder that may not be looked into, a name too long for the disk
        raise ApprentiError("unreadable_file", path=path, reason=error.strerror) from None
    if data.streamed and not source.streamed:
        raise ApprentiError("not_streamed", source=data.source)
    return source


def _find(data: DataSettings, path: Path, project: Path) -> Source:
    if addresses.is_address(data.source):
        path = addresses.local(data.source, project)
    if data.source in tables.BUILT_IN and not path.exists():
        return _table(data, None)
    if path.is_file() and tables.is_table(path):
        return _table(data, path.resolve())
    _refuse_columns(data)
    return _open(data, path, project)


def _open(data: DataSettings, path: Path, project: Path) -> Source:
    source = data.source
    if source == "digits":
        return Source("digits", "", None, DIGITS_ROWS, DIGITS_SHAPE, DIGITS_CLASSES, False, {}, {})
    if source in known.KNOWN and not path.exists():
        found = known.on_disk(source, project)
        if found is None:
            megabytes = known.KNOWN[source].megabytes
            raise ApprentiError("set_missing", name=source, megabytes=megabytes)
        path = found
    if not path.exists():
        raise ApprentiError("source_missing", path=path, nearest=_neighbours(path))
    if source in known.KNOWN:
        known.verify(source, path)
    if path.is_dir() and images.is_image_folder(path):
        return _image_folder(path.resolve(), data)
    if path.is_dir():
        return _idx_folder(path.resolve())
    if path.suffix == ".npz":
        return _npz(path.resolve())
    raise ApprentiError("source_unknown", path=path)


def _neighbours(path: Path) -> str:
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return nearest(path.name, [*names, *BUILT_IN, *known.KNOWN])


def _refuse_columns(data: DataSettings) -> None:
    """Refuse settings that speak of columns where there are none with names."""
    spoken_of = (
        "target",
        "text",
        "image",
        "task",
        "ignore",
        "categorical",
        "sensitive",
        "group",
        "time",
    )
    given = [name for name in spoken_of if getattr(data, name)]
    if given:
        settings = ", ".join(given)
        raise ApprentiError("not_for_this_source", settings=settings, source=data.source)


def _table(data: DataSettings, path: Path | None) -> Source:
    """Return a table as a source; rows without an answer do not count."""
    table = tables.open_table(data, path)
    columns = len(table.columns.inputs)
    source = Source(
        kind=table.kind,
        name=path.name if path else data.source,
        folder=path.parent if path else None,
        rows=table.rows,
        shape=(columns,),
        classes=table.classes,
        has_test_part=False,
        settings={**table.settings, "split_by": data.group or data.time or table.columns.target},
        hashes={path.name: digest(path)} if path else {},
        task=table.task,
        split=split.kind(data),
        streamed=table.streamed,
        table=table,
    )
    return _images_of(source, table, path, data) if path and table.columns.image else source


def _images_of(source: Source, table: Table, path: Path, data: DataSettings) -> Source:
    """Return a table that names files of images as a source of images."""
    column = table.frame[str(table.columns.image)][table.frame[table.columns.target].notna()]
    names = image_tables.list_names(path, column)
    checked = images.check_files(path.parent, names)
    shape, settings = _one_size(checked, data)
    return source._replace(
        shape=shape,
        settings={**source.settings, **settings},
        streamed=_is_streamed(len(names), shape, data),
        hashes={**source.hashes, f"{path.name}: {table.columns.image}": checked.digest},
        contents=checked.contents,
    )


# Folders of images


def _image_folder(folder: Path, data: DataSettings) -> Source:
    found = images.open_folder(folder)
    shape, settings = _one_size(found.checked, data)
    return Source(
        kind="image_folder",
        name=folder.name,
        folder=folder.parent,
        rows=len(found.names),
        shape=shape,
        classes=len(found.classes),
        has_test_part=False,
        settings=settings,
        hashes={folder.name: found.checked.digest},
        streamed=_is_streamed(len(found.names), shape, data),
        contents=found.checked.contents,
    )


def _one_size(
    checked: images.Checked, data: DataSettings
) -> tuple[tuple[int, ...], dict[str, object]]:
    """Return the shape that all images are brought to, and the settings that say so."""
    size = data.image_size or checked.size
    shape = size if checked.grey else (*size, 3)
    return shape, {"image_size": size, "image_mode": "L" if checked.grey else "RGB"}


def _is_streamed(rows: int, shape: tuple[int, ...], data: DataSettings) -> bool:
    large = 4 * rows * math.prod(shape) > pieces.limit()
    return large if data.streamed is None else data.streamed


def check_memory(source: Source, model: str) -> None:
    """Refuse a model that needs all the rows at once where they would not fit into the memory."""
    if source.kind == "parquet_table" and len(source.shape) == 1:
        pieces.check_memory(source.rows, source.shape[0], model)
        return
    # Images that have become numbers may take a third of it
    needed, memory = 4 * source.rows * math.prod(source.shape), pieces.memory()
    if needed > memory / 3:
        sizes = {"needed": needed / 1e9, "memory": memory / 1e9}
        raise ApprentiError("images_memory", rows=source.rows, shape=source.shape, **sizes)


# IDX, the format of MNIST


def _idx_folder(folder: Path) -> Source:
    images_path, labels_path = _idx_pair(folder)
    images, labels = read_idx(images_path), read_idx(labels_path)
    _check_inputs(images, images_path, images_path.name)
    if labels.ndim != 1:
        raise ApprentiError("labels_shape", path=labels_path, shape=labels.shape)
    if len(images) != len(labels):
        raise ApprentiError("counts_differ", path=folder, inputs=len(images), labels=len(labels))
    return Source(
        kind="idx",
        name=folder.name,
        folder=folder.parent,
        rows=len(labels),
        shape=images.shape[1:],
        classes=_check_labels(labels, folder),
        has_test_part=any(re.match(r"(t10k|test)", entry.name) for entry in folder.iterdir()),
        settings={"files": (images_path.name, labels_path.name)},
        hashes={path.name: digest(path) for path in (images_path, labels_path)},
    )


def _idx_pair(folder: Path) -> tuple[Path, Path]:
    """Return the images and the labels to learn from; those of a test part are not opened."""
    names = sorted(entry for entry in folder.iterdir() if not re.match(r"(t10k|test)", entry.name))
    images = [path for path in names if re.search(r"images.*idx3-ubyte(\.gz)?$", path.name)]
    labels = [path for path in names if re.search(r"labels.*idx1-ubyte(\.gz)?$", path.name)]
    if len(images) != 1 or len(labels) != 1:
        raise ApprentiError("no_idx_pair", path=folder, images=len(images), labels=len(labels))
    return images[0], labels[0]


def read_idx(path: Path) -> "np.ndarray[Any, Any]":
    """Return the array in an IDX file of bytes, after checking that it is whole."""
    import numpy as np

    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            content = file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ApprentiError("damaged_gzip", path=path, reason=error) from None
    except OSError as error:
        raise ApprentiError("unreadable_file", path=path, reason=error) from None
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTES or not content[3]:
        raise ApprentiError("not_idx", path=path, begins=content[:4].hex(" ") or "-")
    dimensions = content[3]
    header = 4 + 4 * dimensions
    shape = struct.unpack(f">{dimensions}I", content[4:header].ljust(4 * dimensions, b"\0"))
    expected = header + int(np.prod(shape, dtype=object))
    if len(content) != expected:
        raise ApprentiError("idx_size", path=path, expected=expected, found=len(content))
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


# .npz, NumPy's own


def _npz(path: Path) -> Source:
    import numpy as np

    try:
        with open(path, "rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays:
            names = _array_names(path, list(arrays.files))
            inputs, labels = arrays[names[0]], arrays[names[1]]
            has_test_part = names == ("x_train", "y_train")
    except DAMAGED as error:
        raise ApprentiError("damaged_npz", path=path, reason=error) from None
    _check_inputs(inputs, path, names[0])
    if labels.ndim != 1:
        raise ApprentiError("labels_shape", path=path, shape=labels.shape)
    if len(inputs) != len(labels):
        raise ApprentiError("counts_differ", path=path, inputs=len(inputs), labels=len(labels))
    if inputs.dtype.kind == "f":
        _check_finite(inputs, path, names[0])
    return Source(
        kind="arrays",
        name=path.name,
        folder=path.parent,
        rows=len(labels),
        shape=inputs.shape[1:],
        classes=_check_labels(labels, path),
        has_test_part=has_test_part,
        settings={"inputs_array": names[0], "labels_array": names[1]},
        hashes={path.name: digest(path)},
    )


def _array_names(path: Path, found: list[str]) -> tuple[str, str]:
    for names in ARRAY_NAMES:
        if set(names) <= set(found):
            return names
    pairs = ", ".join(" + ".join(names) for names in ARRAY_NAMES)
    raise ApprentiError("no_arrays", path=path, found=", ".join(sorted(found)) or "-", pairs=pairs)


def _check_inputs(inputs: "np.ndarray[Any, Any]", path: Path, name: str) -> None:
    if inputs.ndim < 2 or 0 in inputs.shape[1:] or inputs.dtype.kind not in "buif":
        shape, kind = inputs.shape, inputs.dtype
        raise ApprentiError("inputs_shape", path=path, name=name, shape=shape, kind=kind)


def _check_finite(inputs: "np.ndarray[Any, Any]", path: Path, name: str) -> None:
    bad = not_finite(inputs)
    if len(bad):
        count, first = len(bad), int(bad[0])
        raise ApprentiError("not_finite", path=path, name=name, count=count, first=first)


def not_finite(inputs: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return the numbers of the rows that hold NaN, infinity or numbers beyond 32 bits."""
    import numpy as np

    # Scripts compute with 32 bits; NaN and infinity are not within these limits either
    within = np.abs(inputs) <= np.finfo(np.float32).max
    return np.flatnonzero(~within.all(axis=tuple(range(1, inputs.ndim))))


def _check_labels(labels: "np.ndarray[Any, Any]", path: Path) -> int:
    """Return the number of classes, which must be at least two and far fewer than the rows."""
    import numpy as np

    if labels.dtype.kind not in "buiU":
        raise ApprentiError("labels_kind", path=path, kind=labels.dtype)
    classes = np.unique(labels)
    if len(labels) == 0:
        raise ApprentiError("no_rows", path=path)
    if len(classes) < 2:
        raise ApprentiError("one_class", path=path, name=classes[0], rows=len(labels))
    if len(classes) > len(labels) // 2:
        raise ApprentiError("too_many_classes", path=path, classes=len(classes), rows=len(labels))
    return len(classes)
