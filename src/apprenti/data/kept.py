"""How the columns of a table are read: kept by the project, so that nothing is guessed anew.

columns.toml is written when a project is made, shown by `apprenti data`, and holds for every other
table: the next training, new rows, the test. Changing a line changes how that column is read.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti.data.kinds import moments
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.data.kinds.written import DATE, KINDS, NUMBER, TIME, Written, as_settings
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.writing import save

FILE = "columns.toml"

LARGEST = 20_000_000
"""Bytes; a larger file was not written by Apprenti."""

SPACE = "space"
"""How a space between thousands is written in `--as`."""


def read(project: Path) -> dict[str, Written] | None:
    """Return how each column is written; None where the project has not kept it yet.

    Raises ApprentiError for a file that cannot be understood.
    """
    path = project / FILE
    try:
        if path.stat().st_size > LARGEST:
            raise ApprentiError("columns_damaged", path=path, reason=path.stat().st_size)
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ApprentiError("columns_damaged", path=path, reason=error) from None
    columns = content.get("columns", {})
    if not isinstance(columns, dict):
        raise ApprentiError("columns_damaged", path=path, reason="columns")
    return {name: _checked(path, name, said) for name, said in columns.items()}


def _checked(path: Path, name: str, said: Any) -> Written:
    """Return what a line says, if each of its values is of the right type."""
    given = {"kind": said} if isinstance(said, str) else said
    usual = Written("")._asdict()
    sound = isinstance(given, dict) and given.get("kind") in KINDS
    sound = sound and all(
        key in usual and isinstance(value, type(usual[key])) for key, value in given.items()
    )
    sound = sound and (given["kind"] not in (DATE, TIME) or bool(given.get("format")))
    sound = sound and given.get("decimal", ".") in (".", ",")
    if not sound:
        raise ApprentiError("columns_damaged", path=path, reason=f"{name} = {said}")
    return Written(**given)


def write(project: Path, columns: Mapping[str, Written], source: str) -> Path:
    """Write columns.toml: one line a column."""
    import tomlkit

    document = tomlkit.document()
    for line in say("data.columns_head", source=source).splitlines():
        document.add(tomlkit.comment(line))
    table = tomlkit.table()
    for name, written in columns.items():
        said = as_settings(written)
        if len(said) == 1:
            table[name] = written.kind
        else:
            inline = tomlkit.inline_table()
            inline.update(said)
            table[name] = inline
    document["columns"] = table
    path = project / FILE
    save(path, tomlkit.dumps(document))
    return path


def keep(project: Path, found: Mapping[str, Written], source: str) -> None:
    """Keep how columns are written, beside what the project has kept of others already."""
    kept = read(project)
    if kept is None or found.keys() - kept.keys():
        write(project, {**found, **(kept or {})}, source)


def parse(text: str) -> tuple[str, Written | None]:
    """Read `price=number , space €` or `day=date %d/%m/%Y`; None after `day=`: find out anew.

    Raises ApprentiError for anything else.
    """
    found = re.fullmatch(rf"(.+?)=({'|'.join(KINDS)})?(?:\s+(.+))?", text.strip(), re.DOTALL)
    if found is None:
        raise ApprentiError("column_kind", text=text)
    name, kind, rest = found[1].strip(), found[2], (found[3] or "").strip()
    if kind is None:
        if rest:
            raise ApprentiError("column_kind", text=text)
        return name, None
    if kind == NUMBER:
        return name, _number(text, rest.split())
    if (kind in (DATE, TIME)) != bool(rest) or (rest and not _is_way(kind, rest)):
        raise ApprentiError("column_kind", text=text)
    return name, Written(kind, format=rest)


def _is_way(kind: str, rest: str) -> bool:
    """Say whether dates, or times, can be written so."""
    words = (moments.ISO, *SINCE_1970) if kind == DATE else ()
    return all("%" in way or way in words for way in rest.split(" | "))


def _number(text: str, words: list[str]) -> Written:
    decimal = words.pop(0) if words and words[0] in (".", ",") else "."
    thousands = ""
    if words and (words[0] in (".", ",", "'") or words[0] == SPACE):
        thousands = words.pop(0).replace(SPACE, " ")
    if thousands == decimal or len(words) > 1:
        raise ApprentiError("column_kind", text=text)
    return Written(NUMBER, decimal, thousands, (words or [""])[0].lower())
