"""Blocks and chosen settings become the text of one standalone script.

Blocks are read as text and never imported. What `if __name__ == "__main__"` does not reach, in
functions, imports or settings, is left out: a script contains what its run needs and no more.
"""

import ast
import json
import symtable
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

OURS = "apprenti"
SECTION = "# %% "
"""Starts a section: editors that know the percent format show it as a cell, eject makes it one."""

MAIN = "__main__"
SETTINGS = "Config"
USES = ("config", "Config()")


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
    imports: dict[str, str] = {}
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


def _read_block(
    path: Path, parts: dict[str, Part], imports: dict[str, str], preamble: list[str]
) -> None:
    source = path.read_text(encoding="utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    section = (ast.get_docstring(tree) or path.stem).splitlines()[0]
    end = tree.body[0].end_lineno or 0
    for node in tree.body[1:]:
        begin, end = end, node.end_lineno or 0
        text = "\n".join(lines[begin:end]).strip("\n")
        if isinstance(node, ast.Import | ast.ImportFrom):
            _claim_imports(node, imports, path)
        elif ast.unparse(node).startswith("os.environ["):
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


def _claim_imports(node: ast.Import | ast.ImportFrom, imports: dict[str, str], path: Path) -> None:
    """Note under which name each import is known; two meanings of one name are refused."""
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    if module.split(".")[0] == OURS:
        return
    for alias in node.names:
        line = (
            f"from {module} import {ast.unparse(alias)}"
            if module
            else f"import {ast.unparse(alias)}"
        )
        name = alias.asname or alias.name.split(".")[0]
        if imports.setdefault(name, line) != line:
            raise ValueError(f"{path}: {line} clashes with {imports[name]}")


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
                kept += [*comments, f"{declared} = {value}"]
            comments = []
    return "\n".join(kept)


def literal(value: object) -> str:
    """Write a setting the way a person (and a formatter) would: double quotes, (64,), 0.001."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        items = [literal(item) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    return repr(value)


def _join(
    title: str, parts: Mapping[str, Part], imports: Mapping[str, str], preamble: Sequence[str]
) -> str:
    used = set().union(*(_names(part.text) for part in parts.values())) & imports.keys()
    standard = _import_lines({imports[n] for n in used if _is_standard(imports[n])}, preamble)
    others = _import_lines({imports[n] for n in used if not _is_standard(imports[n])}, [])
    head = [f'"""{title}"""', "\n".join(standard), *preamble_group(preamble), "\n".join(others)]
    body, section = "", None
    for name, part in parts.items():
        opening = f"{SECTION}{part.section}\n" if part.section != section else ""
        between = "\n" if _is_assignment(name) and body and not opening else "\n\n"
        body += f"{between}{opening}{part.text}\n"
        section = part.section
    return "\n\n".join(piece for piece in head if piece) + "\n" + body


def preamble_group(preamble: Sequence[str]) -> list[str]:
    return ["\n".join(preamble)] if preamble else []


def _is_assignment(name: str) -> bool:
    return name.isupper() and name != MAIN


def _is_standard(line: str) -> bool:
    return line.split()[1].split(".")[0] in sys.stdlib_module_names


def _import_lines(lines: set[str], preamble: Sequence[str]) -> list[str]:
    """Return the imports sorted, and those from one module on one line."""
    plain = {line for line in lines if line.startswith("import ")}
    if preamble:
        plain.add("import os")
    modules: dict[str, set[str]] = {}
    for line in lines - plain:
        _, module, _, name = line.split(maxsplit=3)
        modules.setdefault(module, set()).add(name)
    order = lambda name: (not name.isupper(), not name[0].isupper(), name)  # noqa: E731
    joined = [
        f"from {m} import {', '.join(sorted(names, key=order))}" for m, names in modules.items()
    ]
    return sorted(plain) + sorted(joined)
