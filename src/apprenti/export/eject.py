"""Eject: what ran leaves Apprenti, as the script itself or as a notebook of its sections."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data.addresses import is_address
from apprenti.data.sources import BUILT_IN
from apprenti.errors import ApprentiError
from apprenti.model import catalogue
from apprenti.runs import Run, write_text
from apprenti.script.assemble import SECTION


class Ejected(NamedTuple):
    """The files that left, the program first, and the data to lay beside it ("" for none)."""

    files: list[Path]
    data: str


def eject(run: Run, destination: Path, *, notebook: bool = False) -> Ejected:
    """Copy the script of a run (or make its notebook) and write what it needs into `destination`.

    The script is the same file byte for byte. Files that are already there are not overwritten.
    """
    program = destination / ("train.ipynb" if notebook else "train.py")
    needs = destination / "requirements.txt"
    for path in (program, needs):
        if path.exists():
            raise ApprentiError("file_exists", path=path)
    try:
        destination.mkdir(parents=True, exist_ok=True)
        write_text(needs, "".join(f"{line}\n" for line in requirements(run)))
        if notebook:
            write_text(program, as_notebook(run.script.read_text(encoding="utf-8")))
        else:
            shutil.copyfile(run.script, program)
    except OSError as error:
        raise ApprentiError("cannot_write", path=destination, reason=error.strerror) from None
    return Ejected([program, needs], _data_name(run))


def requirements(run: Run) -> list[str]:
    """Return the requirements of a run's script, at the versions it ran with."""
    versions = run.environment.get("versions", {})
    lines = []
    for name in catalogue.requirements(run.script.read_text(encoding="utf-8")):
        version = versions.get(name, "").partition("+")[0]
        lines.append(f"{name}=={version}" if version else name)
    return lines


def _data_name(run: Run) -> str:
    source = str(run.choices["data"]["source"])
    if is_address(source):
        return next(iter(run.environment.get("hashes", {}).get("data", {})), "")
    return "" if source in BUILT_IN else Path(source).name


def as_notebook(script: str) -> str:
    """Return a notebook with one code cell a section, under the section's title."""
    from importlib import import_module

    nbformat: Any = import_module("nbformat")
    head, *sections = script.split(f"\n{SECTION}")
    title, _, imports = head.partition('"""\n')
    cells = [
        nbformat.v4.new_markdown_cell(title.removeprefix('"""').strip()),
        nbformat.v4.new_code_cell(imports.strip()),
    ]
    for section in sections:
        heading, _, code = section.partition("\n")
        cells.append(nbformat.v4.new_markdown_cell(f"## {heading}"))
        cells.append(nbformat.v4.new_code_cell(code.strip()))
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
