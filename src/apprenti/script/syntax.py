"""The syntax tree of a piece of code: parsed and walked once, however often it is asked for."""

import ast
from functools import lru_cache
from threading import Lock
from typing import Any

KEPT = 2000
"""The pieces of code whose trees are kept: more than the scripts of a comparison are made of."""


INSIDE = ("body", "orelse", "handlers", "finalbody")
"""Where a statement has others inside."""

_ONE_AT_A_TIME = Lock()


def parse(text: str, mode: str = "exec") -> Any:
    """Return a tree of a piece of code for its caller alone, which may change it.

    Python 3.11 may stumble over its own count of recursion where two threads parse at once.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(text, mode=mode)


@lru_cache(KEPT)
def parsed(text: str) -> ast.Module:
    """Return the tree of a piece of code. It is shared: nobody changes it."""
    tree: ast.Module = parse(text)
    return tree


@lru_cache(KEPT)
def nodes_of(text: str) -> tuple[ast.AST, ...]:
    """Return all the nodes of that tree, a statement before those inside it: those of ast.walk.

    Its generators inside generators take twice as long, and scripts are made of many pieces.
    """
    found: list[ast.AST] = [parsed(text)]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return tuple(found)


@lru_cache(KEPT)
def branches_of(text: str) -> tuple[list[ast.stmt], ...]:
    """Return the statements of that tree that stand together: those of `if`, those of `else`."""
    found = [parsed(text).body]
    for branch in found:  # Those inside are looked through in their turn
        for node in branch:
            inside = (
                getattr(node, name, None) for name in ("body", "orelse", "finalbody", "handlers")
            )
            found += [several for several in inside if several]
    return tuple(found)


def source_of(text: str, node: ast.expr | ast.stmt) -> str:
    """Return a node of that tree as it is written in the text."""
    lines = [line.encode() for line in text.split("\n")[node.lineno - 1 : node.end_lineno]]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()


def is_constant(node: ast.expr) -> bool:
    """Say whether an expression is a constant, or a dictionary of such, however deep."""
    return all(isinstance(n, ast.Dict | ast.Constant | ast.Load) for n in ast.walk(node))
