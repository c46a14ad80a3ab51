"""Which of the rows to predict the model knows already: those of its training, by their content.

What a row says decides, not where it stands: the inputs that the model sees, and the truth where
it is given.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.checksum import digest
from apprenti.data.formats import ARRAYS, is_image
from apprenti.data.kinds import arrays, as_written, files, idx, memory, rows
from apprenti.data.kinds.dialect import Dialect
from apprenti.data.source import locate, open_source
from apprenti.data.split.written import FILE, PART_NAMES
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import BUILT_IN
from apprenti.outside import reading
from apprenti.predict import truths
from apprenti.predict.given import Given
from apprenti.predict.notes import Seen
from apprenti.predict.opened import Opened
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TRAIN, VALID, TEST, _ = PART_NAMES

Named = Iterable[tuple[Any, Hashable]]
"""What each row of the run's data is called, and its content."""


class Known(NamedTuple):
    """The part of the run in which each row was, None for a new one."""

    parts: list[str | None] | None = None
    """None where it cannot be told."""
    reason: str = ""
    """Why not: gone, changed, large, or other (rows of another kind than those of the training)."""

    def counts(self) -> dict[str, int]:
        return {name: (self.parts or []).count(name) for name in (TRAIN, VALID, TEST)}

    def as_json(self) -> dict[str, Any]:
        if self.parts is None:
            return {"compared": False, "reason": self.reason}
        return {"compared": True, **self.counts()}


class Asked(NamedTuple):
    """Some rows to predict."""

    given: Given
    seen: Seen
    names: Sequence[str]
    """What the script calls them."""
    truth: list[Any] | None


def find(opened: Opened, asked: Sequence[Asked]) -> Known:
    """Compare rows with the data of the run, where these are still as they were."""
    path = data_of(opened)
    if path is None or not (opened.run.folder / FILE).is_file():
        return Known(None, "gone")
    try:
        with reading(path, "data_unusable"):
            return _compared(opened, path, asked)
    except ApprentiError:
        # Data that can no longer be read are gone
        return Known(None, "gone")


def _compared(opened: Opened, path: Path, asked: Sequence[Asked]) -> Known:
    if path.is_file() and path.stat().st_size > memory.limit():
        return Known(None, "large")
    if not opened.material.of_files and has_changed(opened, path):
        return Known(None, "changed")
    parts = _parts(opened)
    if opened.is_table:
        new, known = _of_tables(opened, path, asked)
    elif opened.material.of_files:
        new, known = _of_images(opened, path, asked, parts)
    elif all(_is_of_arrays(one.given.path) for one in asked):
        new, known = _of_arrays(opened, asked)
    else:
        return Known(None, "other")
    return Known(_match(new, known, parts))


def data_of(opened: Opened) -> Path | None:
    """Return where the data of a run are; None where they are no longer there."""
    if opened.material.reading in BUILT_IN:
        return Path()
    folder = opened.run.folder.parent.parent
    try:
        return locate(str(opened.run.choices.get("data", {}).get("source", "")), folder)
    except (ApprentiError, OSError, ValueError):
        return None


def has_changed(opened: Opened, path: Path) -> bool:
    known = opened.run.environment.get("hashes", {}).get("data", {})
    folder = path if path.is_dir() else path.parent
    return any(digest(folder / name) != content for name, content in known.items())


def _parts(opened: Opened) -> dict[Any, str]:
    """Return the part of each row of the data, by what it is called."""
    import pandas as pd

    table = pd.read_parquet(opened.run.folder / FILE)
    return dict(zip(table["row"].tolist(), table["part"].astype(str).tolist(), strict=True))


def _match(new: Iterable[Hashable], known: Named, parts: Mapping[Any, str]) -> list[str | None]:
    """Return the part in which each new row was.

    Of rows that say the same, each of the data stands for one new row; those beyond stand for the
    first again.
    """
    found: dict[Hashable, list[str]] = defaultdict(list)
    for name, key in known:
        if (part := parts.get(name)) in (TRAIN, VALID, TEST):
            found[key].append(str(part))
    for there in found.values():
        there.sort(key=PART_NAMES.index, reverse=True)
    first = {key: there[-1] for key, there in found.items()}
    return [found[key].pop() if found.get(key) else first.get(key) for key in new]


# Tables


def _of_tables(opened: Opened, path: Path, asked: Sequence[Asked]) -> tuple[list[Hashable], Named]:
    frames = [one.seen.frame for one in asked if one.seen.frame is not None]
    columns = [name for name in frames[0] if all(name in frame for frame in frames)]
    is_told = all(one.truth and None not in one.truth for one in asked)
    new: list[Hashable] = []
    for frame, one in zip(frames, asked, strict=True):
        new += _contents(opened, frame[columns], one.truth if is_told else None)
    raw = training_table(opened, path)
    decimal = str(opened.training.get("decimal", "."))
    told = truths.of_column(opened, raw[str(opened.target)], decimal) if is_told else None
    is_text = opened.material.reading == "csv_table"
    read = as_written.with_gaps(raw, opened.settings, is_text)[columns]
    return new, zip(raw.index.tolist(), _contents(opened, read, told), strict=True)


def training_table(opened: Opened, path: Path) -> "pd.DataFrame":
    kind, settings = opened.material.reading, opened.training
    if kind != "csv_table":
        return files.read(path, kind, settings)
    how = {name: settings[name] for name in Dialect._fields if name in settings}
    return as_written.read(path, how, settings.get("missing", ()))


def _contents(opened: Opened, frame: "pd.DataFrame", told: Sequence[Any] | None) -> list[Hashable]:
    """Return one number for what each row says."""
    import pandas as pd

    inputs = as_written.converted(frame, opened.settings)
    columns = {str(name): _alike(inputs[name]) for name in sorted(map(str, inputs.columns))}
    if told is not None:
        columns[""] = pd.Series([str(one) for one in told], dtype=object)
    table = pd.DataFrame({n: column.to_numpy() for n, column in columns.items()})
    found: list[Hashable] = pd.util.hash_pandas_object(table, index=False).tolist()
    return found


def _alike(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column in one of two types, whatever the file that it comes from."""
    if column.dtype.kind in "iuf":
        return column.astype(float)
    return column.astype(object).where(column.notna(), "").astype(str).astype(object)


# Images in files


def _of_images(
    opened: Opened, path: Path, asked: Sequence[Asked], parts: Mapping[Any, str]
) -> tuple[list[Hashable], Named]:
    places = [place for one in asked for place in _images_of(one)]
    sizes = {place.stat().st_size for place in places}
    folder = path if path.is_dir() else path.parent
    known = [(name, folder / str(name)) for name in parts]
    alike = [(name, place) for name, place in known if _size(place) in sizes]
    return [digest(place) for place in places], ((name, digest(place)) for name, place in alike)


def _images_of(asked: Asked) -> Iterator[Path]:
    path = asked.given.path
    if is_image(path.name) and path.is_file():
        return iter([path])
    # The names of a folder begin with its own
    return (Path(os.path.join(path.parent, name)) for name in asked.names)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


# Arrays


def _is_of_arrays(path: Path) -> bool:
    return path.suffix == ARRAYS or (path.is_file() and not is_image(path.name))


def _of_arrays(opened: Opened, asked: Sequence[Asked]) -> tuple[list[Hashable], Named]:
    data = DataSettings.model_validate(opened.run.choices["data"])
    source = open_source(data, opened.run.folder.parent.parent, keep=False)
    new: list[Hashable] = [content for one in asked for content in _bytes(_array(one))]
    return new, enumerate(_bytes(rows.read_inputs(source)))


def _array(asked: Asked) -> "np.ndarray[Any, Any]":
    path = asked.given.path
    if path.suffix != ARRAYS:
        return idx.read_idx(path)
    return arrays.read(path, str(asked.seen.settings["inputs_array"]))


def _bytes(array: "np.ndarray[Any, Any]") -> Iterator[bytes]:
    """Yield a checksum of each row, whatever the type of its numbers."""
    import numpy as np

    for row in array:
        yield hashlib.sha256(np.ascontiguousarray(row, np.float32).tobytes()).digest()
