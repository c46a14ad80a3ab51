"""Blocks and chosen settings become the text of one standalone script.

Blocks are read as text and never imported. What `if __name__ == "__main__"` does not reach, in
functions, imports or settings, is left out: a script contains what its run needs and no more.
"""

import ast
import json
import symtable
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from apprenti.script.imports import Imports, claim, head

SECTION = "# %% "
"""Starts a section: editors that know the percent format show it as a cell, eject makes it one."""

MAIN = "__main__"
SETTINGS = "Config"
USES = ("config", "Config()")
WIDTH = 100


class Script(NamedTuple):
    """A script, and which of the settings offered to it have an effect in it."""

    text: str
    used_settings: frozenset[str]


class Part(NamedTuple):
    """One top-level statement of a block with the comments above it."""

    text: str
    section: str
    path: Path


def assemble(blocks: Sequence[Path], settings: Mapping[str, object], title: str) -> Script:
    """Return the script made of `blocks`, in their order, with `settings` written into it.

    `title` becomes the docstring of the script. Raises ValueError when two blocks define the same
    name, when they import different things under one name, or when a setting exists nowhere: these
    are mistakes in the blocks or in the caller, never in what a user typed.
    """
    parts: dict[str, Part] = {}
    imports: Imports = {}
    preamble: list[str] = []
    for path in blocks:
        _read_block(path, parts, imports, preamble)
    kept = _reachable(parts)
    fields = _fields_used(part.text for name, part in kept.items() if name != SETTINGS)
    unknown = settings.keys() - _fields_declared(parts[SETTINGS].text)
    if unknown:
        raise ValueError(f"no setting is named {', '.join(sorted(unknown))}")
    kept[SETTINGS] = kept[SETTINGS]._replace(
        text=_config_text(kept[SETTINGS].text, settings, fields)
    )
    text = _join(title, kept, imports, preamble)
    compile(text, "train.py", "exec")
    return Script(text, frozenset(fields & settings.keys()))


def _read_block(path: Path, parts: dict[str, Part], imports: Imports, preamble: list[str]) -> None:
    source = path.read_text(encoding="utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    section = (ast.get_docstring(tree) or path.stem).splitlines()[0]
    end = tree.body[0].end_lineno or 0
    for node in tree.body[1:]:
        begin, end = end, node.end_lineno or 0
        text = "\n".join(lines[begin:end]).strip("\n")
        if isinstance(node, ast.Import | ast.ImportFrom):
            claim(node, imports, path)
        elif ast.unparse(node).startswith("os.environ"):
            preamble.append(text)
        else:
            name = _name_of(node)
            if name in parts:
                raise ValueError(f"{name} is defined in {parts[name].path} and again in {path}")
            parts[name] = Part(text, section, path)


def _name_of(node: ast.stmt) -> str:
    if isinstance(node, ast.If):
        return MAIN
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node)


def _names(text: str) -> set[str]:
    """Return the names a piece of code takes from outside itself (not its own variables)."""

    def taken(scope: symtable.SymbolTable) -> set[str]:
        here = {s.get_name() for s in scope.get_symbols() if s.is_global() and s.is_referenced()}
        return here.union(*(taken(child) for child in scope.get_children()))

    return taken(symtable.symtable(text, "block", "exec"))


def _reachable(parts: Mapping[str, Part]) -> dict[str, Part]:
    """Keep what the main part reaches, and the statements that are there for their effect."""
    effects = {name for name in parts if not name.isidentifier()}
    used: set[str] = set()
    todo = {MAIN} | effects
    while todo:
        used |= todo
        todo = {name for part in todo for name in _names(parts[part].text) if name in parts} - used
    return {name: part for name, part in parts.items() if name in used}


def _fields_used(texts: Iterable[str]) -> set[str]:
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    return {n.attr for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n.value) in USES}


def _fields_declared(config: str) -> set[str]:
    nodes = ast.walk(ast.parse(config))
    return {ast.unparse(node.target) for node in nodes if isinstance(node, ast.AnnAssign)}


def _config_text(config: str, settings: Mapping[str, object], fields: set[str]) -> str:
    """Keep the fields that are used, with the comments above them, and write the chosen values."""
    kept: list[str] = []
    comments: list[str] = []
    for line in config.splitlines():
        name = line.strip().split(":")[0]
        if line.startswith("    #"):
            comments.append(line)
        elif not line.startswith("    "):
            kept.append(line)
        else:
            if name in fields:
                declared, default = line.split(" = ")
                value = literal(settings[name]) if name in settings else default
                kept += [*comments, *_within_width(f"{declared} = {value}")]
            comments = []
    return "\n".join(kept)


def _within_width(line: str) -> list[str]:
    """Break a list that is too long for one line the way formatters do: one item a line."""
    start, bracket, items = line.partition(" = (")
    if len(line) <= WIDTH or not bracket:
        return [line]
    return [
        f"{start} = (",
        *(f"        {item}," for item in items.rstrip(",)").split(", ")),
        "    )",
    ]


def literal(value: object) -> str:
    """Write a setting the way a person (and a formatter) would: double quotes, (64,), 0.001."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=not value.isprintable())
    if isinstance(value, list | tuple):
        items = [literal(item) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    return repr(value)


def _join(title: str, parts: Mapping[str, Part], known: Imports, preamble: list[str]) -> str:
    used = set().union(*(_names(part.text) for part in parts.values()))
    body, section = "", None
    for name, part in parts.items():
        opening = f"{SECTION}{part.section}\n" if part.section != section else ""
        close_together = name.isupper() and name != MAIN and not opening
        gap = "\n" if close_together else "\n\n"
        body += f"{gap}{opening}{part.text}\n"
        section = part.section
    return "\n\n".join([_docstring(title), *head(known, used, preamble)]) + "\n" + body


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
