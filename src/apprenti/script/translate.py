"""The language of a script: its comments, docstrings and printed words, and nothing else.

Blocks are written in English. texts/<language>/script.toml gives each of their sentences in another
language; replacing them changes no code, so that both scripts compute the same.
"""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apprenti.script.syntax import parse, source_of


class Sentence(NamedTuple):
    """Words for people in a script: where they stand (line, column; columns in characters)."""

    words: str
    start: tuple[int, int]
    end: tuple[int, int]


def sentences(source: str) -> Iterator[Sentence]:
    """Yield the comments, docstrings and printed sentences of a script, in the order of the text.

    Printed are the texts inside `print(...)` and `SystemExit(...)` that contain a letter outside
    their {fields}; names of files, columns and settings are code and stay as they are.
    """
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            words = token.string.removeprefix("# %%").removeprefix("#")
            indent = len(token.string) - len(words.lstrip())
            line, column = token.start
            yield Sentence(words.strip(), (line, column + indent), token.end)
    for node in _texts(parse(source)):
        first, last = lines[node.lineno - 1], lines[(node.end_lineno or 0) - 1]
        start = len(first.encode()[: node.col_offset].decode())
        end = len(last.encode()[: node.end_col_offset].decode())
        literal = source_of(source, node)
        prefix = len(literal) - len(literal.lstrip("fF"))
        quotes = 3 if literal[prefix:].startswith('"""') else 1
        inside = literal[prefix + quotes : -quotes]
        yield Sentence(
            inside,
            (node.lineno, start + prefix + quotes),
            (node.end_lineno or 0, end - quotes),
        )


def _texts(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value
        elif isinstance(node, ast.Call) and _speaks(node.func):
            yield from (
                a for a in node.args if isinstance(a, ast.JoinedStr | ast.Constant) and _is_said(a)
            )


def _speaks(called: ast.AST) -> bool:
    return isinstance(called, ast.Name) and called.id in ("print", "SystemExit")


def _is_said(node: ast.JoinedStr | ast.Constant) -> bool:
    pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
    fixed = "".join(str(p.value) for p in pieces if isinstance(p, ast.Constant))
    return " " in fixed.strip() and any(letter.isalpha() for letter in fixed)


def translate(source: str, words: Mapping[str, str]) -> str:
    """Return the script with each sentence found in `words` replaced; others stay in English."""
    lines = source.splitlines(keepends=True)
    for sentence in sorted(sentences(source), key=lambda s: s.start, reverse=True):
        (first, start), (last, end) = sentence.start, sentence.end
        if sentence.words in words:
            before, after = lines[first - 1][:start], lines[last - 1][end:]
            lines[first - 1 : last] = [before + words[sentence.words] + after]
    return "".join(lines)
