"""The imports of several blocks become those of one script, in the order every formatter wants."""

import ast
import sys
from collections.abc import Mapping, Set
from pathlib import Path

OURS = "apprenti"

Imports = dict[str, str]
"""Under which name a script knows what it imports, and the import written out alone."""


def claim(node: ast.Import | ast.ImportFrom, imports: Imports, path: Path) -> None:
    """Note the imports of one statement; two meanings of one name are refused, as a ValueError.

    What a block imports from other blocks is left out: it will stand in the same script.
    """
    module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    if module.split(".")[0] == OURS:
        return
    for alias in node.names:
        line = f"from {module} " if module else ""
        line += f"import {ast.unparse(alias)}"
        name = alias.asname or alias.name.split(".")[0]
        if imports.setdefault(name, line) != line:
            raise ValueError(f"{path}: {line} clashes with {imports[name]}")


def head(imports: Mapping[str, str], used: Set[str], preamble: list[str]) -> list[str]:
    """Return the paragraphs that begin a script: standard library, preamble, other packages.

    The preamble (environment variables) must come before the packages that read them.
    """
    lines = {imports[name] for name in used if name in imports}
    if preamble:
        lines.add("import os")
    standard = {line for line in lines if line.split()[1].split(".")[0] in sys.stdlib_module_names}
    paragraphs = [_sorted(standard), preamble, _sorted(lines - standard)]
    return ["\n".join(paragraph) for paragraph in paragraphs if paragraph]


def _sorted(lines: set[str]) -> list[str]:
    """Return `import x` before `from x import y`, and what comes from one module on one line."""
    plain = {line for line in lines if line.startswith("import ")}
    modules: dict[str, list[str]] = {}
    for line in lines - plain:
        _, module, _, name = line.split(maxsplit=3)
        modules.setdefault(module, []).append(name)
    return sorted(plain) + [
        f"from {module} import {', '.join(sorted(names, key=_constants_then_classes))}"
        for module, names in sorted(modules.items(), key=lambda item: item[0].lower())
    ]


def _constants_then_classes(name: str) -> tuple[bool, bool, str]:
    return not name.isupper(), not name[0].isupper(), name
