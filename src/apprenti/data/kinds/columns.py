"""What each column of a table is for: what the settings say, and what its values show."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from apprenti import command_line
from apprenti.data.formats import is_any_image
from apprenti.data.kinds import images
from apprenti.data.kinds.numerals import Style, style_of
from apprenti.data.kinds.values import LOOKED_AT, are_texts, as_read, look_at, unread
from apprenti.data.kinds.written import CATEGORY, DATE, NUMBER, TEXT, TIME, Unread, Written
from apprenti.errors import ApprentiError, nearest
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

BUILT_IN_TARGET = "target"
"""What scikit-learn calls the answers of its tables."""


class Roles(NamedTuple):
    """What columns are for, as far as settings and a first look tell; the others are inputs."""

    target: str
    text: str | None
    """The column of texts, which then is the only input."""
    image: str | None
    """The column of the names of image files, which then is the only input."""
    group: str | None
    time: str | None
    ignored: tuple[str, ...]
    sensitive: tuple[str, ...]
    categorical: tuple[str, ...]

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The columns that no model sees, beside the target."""
        split = tuple(name for name in (self.group, self.time) if name)
        return (*self.ignored, *self.sensitive, *split)


class Columns(NamedTuple):
    """What each column is for; a column is in one of these only."""

    target: str
    numbers: tuple[str, ...]
    """Times of the day among them, as hours."""
    categories: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]
    """Names and formats."""
    left_out: tuple[str, ...]
    """Ignored, sensitive, the group or the time of the split: seen by no model."""
    mixed: tuple[str, ...]
    """Those of `numbers` in which words stand too; the words count as missing."""
    texts: tuple[str, ...] = ()
    """Of free text: their words are counted, and learned from beside all other columns."""
    text: str | None = None
    """The column of texts that is learned from alone; where there is one it is the only input."""
    image: str | None = None
    """The column of the names of image files; where there is one it is the only input."""
    written: Mapping[str, Written] = {}
    """How the inputs, the target and the column of the split are written."""
    unread: Mapping[str, Unread] = {}
    """What does not fit in them: it counts as missing."""

    @property
    def inputs(self) -> tuple[str, ...]:
        if self.text or self.image:
            return (self.text or self.image or "",)
        dates = (name for name, _ in self.dates)
        return (*self.numbers, *self.categories, *dates, *self.texts)


def split_kind(data: DataSettings) -> str:
    """Return how the rows are shared out: random, groups or time."""
    return "groups" if data.group else "time" if data.time else "random"


def split_column(data: DataSettings, target: str) -> str:
    """Return the column that the split looks at: groups, times, or else the answers."""
    return data.group or data.time or target


# What the settings say, and what a first look shows


def find_roles(
    frame: "pd.DataFrame",
    data: DataSettings,
    folder: Path | None,
    row_names: tuple[str, ...] = (),
) -> Roles:
    """Return what the columns of a table are for, by the settings and by what they look like.

    `folder` holds the table; None: scikit-learn brings it. `row_names` are columns that are none
    of the table. Raises ApprentiError for a column that is not there, or where no target is named.
    """
    target = data.target if folder else data.target or BUILT_IN_TARGET
    image = find_image_column(frame, data, folder) if folder else None
    ignored = (*data.ignore, *row_names)
    set_aside = [*ignored, *data.sensitive, data.group, data.time]
    for name in (*set_aside, *data.categorical, data.text, image, target):
        if name and name not in frame.columns:
            if name == target:
                _refuse_several(name, frame)
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("no_column", name=name, nearest=near)
    if not target:
        names = [*map(str, frame.columns)]
        raise ApprentiError("target_missing", columns=", ".join(names), proposed=_to_predict(frame))
    rest = [name for name in frame.columns if name != target and name not in set_aside]
    text = data.text or (None if image else _only_text(frame[rest], data.categorical))
    return Roles(
        target=target,
        text=text,
        image=None if text else image,
        group=data.group,
        time=data.time,
        ignored=ignored,
        sensitive=data.sensitive,
        categorical=data.categorical,
    )


def _to_predict(frame: "pd.DataFrame") -> str:
    """Return the last column that may be predicted; words that hardly come twice are no classes."""
    import pandas as pd

    for name in reversed(frame.columns):
        values = frame[name].nunique()
        numbers = pd.to_numeric(frame[name], errors="coerce").notna().sum()
        if values > 1 and max(numbers, len(frame) - values) >= len(frame) / 2:
            return str(name)
    return str(frame.columns[-1])


def _refuse_several(target: str, frame: "pd.DataFrame") -> None:
    """Refuse a target that is the names of several columns: one model predicts one."""
    names = [name.strip(" []\"'") for name in re.split("[,;]", target)]
    if len(names) > 1 and all(name in frame.columns for name in names):
        raise ApprentiError(
            "several_targets", names=", ".join(names), first=command_line.written(names[0])
        )


def find_image_column(frame: "pd.DataFrame", data: DataSettings, folder: Path) -> str | None:
    """Return the column that names files of images, if there is one.

    At least half of its cells end like images, and one of the files is there, or lies further
    below; where the column is the only input, its names alone decide.
    """
    if data.image or data.text:
        return data.image
    set_aside = (data.target, data.group, data.time, *data.ignore, *data.sensitive)
    inputs = [name for name in frame.columns if name not in set_aside]
    for name in inputs:
        cells = frame[name].dropna().iloc[:LOOKED_AT]
        # Those of kinds that are not read too: each is refused by its name
        names = [cell for cell in cells if isinstance(cell, str) and is_any_image(cell)]
        if not names or len(names) < len(cells) / 2:
            continue
        there = any(images.is_there(folder, one) for one in names)
        if there or images.below(folder, names[0]) or len(inputs) == 1:
            return str(name)
    return None


def _only_text(inputs: "pd.DataFrame", categorical: tuple[str, ...]) -> str | None:
    """Return the name of the only input if it holds texts."""
    if len(inputs.columns) != 1 or inputs.columns[0] in categorical:
        return None
    column = inputs.iloc[:, 0]
    return str(column.name) if are_texts(column) else None


# What the values show


def find_columns(
    frame: "pd.DataFrame", roles: Roles, kept: Mapping[str, Written] | None = None
) -> tuple[Columns, "pd.DataFrame"]:
    """Sort the columns by what they are for; return them, and the table with its values so.

    What the project has `kept` of how its columns are written is not found out anew. A column of
    texts, or of images, is learned from alone: all others are left out.
    """
    rest = [name for name in frame.columns if name not in (roles.target, *roles.set_aside)]
    only = roles.text or roles.image
    if not rest or (only and only not in rest):
        raise ApprentiError("no_inputs", target=roles.target)
    if only:
        rest = [only]
    _refuse_durations(frame[rest])
    looked_at = [*rest, roles.target, *(name for name in (roles.time,) if name)]
    written = _written(frame[looked_at], roles, kept or {})
    converted, lost = frame.copy(deep=False), {}
    for name, how in written.items():
        if name == only:
            continue
        converted[name] = as_read(frame[name], how)
        if (cells := unread(frame[name], converted[name])) is not None:
            lost[name] = cells
    inputs = {name: written[name].kind for name in rest if name != only}
    columns = Columns(
        target=roles.target,
        numbers=tuple(name for name, kind in inputs.items() if kind in (NUMBER, TIME)),
        categories=tuple(n for n, kind in inputs.items() if kind == CATEGORY),
        dates=tuple((n, written[n].format) for n, kind in inputs.items() if kind == DATE),
        left_out=tuple(n for n in frame.columns if n != roles.target and n not in rest),
        mixed=tuple(n for n, kind in inputs.items() if kind in (NUMBER, TIME) and n in lost),
        texts=tuple(name for name, kind in inputs.items() if kind == TEXT),
        text=roles.text,
        image=roles.image,
        written=written,
        unread=lost,
    )
    return columns, converted


def _refuse_durations(frame: "pd.DataFrame") -> None:
    import pandas as pd

    for name in frame.columns:
        if pd.api.types.is_timedelta64_dtype(frame[name]):
            raise ApprentiError("durations", name=name, example=frame[name].dropna().iloc[0])


def _written(
    frame: "pd.DataFrame", roles: Roles, kept: Mapping[str, Written]
) -> dict[str, Written]:
    """Return how each column is written: as kept, or else as its values and the others show."""
    found: dict[str, Written] = {}
    for name in frame.columns:
        if name in (roles.text, roles.image):
            found[name] = kept.get(name, Written(CATEGORY))
        elif name in kept and name not in roles.categorical:
            found[name] = kept[name]
        else:
            found[name] = look_at(frame[name], name in roles.categorical)
    style = style_of(frame, found)
    for name, how in found.items():
        # 12.500 is what the other columns of the file make of it
        if how.kind == NUMBER and name not in kept and style != Style():
            found[name] = look_at(frame[name], False, style)
    return found
