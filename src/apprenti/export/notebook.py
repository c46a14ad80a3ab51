"""The notebook of a run: a cell a section, and cells that show what the sections leave.

A cell that is added is the body of the function `main` of a block. The parameters of that function
are the names that it finds in the notebook, and it stands as soon as all of them are there.
"""

import ast
import symtable
import textwrap
import tokenize
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.language import LANGUAGES, say, subject
from apprenti.model import catalogue
from apprenti.run_files import needed_text
from apprenti.runs import Run
from apprenti.script.assemble import read_block
from apprenti.script.flatten import SECTION
from apprenti.script.imports import Imports, claim, head
from apprenti.script.literals import literal
from apprenti.script.names import names_taken
from apprenti.script.syntax import parse
from apprenti.script.translate import sentences, translate
from apprenti.train import recipe


class Cell(NamedTuple):
    """Code under a heading; what comes before the first section of a script has none."""

    heading: str
    code: str

    @property
    def names(self) -> set[str]:
        """What is there once it was run: variables, functions, classes and imports."""
        symbols = symtable.symtable(self.code, "cell", "exec").get_symbols()
        return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


class Notebook(NamedTuple):
    title: str
    cells: Sequence[Cell]

    @property
    def code(self) -> str:
        return "\n\n".join(cell.code for cell in self.cells)

    @property
    def text(self) -> str:
        """The file: each code cell under a cell with its heading."""
        nbformat: Any = import_module("nbformat")
        cells = [nbformat.v4.new_markdown_cell(self.title)]
        for heading, code in self.cells:
            if heading:
                cells.append(nbformat.v4.new_markdown_cell(f"## {heading}"))
            cells.append(nbformat.v4.new_code_cell(code))
        for number, cell in enumerate(cells):
            # Fixed identifiers: the same script gives the same notebook
            cell["id"] = f"cell-{number}"
        made = nbformat.v4.new_notebook(cells=cells)
        made["metadata"] = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
        nbformat.validate(made)
        return str(nbformat.writes(made)) + "\n"


def notebook_of(run: Run) -> Notebook:
    """Return the notebook of a run: of its short form, or of its script where it has none."""
    try:
        return _notebook_of(run)
    except (SyntaxError, ValueError, IndexError, RecursionError, tokenize.TokenError):
        # Somebody has changed it into something that has no sections
        raise RunDamaged(run.essential or run.script, say("runs.damage.no_script")) from None


def _notebook_of(run: Run) -> Notebook:
    if run.essential is None:
        return whole(needed_text(run.script))
    material, settings = recipe.read(run)
    script = needed_text(run.essential)
    augmented = "\ndef augment(" in script
    stops = bool(settings.get("early_stopping"))
    blocks = catalogue.notebook_blocks(run.framework, run.model, material, augmented, stops)
    return to_play_with(script, blocks, str(settings["data"]))


def sections(script: str) -> Notebook:
    """Return the notebook of a script as it is, with one cell a section."""
    # A name of a file in the title may look like the beginning of a section
    end = parse(script).body[0].end_lineno
    title = "\n".join(script.splitlines()[:end]).removesuffix('"""')
    imports, *parts = "\n".join(script.splitlines()[end:]).split(f"\n{SECTION}")
    cells = [Cell("", imports.strip())]
    for part in parts:
        heading, _, code = part.partition("\n")
        cells.append(Cell(heading, code.strip()))
    return Notebook(title.removeprefix('"""').strip(), cells)


def whole(script: str) -> Notebook:
    """Return the notebook of a script as it is, and of what a cell does not know by itself."""
    title, cells = sections(script)
    if "__file__" not in names_taken(script):
        return Notebook(title, cells)
    words = subject("script", _language(script))["words"]
    added = _cell(catalogue.whole_notebook_blocks(), {}, cells[0].names, words)
    return Notebook(title, [cells[0], added, *cells[1:]])


def to_play_with(script: str, blocks: Sequence[Path], source: str) -> Notebook:
    """Return the notebook of the short form of a script, with the cells of the blocks in it.

    `source` is the name of the data to bring along; "" for none. Raises ValueError where a block
    takes a name that no cell gives.
    """
    language = _language(script)
    title, cells = sections(script)
    cells = [_quiet(cell) for cell in cells]
    given = {"packages": _packages(script, blocks), "source": literal(source)}
    place = 0
    for _, alike in groupby(blocks, lambda path: read_block(path).parts[0].section):
        # Blocks of one title share a cell, as they share a section of a script
        group = list(alike)
        wanted = _wanted(group) - given.keys()
        place = _first_place(cells, wanted, place)
        known = set().union(*(cell.names for cell in cells[:place]))
        added = _cell(group, given, known, subject("script", language)["words"])
        cells = [*cells[:place], added, *cells[place:]]
        place += 1
    first = title.splitlines()[0]
    return Notebook(f"# {first}\n\n{subject('export', language)['notebook']}", cells)


def _quiet(cell: Cell) -> Cell:
    """Return a cell that does not show the value of its last line: a seed set, a limit of threads.

    A script shows nothing of the kind; in a notebook a semicolon is the sign for it.
    """
    last = parse(cell.code).body[-1]
    printed = isinstance(last, ast.Expr) and ast.unparse(last).startswith("print(")
    return (
        cell._replace(code=f"{cell.code};") if isinstance(last, ast.Expr) and not printed else cell
    )


def _language(script: str) -> str:
    """Return the language in which a script is written, whatever is spoken now."""
    said = {sentence.words for sentence in sentences(script)}
    known = {name: set(subject("script", name)["words"].values()) for name in LANGUAGES}
    return max(sorted(known), key=lambda name: len(said & known[name]))


def _packages(script: str, blocks: Sequence[Path]) -> str:
    """Return, as it is written, what the notebook imports and what is to be installed for it."""
    code = "\n".join([script, *(path.read_text(encoding="utf-8") for path in blocks)])
    needed = catalogue.requirements(code)
    modules = {module: name for module, name in catalogue.DISTRIBUTIONS.items() if name in needed}
    lines = (f"    {literal(module)}: {literal(name)},\n" for module, name in modules.items())
    return f"{{\n{''.join(lines)}}}"


def _wanted(blocks: Sequence[Path]) -> set[str]:
    """Return the names that the blocks of a cell take from the cells above."""
    wanted: set[str] = set()
    given: set[str] = set()
    for path in blocks:
        wanted |= {parameter.arg for parameter in _main(path).args.args} - given
        given |= Cell("", _body(path)).names
    return wanted


def _first_place(cells: Sequence[Cell], wanted: set[str], after: int) -> int:
    """Return the place, not before `after`, from which on all the names are there."""
    missing = set(wanted)
    for place, cell in enumerate([Cell("", ""), *cells]):
        missing -= cell.names
        if not missing and place >= after:
            return place
    raise ValueError(f"no cell gives {', '.join(sorted(missing))}")


def _cell(
    blocks: Sequence[Path], given: Mapping[str, str], known: set[str], words: Mapping[str, str]
) -> Cell:
    """Return the cell of some blocks, in the language of the words."""
    imports: Imports = {}
    for path in blocks:
        for node in read_block(path).imports:
            claim(node, imports, path)
    used = set().union(*(names_taken(read_block(path).parts[0].text) for path in blocks))
    parameters = [parameter.arg for path in blocks for parameter in _main(path).args.args]
    values = "\n".join(f"{name} = {given[name]}" for name in given if name in parameters)
    code = "\n".join(filter(None, [values, *(_body(path) for path in blocks)]))
    paragraphs = [*head(imports, frozenset(used - known), []), code]
    section = read_block(blocks[0]).parts[0].section
    return Cell(words.get(section, section), translate("\n\n".join(paragraphs), words))


def _main(path: Path) -> ast.FunctionDef:
    tree = parse(read_block(path).parts[0].text)
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef))


def _body(path: Path) -> str:
    """Return the lines of the function of a block, without the `return` at its end."""
    lines, function = read_block(path).parts[0].text.splitlines(), _main(path)
    begin = function.body[0].lineno - 1
    while lines[begin - 1].strip().startswith("#"):
        begin -= 1
    last = function.body[-1]
    end = last.lineno - 1 if isinstance(last, ast.Return) else len(lines)
    return textwrap.dedent("\n".join(lines[begin:end])).strip("\n")
