"""Short functions that are called once become lines of the function that calls them.

Such a function would be one more to look up: its few lines say as much where they are needed.
"""

import ast
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from apprenti.script import syntax
from apprenti.script.literals import WIDTH
from apprenti.script.syntax import is_constant, nodes_of, parse, parsed
from apprenti.script.translate import sentences

KEPT = (
    "read",
    "split",
    "fit_preparation",
    "prepare",
    "load_data",
    "build_model",
    "predict",
    "train",
    "fit",
    "main",
)
"""The functions by which a script is known, and taken apart: each stands in every script, unless
it gives a constant."""

SHORT, LONGEST = 14, 30
"""Lines of what is put in place, and of the function in which it is."""

FEW, AT_MOST = 7, 40
"""The same where few lines are put in place: they make a long function hardly longer."""

LOOPS = (
    *(ast.For, ast.While, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
SIMPLE = ast.Name | ast.Attribute | ast.Constant
AS_IT_IS = ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript
"""What needs no brackets, wherever it is put."""


class _Call(NamedTuple):
    """A statement `x = name(...)`, `name(...)` or `return name(...)` in a function."""

    statement: ast.Assign | ast.Expr | ast.Return
    arguments: list[ast.expr]

    @property
    def target(self) -> ast.expr | None:
        return self.statement.targets[0] if isinstance(self.statement, ast.Assign) else None


def merge(texts: Mapping[str, str], apart: str = "") -> dict[str, str]:
    """Return functions with the lines of others, which go, in the place of their only call.

    A call stays where a name would get two meanings, or where the lines would become too many, and
    in the function `apart`.
    """
    found = dict(texts)
    while made := next(_merged(found, apart), None):
        part, caller, lines = made
        found[caller] = lines
        # What it calls is called in its new place alone
        del found[part]
    return found


def _merged(texts: Mapping[str, str], apart: str) -> Iterator[tuple[str, str, str]]:
    """Yield a function that is called only once, the one that calls it, and the text of both."""
    calls = times_named(texts)
    for name, text in texts.items():
        if calls[name] != 1:
            continue
        for caller, whole in texts.items():
            if caller == apart or name not in _names(whole):
                continue
            if (lines := _with_lines_of(name, text, whole)) is not None:
                yield name, caller, lines


def with_lines_of(name: str, texts: Mapping[str, str]) -> str | None:
    """Return the lines of main with a function in the place of its only call, where it can be."""
    if times_named(texts)[name] != 1 or name not in _names(texts["main"]):
        return None
    return _with_lines_of(name, texts[name], texts["main"])


@lru_cache(syntax.KEPT)
def _with_lines_of(name: str, text: str, whole: str) -> str | None:
    """Return a function with another one in the place of its call, where that is possible."""
    function = _function(text)
    if function is None or _stays(name, function) or _free(function) & _known_in(whole):
        return None
    call = _call(whole, name)
    lines = _in_place(whole, call, text, function) if call else None
    lines = lines or _value_in_place(whole, name, text, function)
    if lines is None or not _fits(lines, function):
        return None
    return None if _read_later(function) and _read_later(parse(lines)) & _changing(lines) else lines


def times_named(texts: Mapping[str, str]) -> Counter[str]:
    """Count how often each name of some definitions is used in all of them."""
    return Counter(name for text in set(texts.values()) for name in _names(text) if name in texts)


@lru_cache(syntax.KEPT)
def _names(text: str) -> tuple[str, ...]:
    return tuple(node.id for node in nodes_of(text) if isinstance(node, ast.Name))


def _function(text: str) -> ast.FunctionDef | None:
    (node,) = parsed(text).body[:1]
    return node if isinstance(node, ast.FunctionDef) else None


def _can_be_lines(function: ast.FunctionDef) -> bool:
    """Whether a function is short, and ends in one place only."""
    body = _body(function)
    ends = ast.Return | ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal
    inside = [node for node in ast.walk(function) if isinstance(node, ends)]
    long = (body[-1].end_lineno or 0) - body[0].lineno >= SHORT
    short = not long and not function.decorator_list
    return short and inside in ([], [body[-1]])


def _read_later(tree: ast.AST) -> set[str]:
    """Return the names that inner functions (lambda) read: when they are called, not before."""
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    names = {n.id for node in inside for n in ast.walk(node) if isinstance(n, ast.Name)}
    return names - {a.arg for node in inside for a in ast.walk(node) if isinstance(a, ast.arg)}


def _changing(whole: str) -> set[str]:
    """Return the names to which loops of a function give a value: another one in each round."""
    loops = (node for node in nodes_of(whole) if isinstance(node, ast.For | ast.While))
    names = (name for loop in loops for name in ast.walk(loop) if isinstance(name, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _stays(name: str, function: ast.FunctionDef) -> bool:
    """Whether a function is one to be found by its name, or has no lines for another one."""
    return (name in KEPT and not _is_constant(function)) or not _can_be_lines(function)


def _is_constant(function: ast.FunctionDef) -> bool:
    """Whether a function gives the same dictionary of constants, whatever it is given."""
    returned = function.body[-1]
    value = returned.value if isinstance(returned, ast.Return) else None
    return isinstance(value, ast.Dict) and len(function.body) == 1 and is_constant(value)


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _call(text: str, name: str) -> _Call | None:
    for node in nodes_of(text):
        if not isinstance(node, ast.Assign | ast.Expr | ast.Return):
            continue
        if not isinstance(node.value, ast.Call):
            continue
        if _calls(node.value, name):
            return _Call(node, node.value.args)
    return None


def _in_place(whole: str, call: _Call, text: str, function: ast.FunctionDef) -> str | None:
    """Return a function with the lines of another one in the place of a call, if none clash."""
    given = _given(whole, call.arguments, function)
    target = "" if call.target is None else source(whole, call.target)
    last = _body(function)[-1]
    value = last.value if isinstance(last, ast.Return) else None
    is_used = bool(target) or isinstance(call.statement, ast.Return)
    if (value is not None) != is_used or len(given) != len(function.args.args):
        return None
    if given.get(target, target) != target:
        # One name for what goes in and for what comes out: two values would have to be told apart
        return None
    put, written = _lines(text, function, given, target)
    names = written | _own(function)
    if value is not None and source(text, value) == target:
        names -= {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    if names & _named(whole):
        return None
    lines, first = whole.splitlines(), call.statement.lineno
    indent = " " * call.statement.col_offset
    put = [f"{indent}{line}" if line else "" for line in put]
    lines[first - 1 : call.statement.end_lineno] = put
    return "\n".join(lines)


def _value_in_place(whole: str, name: str, text: str, function: ast.FunctionDef) -> str | None:
    """Return a function with an expression in the place of the call that stands for it."""
    body = _body(function)
    returned, lines = body[-1], whole.splitlines()
    tree = parse(whole)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _calls(n, name)]
    if len(body) > 1 or not isinstance(returned, ast.Return) or len(calls) != 1:
        return None
    (call,), value = calls, returned.value
    if not isinstance(value, AS_IT_IS) or call.lineno != call.end_lineno or _is_text(tree, call):
        return None
    written = source(text, value)
    for parameter, given in _given(whole, call.args, function).items():
        if given != parameter:
            changed = with_value(written, parameter, given)
            if changed is None or not _can_be(body, parameter, given):
                return None
            written = changed
    line = lines[call.lineno - 1].encode()
    before, after = line[: call.col_offset].decode(), line[call.end_col_offset :].decode()
    lines[call.lineno - 1] = f"{before}{written}{after}"
    place = max(n.lineno for n in ast.walk(tree) if isinstance(n, ast.stmt) and _holds(n, call))
    indent = lines[place - 1].removesuffix(lines[place - 1].lstrip())
    lines[place - 1 : place - 1] = [f"{indent}{comment}" for comment in _above(text, returned)]
    return "\n".join(lines)


def _holds(node: ast.AST, inner: ast.AST) -> bool:
    return any(each is inner for each in ast.walk(node))


def _above(text: str, node: ast.stmt) -> list[str]:
    """Return the comments above a statement, without their indentation."""
    lines, first = text.splitlines(), node.lineno
    while lines[first - 2].strip().startswith("#"):
        first -= 1
    return [line.strip() for line in lines[first - 1 : node.lineno - 1]]


def _is_text(tree: ast.AST, node: ast.expr) -> bool:
    return any(isinstance(n, ast.JoinedStr) and _holds(n, node) for n in ast.walk(tree))


def _calls(node: ast.Call, name: str) -> bool:
    """Whether a call names a function, and each of its arguments by its place."""
    plain = not node.keywords and not any(isinstance(a, ast.Starred) for a in node.args)
    return isinstance(node.func, ast.Name) and node.func.id == name and plain


def _given(whole: str, arguments: Sequence[ast.expr], function: ast.FunctionDef) -> dict[str, str]:
    parameters = [parameter.arg for parameter in function.args.args]
    return {
        parameter: source(whole, argument)
        for parameter, argument in zip(parameters, arguments, strict=False)
    }


def _own(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function gives a value; those inside a comprehension stay there."""
    inside = {id(name) for name in _names_inside(function)}
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store) and id(node) not in inside}


def _names_inside(tree: ast.AST) -> Iterator[ast.Name]:
    """Yield the names to which comprehensions give a value."""
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.comprehension))
    for node in (inner for loop in loops for inner in ast.walk(loop.target)):
        if isinstance(node, ast.Name):
            yield node


def _free(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function reads and does not define."""
    own = _own(function) | {parameter.arg for parameter in function.args.args}
    own |= {name.id for name in _names_inside(function)}
    body = [node for part in function.body for node in ast.walk(part)]
    return {node.id for node in body if isinstance(node, ast.Name)} - own


def _known_in(whole: str) -> set[str]:
    """Return the names that a function gives a value, its parameters included.

    Constants (in capitals) are those of the whole script, wherever they stand.
    """
    nodes = nodes_of(whole)
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    known = stored | {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {name for name in known if not name.isupper()}


def _named(whole: str) -> set[str]:
    """Return the names that a function knows."""
    tree = parse(whole)
    nodes = list(ast.walk(tree))
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    return named | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _lines(
    text: str, function: ast.FunctionDef, given: Mapping[str, str], target: str
) -> tuple[list[str], set[str]]:
    """Return the body of a function with arguments in the place of its parameters.

    Parameters that are given their argument by a line of its own are named beside. Without a
    `target` what it returns is returned.
    """
    body = _body(function)
    first = body[0].lineno - len(_above(text, body[0]))
    every = text.splitlines()[first - 1 : body[-1].end_lineno]
    lines = textwrap.dedent("\n".join(every)).splitlines()
    last = body[-1]
    if isinstance(last, ast.Return) and target:
        place = last.lineno - first
        lines[place] = lines[place].replace("return ", f"{target} = ", 1)
        assert last.value is not None
        if source(text, last.value) == target:
            del lines[place:]
    named, written = "\n".join(lines), {}
    for parameter, value in given.items():
        if value == parameter:
            continue
        changed = with_value(named, parameter, value) if _can_be(body, parameter, value) else None
        if changed is None:
            written[parameter] = f"{parameter} = {value}"
        named = changed or named
    return [*written.values(), *named.splitlines()], {*written}


def _can_be(body: list[ast.stmt], parameter: str, value: str) -> bool:
    """Whether a value can be written wherever a parameter is read."""
    node = parse(value, mode="eval").body
    uses = [n for part in body for n in ast.walk(part) if getattr(n, "id", "") == parameter]
    repeated = {
        id(inner)
        for part in body
        for loop in ast.walk(part)
        if isinstance(loop, LOOPS)
        for inner in ast.walk(loop)
    }
    hidden = {name.id for part in body for name in _names_inside(part)}
    if hidden & {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}:
        return False
    if any(isinstance(use.ctx, ast.Store) for use in uses):  # type: ignore[attr-defined]
        return False
    once = len(uses) == 1 and id(uses[0]) not in repeated
    calls = (inner for part in body for inner in ast.walk(part) if isinstance(inner, ast.Call))
    between_commas = once and any(uses[0] is argument for call in calls for argument in call.args)
    return isinstance(node, SIMPLE) or (once and (isinstance(node, AS_IT_IS) or between_commas))


def with_value(text: str, name: str, value: str) -> str | None:
    """Return code with an expression in the place of a name; None where that is not possible."""
    if any(f"{{{name}" in sentence.words for sentence in sentences(text)):
        # It would not be found again in another language
        return None
    wanted = ast.dump(_Replaced(name, value).visit(parse(text)))
    lines, tree = text.splitlines(), parse(text)
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(inner) for node in texts for inner in ast.walk(node)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
    places = [node for node in found if id(node) not in inside]
    for node in sorted(places, key=lambda node: (-node.lineno, -node.col_offset)):
        line = lines[node.lineno - 1].encode()
        before, after = line[: node.col_offset], line[node.end_col_offset :]
        lines[node.lineno - 1] = (before + value.encode() + after).decode()
    # Where names stand inside such a text is known exactly only from Python 3.12 on
    for number in {n for node in texts for n in range(node.lineno - 1, node.end_lineno or 0)}:
        lines[number] = re.sub(rf"\{{{name}\b", f"{{{value}", lines[number])
    made = "\n".join(lines)
    try:
        return made if ast.dump(parse(made)) == wanted else None
    except SyntaxError:
        return None


class _Replaced(ast.NodeTransformer):
    """Puts an expression in the place of a name, on the tree."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return parse(self.value, mode="eval").body if node.id == self.name else node


def source(text: str, node: ast.expr) -> str:
    """Return an expression as it is written."""
    written = ast.get_source_segment(text, node)
    assert written is not None
    return written


def _fits(text: str, part: ast.FunctionDef) -> bool:
    """Whether a function that another one became a part of is still short and narrow."""
    node, body = parsed(text).body[0], _body(part)
    few = (body[-1].end_lineno or 0) - body[0].lineno < FEW
    longest = AT_MOST if few else LONGEST
    long = isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= longest
    return not long and max(map(len, text.splitlines())) <= WIDTH


def without_unread_fields(text: str, nodes: Sequence[ast.AST]) -> str:
    """Return a named tuple without its last fields that have a default, where no node uses them."""
    node = parsed(text).body[0]
    if not isinstance(node, ast.ClassDef) or "(NamedTuple)" not in text:
        return text
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    calls = [n.args for n in nodes if isinstance(n, ast.Call) and _calls(n, node.name)]
    given = max(map(len, calls), default=0)
    lines, fields = text.splitlines(), list(node.body)
    while len(fields) > given and isinstance(field := fields[-1], ast.AnnAssign) and field.value:
        if ast.unparse(field.target) in read or node.name == "Config":
            break
        fields.pop()
    return "\n".join(lines[: fields[-1].end_lineno])
