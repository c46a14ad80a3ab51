"""What is given to predict: files, folders, texts, standard input, or the tables of Python."""

import difflib
import io
import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.command_line import written
from apprenti.data.formats import (
    ARCHIVE,
    ARRAYS,
    IMAGE_ENDINGS,
    PACKED_ENDINGS,
    TABLE_ENDINGS,
    UNREAD_ENDINGS,
)
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.outside import check_ordinary, reading, real
from apprenti.predict import tables
from apprenti.predict.opened import Opened
from apprenti.predict.tables import Table

if TYPE_CHECKING:
    import pandas as pd

STDIN = "-"
LONGEST_NAME = 255

KNOWN_ENDINGS = (
    *(*TABLE_ENDINGS, *IMAGE_ENDINGS, *UNREAD_ENDINGS, *PACKED_ENDINGS),
    *(ARRAYS, ARCHIVE, "-ubyte", ".npy", ".md", ".pdf", ".doc", ".docx", ".odt", ".html", ".xml"),
)
"""With one of these a word is the name of a file, and no text to predict."""

ALIKE, NEAR, MOST_NEAR = 0.8, 0.5, 3
"""How like the name of a file a text is that may be meant for it; which names are told as near."""

BEGINNINGS = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"\0\0\x08", "-ubyte"),
)
"""What files begin with that are told by their names, where they come without one."""


class Given(NamedTuple):
    """Some rows to predict, in one file or folder."""

    name: str
    """As it was given; empty for what is no file."""
    path: Path
    table: Table | None = None


def find(opened: Opened, given: Sequence[Any], made: Path, as_text: bool) -> list[Given]:
    """Return what is given, each file of tables read; what is no file yet is written into `made`.

    With `as_text`, each is a text, whatever it looks like. Raises ApprentiError for what is not
    there, and where there is no row.
    """
    if as_text and not opened.material.texts:
        raise ApprentiError("no_text_model", run=opened.run.name)
    found: list[Given] = []
    texts: list[str] = []
    for one in given:
        if isinstance(one, str) and (as_text or _is_text(opened, one)):
            texts.append(one)
        else:
            found += _of_one(opened, one, made / str(len(found)))
    return [*found, *([_of_texts(opened, texts)] if texts else [])]


def _of_one(opened: Opened, one: Any, made: Path) -> Iterator[Given]:
    import numpy as np
    import pandas as pd

    if isinstance(one, np.ndarray) and not opened.is_table:
        made.mkdir()
        np.savez(made / "rows.npz", x=one)
        yield Given("", made / "rows.npz")
    elif isinstance(one, str | os.PathLike):
        yield from _of_file(opened, os.fspath(one), made)
    elif isinstance(one, pd.DataFrame) and not opened.material.of_files:
        yield _of_frame(one)
    elif isinstance(one, pd.DataFrame):
        made.mkdir()
        column = str(opened.settings.get("image", "image"))
        one = one.assign(**{column: one[column].map(os.path.abspath)})
        one.to_csv(made / "rows.csv", index=False)
        yield Given("", made / "rows.csv")
    elif opened.material.texts and all(isinstance(text, str) for text in one):
        yield _of_texts(opened, [*one])
    elif isinstance(one, np.ndarray | pd.Series):
        raise ApprentiError("rows_without_names", run=opened.run.name)
    else:
        for place, inner in enumerate(one):
            yield from _of_one(opened, inner, made.with_name(f"{made.name}-{place}"))


def _of_frame(frame: "pd.DataFrame") -> Given:
    path = Path("DataFrame")
    if not len(frame):
        raise ApprentiError("nothing_to_predict", path=path)
    named = frame.set_axis([str(name) for name in frame.columns], axis=1)
    return Given("", path, Table(path, named.reset_index(drop=True)))


def _of_texts(opened: Opened, texts: Sequence[str]) -> Given:
    import pandas as pd

    column = str(opened.settings.get("text", "text"))
    # Bytes that are no letters become question marks
    readable = [text.encode("utf-8", "replace").decode() for text in texts]
    return _of_frame(pd.DataFrame({column: pd.Series(readable, dtype="str")}))


def _of_file(opened: Opened, name: str, made: Path) -> Iterator[Given]:
    path = _from_stdin(made) if name == STDIN else real(Path(os.path.expanduser(name)))
    if not os.path.exists(path):
        raise ApprentiError("new_rows_missing", path=path, nearest=_near(path))
    if path.is_dir() and opened.is_table:
        inside = sorted(one for one in path.iterdir() if _is_table(one))
        if not inside:
            raise ApprentiError("no_tables_there", path=path)
        for one in inside:
            yield _of_table(opened, os.path.join(name, one.name), one)
        return
    if not path.is_dir():
        check_ordinary(path)
    yield _of_table(opened, name, path) if opened.is_table else Given(name, path)


def _of_table(opened: Opened, name: str, path: Path) -> Given:
    with reading(path, "data_unusable"):
        if opened.material.texts and (name == STDIN or path.suffix.lower() == ".txt"):
            texts = _lines(path, str(opened.settings["text"]))
            if texts:
                return _of_texts(opened, texts)._replace(name=name, path=path)
        return Given(name, path, tables.open_table(path, opened.settings))


def _lines(path: Path, column: str) -> list[str]:
    """Return the texts of a file that has one on each line, and no names of columns above them."""
    from apprenti.data.kinds import encodings, files

    if not path.stat().st_size or files.kind_of(path) != "csv_table":
        return []
    lines = [line.strip() for line in encodings.text_lines(path, encodings.find(path))]
    if not lines or column in lines[0]:
        return []
    return [line for line in lines if line]


def _is_table(path: Path) -> bool:
    name = path.name.lower()
    for ending in PACKED_ENDINGS:
        name = name.removesuffix(ending)
    return name.endswith(TABLE_ENDINGS) and path.is_file() and not name.startswith(".")


def _is_text(opened: Opened, given: str) -> bool:
    """Say whether a text was given to a model of texts; raises an error where a file was meant."""
    if not opened.material.texts or given == STDIN or not given.strip():
        return False
    path = real(Path(os.path.expanduser(given)))
    if os.path.exists(path):
        return False
    if _looks_like_a_file(given, path):
        quoted = written("apprenti", "predict", opened.run.name, "--text", given)
        raise ApprentiError("file_or_text", text=given, nearest=_near(path), command=quoted)
    return True


def _looks_like_a_file(given: str, path: Path) -> bool:
    if "\n" in given or len(given) > LONGEST_NAME:
        return False
    one_word = len(given.split()) == 1
    is_path = one_word and any(mark in given for mark in ("/", "\\"))
    return (
        given.lower().endswith(KNOWN_ENDINGS)
        or given.startswith(("./", "../", "~/"))
        or is_path
        or _is_like_a_neighbour(path)
    )


def _is_like_a_neighbour(path: Path) -> bool:
    """Say whether a file has a name nearly like this one, or this one and an ending."""
    names = _neighbours(path)
    alike = difflib.get_close_matches(path.name, names, n=1, cutoff=ALIKE)
    return bool(alike) or path.name in {Path(name).stem for name in names}


def _near(path: Path) -> str:
    """Return the names beside a path that are most like its own."""
    near = difflib.get_close_matches(path.name, _neighbours(path), n=MOST_NEAR, cutoff=NEAR)
    return ", ".join(near) or say("predict.none")


def _neighbours(path: Path) -> list[str]:
    try:
        return sorted(os.listdir(path.parent))
    except (OSError, ValueError):
        return []


def _from_stdin(made: Path) -> Path:
    """Return a file with what comes in, under a name that says what it is."""
    content = sys.stdin.buffer.read()
    if not content.strip():
        raise ApprentiError("nothing_to_predict", path=STDIN)
    made.mkdir()
    path = made / f"stdin{_ending(content)}"
    path.write_bytes(content)
    return path


def _ending(content: bytes) -> str:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp"
    if content.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            arrays = all(name.endswith(".npy") for name in archive.namelist())
        return ARRAYS if arrays else ""
    return next((ending for mark, ending in BEGINNINGS if content.startswith(mark)), "")
