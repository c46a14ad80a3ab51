"""Blocks and chosen settings become the text of one standalone script.

Blocks are read as text and never imported. Branches that the settings decide are folded away; what
`main` does not reach, in functions, imports or settings, is left out: a script contains what its
run needs and no more.
"""

import ast
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from apprenti.script import flatten
from apprenti.script.flatten import GOES_ON, SECTION, Definition
from apprenti.script.fold import fold, setting
from apprenti.script.imports import Imports, claim, head
from apprenti.script.literals import declaration
from apprenti.script.merge import merge, without_unread_fields
from apprenti.script.names import names_taken
from apprenti.script.syntax import nodes_of, parse, parsed
from apprenti.script.translate import translate

MAIN = "__main__"
SETTINGS = "Config"
LOAD = "load_data"
"""The function that reads and prepares the data, once for all trials that do not change them."""


class Script(NamedTuple):
    """A script, and which of the settings offered to it have an effect in it."""

    text: str
    used_settings: frozenset[str]
    data_settings: frozenset[str] = frozenset()
    """Those that reach the data: another value means reading and preparing them again."""


class Part(NamedTuple):
    """One top-level statement of a block with the comments above it."""

    names: tuple[str, ...]
    text: str
    section: str
    path: Path
    decided: frozenset[str] = frozenset()
    """The settings whose values decided which branches are there."""

    @property
    def is_effect(self) -> bool:
        """Whether it is there for what it does, not for a name that it gives."""
        return self.names == ()


class Block(NamedTuple):
    """What stands in one file."""

    parts: tuple[Part, ...]
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    preamble: tuple[str, ...]
    """What must come before the imports: environment variables."""


def assemble(
    blocks: Sequence[Path],
    settings: Mapping[str, object],
    title: str,
    *,
    left_open: Collection[str] = (),
    words: Mapping[str, str] | None = None,
    flat: bool = False,
) -> Script:
    """Return the script made of `blocks`, in their order, with `settings` written into it.

    `title` becomes the docstring of the script. The branches of settings in `left_open` stay, so
    that the script can be run with several values. `words` translate its comments and printed
    sentences. A `flat` script is read from top to bottom (see `apprenti.script.flatten`).

    Raises ValueError when two blocks define the same name, when they import different things under
    one name, or when a setting exists nowhere: these are mistakes in the blocks or in the caller,
    never in what a user typed.
    """
    read = _read(blocks)
    declared = _declared(_by_name(read.parts)[SETTINGS].text)
    if unknown := settings.keys() - declared.keys():
        raise ValueError(f"no setting is named {', '.join(sorted(unknown))}")
    values = {name: _default(node) for name, node in declared.items()} | dict(settings)
    fixed = {name: value for name, value in values.items() if name not in left_open}
    folded = [_folded(part, fixed) for part in read.parts]
    start = flatten.MAIN if flat else MAIN
    kept = _reachable(folded, start)
    decided = {name for part in kept for name in part.decided}
    if not flat:
        kept = _without_unread_fields(_reachable(_in_place(kept), start))
    fields = _fields_used(part for part in kept if SETTINGS not in part.names)
    kept = [_with_settings(part, values, fields, words or {}) for part in kept]
    body = _flat(kept) if flat else _in_sections(kept)
    text = _under_head(title, body, read)
    text = translate(text, words) if words else text
    compile(text, "train.py", "exec")
    used = (fields | decided) & settings.keys()
    return Script(text, frozenset(used), _data_settings(folded))


# Reading blocks


@cache
def read_block(path: Path) -> Block:
    """Return what stands in the file of a block."""
    source = path.read_text(encoding="utf-8")
    lines, tree = source.splitlines(), parse(source)
    section = (ast.get_docstring(tree) or path.stem).splitlines()[0]
    end = tree.body[0].end_lineno or 0
    parts: list[Part] = []
    imports: list[ast.Import | ast.ImportFrom] = []
    preamble: list[str] = []
    for node in tree.body[1:]:
        begin, end = end, node.end_lineno or 0
        text = "\n".join(lines[begin:end]).strip("\n")
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
        elif lines[node.lineno - 1].startswith("os.environ"):
            preamble.append(text)
        else:
            parts.append(Part(_names_of(node), text, section, path))
    return Block(tuple(parts), tuple(imports), tuple(preamble))


class Read(NamedTuple):
    """What several blocks hold together."""

    parts: list[Part]
    imports: Imports
    preamble: list[str]


def _read(blocks: Sequence[Path]) -> Read:
    read = Read([], {}, [])
    for path in blocks:
        block = read_block(path)
        read.parts.extend(block.parts)
        read.preamble.extend(block.preamble)
        for node in block.imports:
            claim(node, read.imports, path)
    return read


def _names_of(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that a statement defines; none where it is there for its effect."""
    if isinstance(node, ast.If):
        return (MAIN,)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        names = [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
        return tuple(names) if not isinstance(node.targets[0], ast.Subscript) else ()
    return ()


def _by_name(every: Iterable[Part]) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for part in every:
        for name in part.names:
            if name in found:
                raise ValueError(
                    f"{name} is defined in {found[name].path} and again in {part.path}"
                )
            found[name] = part
    return found


def _folded(part: Part, fixed: Mapping[str, object]) -> Part:
    if SETTINGS in part.names or "config." not in part.text:
        return part
    folded = fold(part.text, fixed)
    return part._replace(text=folded.text, decided=folded.decided)


def _in_place(parts: Sequence[Part]) -> list[Part]:
    """Put short functions that are used once in the place where they are called."""
    texts = {name: part.text for part in parts for name in part.names if SETTINGS not in part.names}
    shorter = merge(texts)
    return [
        part._replace(text=shorter[part.names[0]])
        if part.names and part.names[0] in shorter
        else part
        for part in parts
    ]


def _without_unread_fields(parts: Sequence[Part]) -> list[Part]:
    """Leave out the last fields of a record that have a default, where none of them is used."""
    nodes = [node for part in parts for node in nodes_of(part.text)]
    return [part._replace(text=without_unread_fields(part.text, nodes)) for part in parts]


def _reachable(every: Sequence[Part], start: str) -> list[Part]:
    """Keep what a part reaches, and the statements that are there for their effect."""
    named = {name: part for part in every for name in part.names}
    used: set[str] = set()
    todo = {
        start,
        *(n for part in every if part.is_effect for n in names_taken(part.text) & named.keys()),
    }
    if start != LOAD:
        todo.add(SETTINGS)
    while todo:
        used |= todo
        todo = {n for name in todo for n in names_taken(named[name].text) if n in named} - used
    return [part for part in every if part.is_effect or used & set(part.names)]


def _data_settings(every: Sequence[Part]) -> frozenset[str]:
    """Return the settings that reading and preparing the data asks for, or was decided by."""
    if not any(LOAD in part.names for part in every):
        return frozenset()
    reached = [part for part in _reachable(every, LOAD) if SETTINGS not in part.names]
    reached = [part for part in reached if not part.is_effect]
    decided = {name for part in reached for name in part.decided}
    return frozenset(_fields_used(reached) | decided)


def _fields_used(parts: Iterable[Part]) -> set[str]:
    nodes = (node for part in parts for node in nodes_of(part.text))
    return {name for node in nodes if (name := setting(node))} - {"_replace"}


# Settings


def _declared(config: str) -> dict[str, ast.AnnAssign]:
    nodes = nodes_of(config)
    return {ast.unparse(node.target): node for node in nodes if isinstance(node, ast.AnnAssign)}


def _default(node: ast.AnnAssign) -> object:
    return None if node.value is None else ast.literal_eval(node.value)


def _with_settings(
    part: Part, values: Mapping[str, object], fields: set[str], words: Mapping[str, str]
) -> Part:
    """Return the part that declares the settings with their values; any other as it is."""
    if SETTINGS not in part.names:
        return part
    return part._replace(text=_config_text(part.text, values, fields, words))


def _config_text(
    config: str, values: Mapping[str, object], fields: set[str], words: Mapping[str, str]
) -> str:
    """Return the class with the fields that are used, their values, and what each is for."""
    tree = parsed(config).body[0]
    assert isinstance(tree, ast.ClassDef)
    lines = config.splitlines()
    written = lines[: tree.body[0].lineno - 1]
    while written and written[-1].strip().startswith("#"):
        written.pop()
    end = len(written)
    for node in tree.body:
        assert isinstance(node, ast.AnnAssign)
        above = [line.strip().removeprefix("# ") for line in lines[end : node.lineno - 1]]
        end, name = node.end_lineno or 0, ast.unparse(node.target)
        if name in fields:
            comments = [words.get(comment, comment) for comment in above]
            written += declaration(name, ast.unparse(node.annotation), values[name], comments)
    return "\n".join(written)


# Writing


def _under_head(title: str, body: str, read: Read) -> str:
    """Return a script: its title, the imports that it needs, and what it does."""
    opening = [_docstring(title), *head(read.imports, names_taken(body), read.preamble)]
    return "\n\n".join(opening) + "\n" + body


def _in_sections(parts: Sequence[Part]) -> str:
    body, section = "", ""
    for part in parts:
        begins = f"{SECTION}{part.section}\n" if part.section != section else ""
        close_together = part.is_effect or all(name.isupper() for name in part.names)
        close_together &= part.names != (MAIN,) and not begins
        body += ("\n" if close_together else "\n\n") + f"{begins}{part.text}\n"
        section = part.section
    return body


def _flat(parts: Sequence[Part]) -> str:
    settings = next(part for part in parts if SETTINGS in part.names)
    definitions = {
        name: Definition(part.text, part.section)
        for part in parts
        for name in part.names
        if part is not settings
    }
    body, section, apart = f"\n\n{SECTION}{settings.section}\n{settings.text}\n", "", True
    made = flatten.flatten(definitions)
    start = flatten.Piece(f"config = {SETTINGS}()")
    first = next(place for place, piece in enumerate(made) if not piece.defines)
    for piece in [*made[:first], start, *made[first:]]:
        begins = piece.section and piece.section != section
        goes_on = piece.section.startswith(GOES_ON) and not apart
        gap = "\n\n" if piece.defines or apart else "\n" if begins and not goes_on else ""
        mark = "# " if goes_on else SECTION
        title = f"{mark}{piece.section}\n" if begins else ""
        body += f"{gap}{title}{piece.text}\n"
        section, apart = piece.section or section, piece.defines
    return body


def entitle(script: str, title: str) -> str:
    """Return a script that was assembled without a title under this one."""
    return _docstring(title) + script.removeprefix(_docstring(""))


def _docstring(title: str) -> str:
    # A name of a file in it must not be able to end the docstring
    safe = title.replace("\\", "/").replace('"', "'")
    # Nor hold what cannot be written: control characters, bytes that were no letters
    written = [
        sign for sign in safe if unicodedata.category(sign) not in ("Cc", "Cs") or sign == "\n"
    ]
    return f'"""{"".join(written)}"""'
