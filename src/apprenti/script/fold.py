"""A setting that is fixed takes its branches out of a script: what it decides is no longer asked.

Blocks may branch on a setting (`if config.schedule == "cosine":`). Where the value is known, the
branch that it chooses stays, without the question; the others go, with their comments. What is
decided is found on the syntax tree, and what stays is copied as it was written.
"""

import ast
import operator
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from apprenti.script.syntax import KEPT, branches_of, nodes_of, source_of

COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}

LOOSER = ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr
"""What needs brackets between two `and` or `or`."""

ENDS = ast.Return | ast.Raise | ast.Continue | ast.Break
"""What no statement of the same branch can follow."""


class Folded(NamedTuple):
    """A piece of code without the branches that were decided, and the settings that decided."""

    text: str
    decided: frozenset[str]


class _Edit(NamedTuple):
    """Lines or part of a line (from, to) that become something else."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    settings: frozenset[str]


@dataclass(frozen=True)
class _Asked:
    """The fixed settings that a piece of code asks for; as they are written, they have a hash."""

    written: str
    values: Mapping[str, object] = field(compare=False)


class UndecidedError(Exception):
    """The value of an expression depends on more than fixed settings."""


def fold(text: str, fixed: Mapping[str, object]) -> Folded:
    """Return a piece of code in which the settings of `fixed` are no longer asked for.

    Statements `if`, `elif`, `for` over a setting that is empty, expressions `a if config.x else b`
    and tests joined by `and` and `or` are decided where their settings are fixed; what follows a
    `return` that is always reached goes too.
    """
    values = {name: fixed[name] for name in sorted(_settings_of(text)) if name in fixed}
    return _folded(text, _Asked(repr(values), values))


@lru_cache(KEPT)
def _folded(text: str, asked: _Asked) -> Folded:
    decided: set[str] = set()
    while edit := next(_edits(text, asked.values), None):
        decided |= edit.settings
        text = _replace(text, edit)
    return Folded(text, frozenset(decided))


@lru_cache(KEPT)
def _settings_of(text: str) -> frozenset[str]:
    return frozenset(name for node in nodes_of(text) if (name := setting(node)))


def settings_in(node: ast.AST) -> set[str]:
    """Return the settings that a piece of a tree asks for (`config.name`)."""
    found = (name for inner in ast.walk(node) if (name := setting(inner)))
    return set(found)


def _asked(test: ast.expr, fixed: Mapping[str, object]) -> set[str]:
    """Return the settings that a test asks for: none of those behind a part that settles it."""
    if not isinstance(test, ast.BoolOp):
        return settings_in(test)
    found: set[str] = set()
    for part in test.values:
        found |= _asked(part, fixed)
        if _truth(part, fixed) is isinstance(test.op, ast.Or):
            break
    return found


def setting(node: ast.AST) -> str | None:
    """Return "name" for `config.name`, None for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "config" else None
    return None


def value_of(node: ast.expr, fixed: Mapping[str, object]) -> object:
    """Return the value of a test on fixed settings; raises UndecidedError where it has none."""
    name = setting(node)
    if name is not None and name in fixed:
        return fixed[name]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(value_of(item, fixed) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not value_of(node.operand, fixed)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
        sides = value_of(node.left, fixed), value_of(node.comparators[0], fixed)
        return COMPARED[type(node.ops[0])](*sides)
    if isinstance(node, ast.BoolOp):
        return _joined(node, fixed)
    raise UndecidedError


def _joined(node: ast.BoolOp, fixed: Mapping[str, object]) -> object:
    """Return the value of tests joined by `and` or `or`: one of them may settle it alone."""
    settles = isinstance(node.op, ast.Or)
    known = [_truth(part, fixed) for part in node.values]
    if settles in known:
        return settles
    if None in known:
        raise UndecidedError
    return not settles


def _truth(node: ast.expr, fixed: Mapping[str, object]) -> bool | None:
    try:
        return bool(value_of(node, fixed))
    except UndecidedError:
        return None


def _edits(text: str, fixed: Mapping[str, object]) -> Iterator[_Edit]:
    """Yield what is to be changed; after the first change all others stand elsewhere."""
    # What is never reached decides nothing
    yield from _after_the_end(text)
    for node in nodes_of(text):
        if isinstance(node, ast.If) and settings_in(node.test) & fixed.keys():
            yield from _if(text, node, fixed)
        elif isinstance(node, ast.For) and setting(node.iter) in fixed and not node.orelse:
            if not fixed[str(setting(node.iter))]:
                yield _without(text, node, frozenset(settings_in(node.iter)))
        elif isinstance(node, ast.IfExp) and settings_in(node.test) & fixed.keys():
            yield from _if_expression(text, node, fixed)


def _if(text: str, node: ast.If, fixed: Mapping[str, object]) -> Iterator[_Edit]:
    truth, asked = _truth(node.test, fixed), frozenset(_asked(node.test, fixed))
    if truth is None:
        yield from _shorter_test(text, node.test, fixed)
    elif truth:
        yield _instead(text, node, node.body, asked)
    elif node.orelse:
        yield _instead(text, node, node.orelse, asked)
    else:
        yield _without(text, node, asked)


def _if_expression(text: str, node: ast.IfExp, fixed: Mapping[str, object]) -> Iterator[_Edit]:
    truth = _truth(node.test, fixed)
    if truth is None:
        yield from _shorter_test(text, node.test, fixed)
        return
    kept = source_of(text, node.body if truth else node.orelse)
    yield _Edit(*_ends(text, node), kept, frozenset(_asked(node.test, fixed)))


def _shorter_test(text: str, test: ast.expr, fixed: Mapping[str, object]) -> Iterator[_Edit]:
    """Yield `x` for `config.a and x` where the setting is true: only what is open is asked."""
    if not isinstance(test, ast.BoolOp):
        return
    still = [part for part in test.values if _truth(part, fixed) is None]
    if len(still) == len(test.values):
        for part in test.values:
            yield from _shorter_test(text, part, fixed)
        return
    word = " or " if isinstance(test.op, ast.Or) else " and "
    written = [source_of(text, part) for part in still]
    if len(still) > 1:
        joined = zip(still, written, strict=True)
        written = [f"({w})" if isinstance(part, LOOSER) else w for part, w in joined]
    kept = word.join(written)
    gone = [_asked(part, fixed) for part in test.values if part not in still]
    yield _Edit(*_ends(text, test), kept, frozenset().union(*gone))


def _instead(text: str, node: ast.If, branch: list[ast.stmt], asked: frozenset[str]) -> _Edit:
    """Return the edit that puts a branch, with its comments, in the place of its statement."""
    lines = text.splitlines()
    first = branch[0].lineno
    if branch is node.orelse and _is_elif(lines, branch):
        body = "\n".join(lines[first - 1 : branch[-1].end_lineno]).replace("elif", "if", 1)
        return _Edit((node.lineno, 0), (node.end_lineno or 0, -1), body, asked)
    while first - 1 > node.lineno and lines[first - 2].strip().startswith("#"):
        first -= 1
    body = textwrap.dedent("\n".join(lines[first - 1 : branch[-1].end_lineno]))
    if _is_elif(lines, [node]):
        # The questions before it stay open: this is what is done otherwise
        body = f"else:\n{textwrap.indent(body, '    ')}"
    indented = textwrap.indent(body, " " * node.col_offset)
    return _Edit((node.lineno, 0), (node.end_lineno or 0, -1), indented, asked)


def _is_elif(lines: list[str], branch: list[ast.stmt]) -> bool:
    return lines[branch[0].lineno - 1].lstrip().startswith("elif ")


def _without(text: str, node: ast.stmt, asked: frozenset[str]) -> _Edit:
    """Return the edit that takes out a statement and the comments above it."""
    lines, first = text.splitlines(), node.lineno
    alone = [node] in branches_of(text)
    alone &= node.col_offset > 0 and not _is_elif(lines, [node])
    left = " " * node.col_offset + "pass" if alone else ""
    # A section goes on without its first statement
    while first > 1 and re.match(r"\s*#(?! %%)", lines[first - 2]):
        first -= 1
    return _Edit((first, 0), (node.end_lineno or 0, -1), left, asked)


def _after_the_end(text: str) -> Iterator[_Edit]:
    """Yield what stands after a `return` on the same level: it is never reached."""
    for branch in branches_of(text):
        for last, after in pairwise(branch):
            if isinstance(last, ENDS):
                begin = ((last.end_lineno or 0) + 1, 0)
                yield _Edit(begin, (branch[-1].end_lineno or after.lineno, -1), "", frozenset())


def _ends(text: str, node: ast.expr) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where an expression begins and ends; columns in characters."""
    lines = text.splitlines()

    def characters(line: int, column: int) -> int:
        return len(lines[line - 1].encode()[:column].decode())

    end = node.end_lineno or node.lineno
    return (node.lineno, characters(node.lineno, node.col_offset)), (
        end,
        characters(end, node.end_col_offset or 0),
    )


def _replace(text: str, edit: _Edit) -> str:
    """Return the text with one edit made; column -1 is the end of a whole line."""
    lines = text.splitlines()
    (first, start), (last, end) = edit.start, edit.end
    if end < 0:
        return "\n".join([*lines[: first - 1], *edit.text.splitlines(), *lines[last:]])
    changed = lines[first - 1][:start] + edit.text + lines[last - 1][end:]
    return "\n".join([*lines[: first - 1], *changed.splitlines(), *lines[last:]])
