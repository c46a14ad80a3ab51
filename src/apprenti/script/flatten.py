"""The short form of a script: top to bottom, without functions that are called only once.

Its main function becomes the script itself. Where it says `model = build_model(...)` and nothing
else calls that function, the function's own lines stand there instead, under the title of its
section. Both forms of a script are made of the same blocks and therefore compute the same.
"""

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apprenti.script.literals import WIDTH
from apprenti.script.merge import merge, times_named, with_lines_of
from apprenti.script.syntax import is_constant, nodes_of, parsed, source_of

SECTION = "# %% "
"""Starts a section: editors that know the percent format show it as a cell, eject makes it one."""

MAIN = "main"

GOES_ON = "Target"
"""The topic of a few lines that are no section of their own: its title becomes a comment."""


class Piece(NamedTuple):
    """Lines of a flat script that belong together."""

    text: str
    section: str = ""
    """The title of the section that begins with it, or goes on; empty for the one before."""
    defines: bool = False
    """Whether it is a function or a class, which stands apart by empty lines."""
    reads: str = ""
    """The function in which its names are read."""
    gives: str = ""
    """The function to which it gives names."""
    passes: frozenset[str] = frozenset()
    """Names that both functions know under the same name: nothing is written for them."""


class Definition(NamedTuple):
    """A function, class or constant of a block."""

    text: str
    section: str


def flatten(definitions: Mapping[str, Definition]) -> list[Piece]:
    """Return the pieces of the flat script that does what `main(config)` does.

    Raises ValueError where two functions that become lines of one script use a name in two senses.
    """
    flat = _Flat(definitions)
    pieces = _without_unread([*flat.body(MAIN, "")])
    _check_names(pieces)
    # What is called several times stands first, so that the rest is read in one go
    rest = [piece for piece in pieces if piece.text and not piece.defines]
    return _merged([piece for piece in pieces if piece.defines], rest)


def _merged(defined: list[Piece], rest: list[Piece]) -> list[Piece]:
    """Return pieces without the definitions that became lines of the only place that calls them.

    Of the lines of main these are the inner ones, of loops: what stands in none is there already.
    """
    names = [parsed(piece.text).body[0].name for piece in defined]  # type: ignore[attr-defined]
    texts = dict(zip(names, (piece.text for piece in defined), strict=True))
    lines = "\n".join(piece.text for piece in rest)
    made = merge({**texts, MAIN: lines}, apart=MAIN)
    for name in names:
        if (whole := with_lines_of(name, made)) is not None:
            made[MAIN] = whole
            rest = [_with_lines_of(name, made[name], piece) for piece in rest]
    called = times_named(made)
    kept = [
        piece._replace(text=made[name])
        for name, piece in zip(names, defined, strict=True)
        if called[name]
    ]
    return [*kept, *rest]


def _with_lines_of(name: str, text: str, piece: Piece) -> Piece:
    """Return the piece with the lines of a function in the place of its call, if it is there."""
    lines = with_lines_of(name, {name: text, MAIN: piece.text})
    return piece if lines is None else piece._replace(text=lines)


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _calls(texts: Mapping[str, str]) -> Counter[str]:
    """Count how often each name of some definitions is used in all of them."""
    return Counter(
        node.id
        for text in set(texts.values())
        for node in nodes_of(text)
        if isinstance(node, ast.Name) and node.id in texts
    )


class _Flat:
    """Goes through the lines of main, and puts in place what they call."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self.there = {MAIN}
        self.section = ""
        self.explained: set[str] = set()
        self.calls = _calls({name: each.text for name, each in definitions.items()})

    def body(self, name: str, section: str) -> Iterator[Piece]:
        """Yield the lines of a function, its last `return` left out."""
        text = textwrap.dedent(self.definitions[name].text)
        function, lines = _function(text), text.splitlines()
        statements = function.body
        begin = _first_line(function, lines)
        if ast.get_docstring(function) is not None:
            begin, statements = statements[0].end_lineno or begin, statements[1:]
        for node in statements:
            above, here = lines[begin : node.lineno - 1], lines[node.lineno - 1 : node.end_lineno]
            begin = node.end_lineno or begin
            if isinstance(node, ast.Return):
                continue
            if title := _named(above):
                # A section that is named here holds for all that is called from here on
                section = self.section = title
            comments = [line for line in above if not _named([line])]
            yield from self.needed(node)
            if called := self.once(node):
                yield from self.in_place(node, called, comments, name, text)
            else:
                yield Piece(_dedented([*comments, *here]), section, reads=name, gives=name)

    def once(self, node: ast.AST) -> str | None:
        """Return the function whose lines can stand in the place of `x = function(...)`."""
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            return None
        name = node.value.func.id if isinstance(node.value.func, ast.Name) else ""
        if name not in self.definitions or node.value.keywords:
            return None
        (function,) = parsed(self.definitions[name].text).body
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            return None
        if self.calls[name] != 1 and not _is_expression(function):
            return None
        inner = ast.walk(function)
        ends = [node for node in inner if isinstance(node, ast.Return | ast.Yield)]
        return name if len(ends) == 1 and ends[0] is function.body[-1] else None

    def in_place(
        self, node: ast.stmt, name: str, comments: list[str], caller: str, source: str
    ) -> Iterator[Piece]:
        """Yield the lines of a function as if they had been written where it is called."""
        assert isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        text, section = self.definitions[name]
        around = self.definitions[caller].section
        if caller != MAIN and section.partition(":")[0] == around.partition(":")[0]:
            # It goes on with what its caller began
            section = around
        section = self.section or section
        function = _function(text)
        nodes = [n for part in function.body for n in ast.walk(part)]
        used = Counter(node.id for node in nodes if isinstance(node, ast.Name))
        if comments:
            yield Piece(_dedented(comments), section)
        if _is_expression(function):
            yield from self.value_in_place(node, name, caller, source)
            return
        self.there.add(name)
        written: dict[str, str] = {}
        for parameter, argument in zip(function.args.args, node.value.args, strict=True):
            value = source_of(source, argument)
            if used[parameter.arg] == 1 and value != parameter.arg:
                written[parameter.arg] = value
            elif parameter.arg in used:
                yield _given(parameter.arg, value, section, caller, name)
        if written:
            # What is said once is said in its place
            text = _with_values(text, written)
            self.definitions = {**self.definitions, name: Definition(text, section)}
        yield from self.body(name, section)
        yield from self.returned(source_of(source, node.targets[0]), name, section, caller)

    def returned(self, target: str, name: str, section: str, caller: str) -> Iterator[Piece]:
        """Yield what gives a name of the caller, or several, what a function returns."""
        text = self.definitions[name].text
        returned = _function(text).body[-1]
        assert isinstance(returned, ast.Return) and returned.value is not None
        value = source_of(text, returned.value)
        if target.isidentifier() and isinstance(returned.value, ast.Call):
            line = f"{target} = {value}"
            (inner,) = parsed(line).body
            if called := self.once(inner):
                # What it returns is what another one returns
                yield from self.in_place(inner, called, _above(text, returned), name, line)
                yield Piece("", section, reads=name, gives=caller, passes=frozenset({target}))
                return
        yield from self.needed(returned)
        pairs = _pairs(target, value)
        passes = frozenset(one for one, given in pairs if one == given)
        left = [(one, given) for one, given in pairs if one not in ("_", given)]
        line = " = ".join(", ".join(side) for side in zip(*left, strict=True))
        if len(left) == len(pairs):
            line = _assignment(text, returned, target)
        yield Piece(line, section, reads=name, gives=caller, passes=passes)

    def value_in_place(
        self, node: ast.Assign, name: str, caller: str, source: str
    ) -> Iterator[Piece]:
        """Yield `x = value` for `x = function(...)`, where that is all that the function says."""
        assert isinstance(node.value, ast.Call)
        text, section = self.definitions[name]
        if caller != MAIN:
            # One line of a section needs no title of its own
            section = self.definitions[caller].section
        section, function = self.section or section, _function(text)
        value = _expression(text, function, [source_of(source, a) for a in node.value.args])
        line = f"{source_of(source, node.targets[0])} = {value}"
        said = [] if name in self.explained else _above(text, function.body[-1])
        beside = "" if name in self.explained else _beside(text, function.body[-1])
        self.explained.add(name)
        (inner,) = parsed(line).body
        if called := self.once(inner):
            yield from self.in_place(inner, called, said, caller, line)
        else:
            yield from self.needed(inner)
            line += beside if len(line + beside) <= WIDTH else ""
            yield Piece(_dedented([*said, line]), section, reads=caller, gives=caller)

    def needed(self, node: ast.AST) -> Iterator[Piece]:
        """Yield the definitions that a statement uses and that do not stand above it yet."""
        for inner in ast.walk(node):
            name = inner.id if isinstance(inner, ast.Name) else ""
            if name not in self.definitions or name in self.there or self.once(node) == name:
                continue
            text = self.definitions[name].text
            self.there |= {n for n, other in self.definitions.items() if other.text == text}
            tree = parsed(text)
            yield from self.needed(tree)
            defines = isinstance(tree.body[0], ast.FunctionDef | ast.ClassDef)
            yield Piece(_without_docstring(text) if defines else text, defines=defines)


def _without_docstring(text: str) -> str:
    """Return a function without its docstring: here the lines that compute are looked for."""
    node = parsed(text).body[0]
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return text
    lines, docstring = text.splitlines(), node.body[0]
    return "\n".join([*lines[: docstring.lineno - 1], *lines[docstring.end_lineno or 0 :]])


def _above(text: str, node: ast.stmt) -> list[str]:
    """Return the comments above a statement, without their indentation."""
    lines, first = text.splitlines(), node.lineno
    while lines[first - 2].strip().startswith("#"):
        first -= 1
    return [line.strip() for line in lines[first - 1 : node.lineno - 1]]


def _beside(text: str, node: ast.stmt) -> str:
    """Return the comment that stands behind a statement, with the space before it."""
    last = text.splitlines()[(node.end_lineno or 0) - 1]
    return last.encode()[node.end_col_offset or 0 :].decode().rstrip()


def _is_expression(function: ast.FunctionDef) -> bool:
    """Whether a function is nothing but the value that it returns, on one line."""
    returned = function.body[-1]
    alone = len(function.body) == 1 and isinstance(returned, ast.Return)
    return alone and returned.lineno == returned.end_lineno


def _expression(text: str, function: ast.FunctionDef, arguments: list[str]) -> str:
    """Return the value of such a function with these arguments for its parameters."""
    returned = function.body[-1]
    assert isinstance(returned, ast.Return) and returned.value is not None
    names = [parameter.arg for parameter in function.args.args]
    return _with_values(source_of(text, returned.value), dict(zip(names, arguments, strict=True)))


def _with_values(text: str, values: Mapping[str, str]) -> str:
    """Return code with expressions in the place of names, in brackets where they need them."""
    found = [n for n in nodes_of(text) if isinstance(n, ast.Name) and n.id in values]
    for node in sorted(found, key=lambda node: (-node.lineno, -node.col_offset)):
        plain, safe = (_put(text, node, each) for each in (values[node.id], f"({values[node.id]})"))
        text = plain if ast.dump(parsed(plain)) == ast.dump(parsed(safe)) else safe
    return text


def _put(text: str, node: ast.Name, written: str) -> str:
    """Return code with something else in the place of a name."""
    lines = text.splitlines()
    line = lines[node.lineno - 1].encode()
    before, after = line[: node.col_offset], line[node.end_col_offset :]
    lines[node.lineno - 1] = (before + written.encode() + after).decode()
    return "\n".join(lines)


def _given(parameter: str, written: str, section: str, caller: str, called: str) -> Piece:
    """Return what gives a parameter its value: nothing, where both have the same name."""
    if written == parameter:
        return Piece("", section, reads=caller, gives=called, passes=frozenset({parameter}))
    return Piece(f"{parameter} = {written}", section, reads=caller, gives=called)


def _function(text: str) -> ast.FunctionDef:
    (node,) = parsed(textwrap.dedent(text)).body
    assert isinstance(node, ast.FunctionDef)
    return node


def _first_line(function: ast.FunctionDef, lines: list[str]) -> int:
    """Return the line behind which the body of a function begins, with its comments."""
    first = function.body[0].lineno - 1
    while lines[first - 1].strip().startswith("#"):
        first -= 1
    return first


def _dedented(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip("\n")


def _pairs(target: str, value: str) -> list[tuple[str, str]]:
    """Return what gets which value: of `a, b = x, y` each by itself."""
    sides = [parsed(side).body[0].value for side in (target, value)]  # type: ignore[attr-defined]
    if not all(isinstance(side, ast.Tuple) for side in sides) or len({*map(_length, sides)}) > 1:
        return [(target, value)]
    ones, others = sides
    return [
        (source_of(target, one), source_of(value, other))
        for one, other in zip(ones.elts, others.elts, strict=True)
    ]


def _length(side: ast.Tuple) -> int:
    return len(side.elts)


def _assignment(text: str, returned: ast.Return, target: str) -> str:
    """Return `target = value` as the value is written behind `return`, comments above included."""
    lines = textwrap.dedent(text).splitlines()
    first = returned.lineno
    while lines[first - 2].strip().startswith("#"):
        first -= 1
    written = _dedented(lines[first - 1 : returned.end_lineno])
    return written.replace("return ", f"{target} = ", 1)


def _named(lines: list[str]) -> str | None:
    """Return the title of a section that begins with these lines."""
    titles = [line.strip() for line in lines if line.strip().startswith(SECTION)]
    return titles[0].removeprefix(SECTION) if titles else None


# Names


def _without_unread(pieces: list[Piece]) -> list[Piece]:
    """Leave out `name = None`, and other constants, where no line reads the name."""
    read = {name for piece in pieces for name in _loaded(piece.text)}
    return [piece for piece in pieces if _constant(piece) in (None, *read)]


def _constant(piece: Piece) -> str | None:
    """Return the name to which a piece gives a constant, if that is all it does."""
    tree = parsed(piece.text)
    node = tree.body[0] if len(tree.body) == 1 else None
    if isinstance(node, ast.Assign) and _is_constant(node.value):
        # What is put into a dictionary is read under the name of the dictionary
        target = node.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression is a constant, or a dictionary that has some."""
    return is_constant(node) and not (isinstance(node, ast.Dict) and not node.values)


def _check_names(pieces: list[Piece]) -> None:
    """Refuse a name that one function has given a value and another one reads as its own."""
    own: dict[str, set[str]] = {}
    for piece in pieces:
        own.setdefault(piece.gives, set()).update(_stored(piece.text) | piece.passes)
    holders: dict[str, set[str]] = {}
    for piece in pieces:
        if piece.defines:
            continue
        stored = _stored(piece.text)
        read = (_loaded(piece.text) - stored) | piece.passes
        for name in read & own.get(piece.reads, set()):
            if piece.reads not in holders.get(name, {piece.reads}):
                raise ValueError(f"{name} of {holders[name]} is read in {piece.reads}")
        for name in piece.passes:
            holders.setdefault(name, {piece.reads}).add(piece.gives)
        holders |= {name: {piece.gives} for name in stored}


def _stored(text: str) -> set[str]:
    nodes = (node for node in nodes_of(text) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def _loaded(text: str) -> set[str]:
    nodes = (node for node in nodes_of(text) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
