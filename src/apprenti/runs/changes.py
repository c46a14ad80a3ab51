"""What is done to the folder of a run: made, locked, noted, renamed, put aside, brought back."""

import contextlib
import os
import re
import shutil
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti.errors import ApprentiError, RunDamaged, nearest
from apprenti.runs.facts import read_any
from apprenti.runs.folders import DELETED, HIGHEST, entries, highest, is_being_made, numbers
from apprenti.runs.names import BEST, LAST, named
from apprenti.runs.process import began, is_alive
from apprenti.runs.record import ENVIRONMENT, RUNNING
from apprenti.runs.run import Run, order_of
from apprenti.writing import told, write_json, write_text

if TYPE_CHECKING:
    import filelock

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

ABANDONED = 60.0
"""Seconds after which nobody is still between two acts of making a folder."""


def create(runs_folder: Path, model: str, framework: str) -> Run:
    """Make the folder of a new run: the date, its number, the model, the framework.

    The number is above that of every run of the project before it, also of those put aside.

    Of several who do so at once each gets a number of its own. It is listed as soon as it has a
    choices.toml; until then it says whose it is, so that it is removed if that process has died.
    """
    today = date.today().isoformat()
    try:
        runs_folder.mkdir(parents=True, exist_ok=True)
        _clear(runs_folder)
        while True:
            number = max([*numbers(runs_folder), highest(runs_folder)]) + 1
            reserved = runs_folder / f".{today}-{number:03}-"
            with contextlib.suppress(FileExistsError):
                reserved.mkdir()
                try:
                    # Somebody may have made it since we looked
                    if numbers(runs_folder).count(number) == 1:
                        return _make(
                            runs_folder / f"{reserved.name[1:]}{model}-{framework}", number
                        )
                finally:
                    reserved.rmdir()
    except OSError as error:
        raise ApprentiError("cannot_write", path=runs_folder, reason=error.strerror) from None


def _make(folder: Path, number: int) -> Run:
    folder.mkdir()
    made_by = {"process": os.getpid(), "process_began": began(os.getpid())}
    write_json(folder / ENVIRONMENT, {"status": RUNNING, "number": number, **made_by})
    if number > highest(folder.parent) or not (folder.parent / HIGHEST).exists():
        write_text(folder.parent / HIGHEST, f"{number}\n")
    return Run(folder)


def discard(run: Run) -> None:
    """Remove the folder of a run that never began."""
    if is_being_made(run.folder):
        shutil.rmtree(run.folder, ignore_errors=True)


def _clear(runs_folder: Path) -> None:
    """Remove what was left by those who died while they made a run."""
    for name in os.listdir(runs_folder):
        folder = runs_folder / name
        if not re.match(r"\.?\d{4}-\d\d-\d\d-\d+-", name) or not folder.is_dir():
            continue
        # Somebody else may be making or removing the same one
        with contextlib.suppress(OSError, RunDamaged):
            if is_being_made(folder) and not is_alive(Run(folder).environment):
                shutil.rmtree(folder, ignore_errors=True)
            elif not os.listdir(folder) and folder.stat().st_mtime < time.time() - ABANDONED:
                folder.rmdir()


def lock(run: Run) -> "filelock.FileLock":
    """Take a run for oneself, to execute it or to settle it; whoever takes it releases it.

    Raises an error at once if another has it.
    """
    import filelock

    try:
        held = filelock.FileLock(run.folder / ".lock", blocking=False)
        held.acquire()
    except filelock.Timeout:
        raise ApprentiError("run_under_way", run=run.name) from None
    except OSError as error:
        reason = error.strerror or error
        raise ApprentiError("cannot_write", path=run.folder, reason=reason) from None
    return held


def set_note(run: Run, text: str) -> None:
    """Replace the note of a run; an empty one removes it."""
    path = run.folder / "note.txt"
    with told(path):
        if text:
            write_text(path, text)
        else:
            path.unlink(missing_ok=True)


def rename(run: Run, name: str) -> Run:
    """Give a run another name, which must be new and stay inside the folder of the runs."""
    if (
        not NAME.fullmatch(name)
        or name.endswith(".")
        or WINDOWS_DEVICES.fullmatch(name)
        or name in (LAST, BEST)
        or name.isdecimal()
    ):
        raise ApprentiError("run_name", name=name)
    _refuse_under_way(run)
    target = run.folder.with_name(name)
    if target.exists():
        raise ApprentiError("run_exists", name=name)
    with told(run.folder):
        run.folder.rename(target)
    return Run(target)


def delete(run: Run) -> None:
    """Put a run aside; `restore` brings it back until another of its name is deleted."""
    _refuse_under_way(run)
    aside = run.folder.parent / DELETED / run.name
    shutil.rmtree(aside, ignore_errors=True)
    with told(run.folder):
        aside.parent.mkdir(exist_ok=True)
        run.folder.rename(aside)


def restore(runs_folder: Path, name: str) -> Run:
    """Bring back a run that was deleted, named as `find` has it."""
    deleted = sorted(map(Run, entries(runs_folder / DELETED)), key=order_of)
    found = named(deleted, name)
    if found is None:
        near = nearest(name, [run.name for run in deleted])
        raise ApprentiError("not_deleted", name=name, nearest=near)
    target = runs_folder / found.name
    if target.exists():
        raise ApprentiError("run_exists", name=found.name)
    with told(runs_folder):
        found.folder.rename(target)
    return Run(target)


def _refuse_under_way(run: Run) -> None:
    # Released at once: a folder with an open file in it cannot be moved everywhere
    lock(run).release()
    if read_any(run).status == RUNNING:
        raise ApprentiError("run_under_way", run=run.name)
