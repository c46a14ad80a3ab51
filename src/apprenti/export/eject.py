"""Eject: what ran leaves Apprenti, as a script, as its short form or as a notebook."""

import re
import shutil
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from apprenti.data.fetch.addresses import is_address
from apprenti.data.source import BUILT_IN
from apprenti.errors import ApprentiError
from apprenti.export.notebook import notebook_of
from apprenti.model import catalogue
from apprenti.run_files import needed_text
from apprenti.runs import Run
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.writing import write_text


class Ejected(NamedTuple):
    """The files that left, the program first, and the data to lay beside it ("" for none)."""

    files: list[Path]
    data: str


def eject(
    run: Run, destination: Path, *, essential: bool = False, notebook: bool = False
) -> Ejected:
    """Copy the script of a run (or make its notebook) and write what it needs into `destination`.

    With `essential` the script is the short form; a notebook is made of it wherever there is one.
    A script is the same file byte for byte. Files that are already there are not overwritten.
    """
    if essential and run.essential is None:
        raise ApprentiError("no_essential", run=run.name)
    script = run.essential if run.essential and (essential or notebook) else run.script
    program = destination / script.with_suffix(".ipynb" if notebook else ".py").name
    needs = destination / "requirements.txt"
    corrections = [run.folder / CORRECTIONS] * (run.folder / CORRECTIONS).is_file()
    beside = [destination / path.name for path in corrections]
    for path in (program, needs, *beside):
        if path.exists():
            raise ApprentiError("file_exists", path=path)
    made = notebook_of(run) if notebook else None
    code = made.code if made else needed_text(script)
    try:
        destination.mkdir(parents=True, exist_ok=True)
        for path in corrections:
            shutil.copyfile(path, destination / path.name)
        write_text(needs, "".join(f"{line}\n" for line in requirements(run, code)))
        if made:
            write_text(program, made.text)
        else:
            shutil.copyfile(script, program)
    except OSError as error:
        raise ApprentiError("cannot_write", path=destination, reason=error.strerror) from None
    return Ejected([program, needs, *beside], _data_name(run))


def requirements(run: Run, code: str) -> list[str]:
    """Return the requirements of a run's code, at the versions it ran with.

    What draws in a notebook did not run then: it comes in the version that is installed here.
    """
    versions = {catalogue.DRAWS: metadata.version(catalogue.DRAWS)}
    versions |= run.environment.get("versions", {})
    lines = []
    for name in catalogue.requirements(code):
        version = versions.get(name, "").partition("+")[0]
        # As versions are written: what else the record says must not become a line of its own
        known = re.fullmatch(r"[\w.!-]+", version)
        lines.append(f"{name}=={version}" if known else name)
    return lines


def _data_name(run: Run) -> str:
    source = str(run.choices.get("data", {}).get("source", ""))
    if is_address(source):
        return next(iter(run.environment.get("hashes", {}).get("data", {})), "")
    return "" if source in BUILT_IN else Path(source).name
