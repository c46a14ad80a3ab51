"""A new project: its commented apprenti.toml, made from the settings and their help."""

import contextlib
import os
import shutil
from pathlib import Path

from apprenti import project as projects
from apprenti.data import known
from apprenti.data.sources import BUILT_IN, Source, open_source
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.project import FILE, Project
from apprenti.runs import write_text
from apprenti.script.assemble import literal

MNIST_VALID = 10_000
"""Of the 60,000 images of MNIST's training files, as many check as there are in the test."""


def write_project(folder: Path, source: str) -> Project:
    """Make a project on `source` (a name, or a path from where the user stands).

    The data are checked first; a known set is copied into the project, so that it is complete.
    Nothing is left behind when something is wrong.
    """
    if (folder / FILE).exists():
        raise ApprentiError("project_exists", folder=folder)
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    brought = source in known.KNOWN and not (folder / source).exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = source
        if source in known.KNOWN:
            known.bring(source, folder)
        elif not _is_name(source):
            written = _from_project(source, folder)
        checked = open_source(written, folder)
        write_text(folder / FILE, toml(written, checked))
    except OSError as error:
        raise ApprentiError("cannot_write", path=folder, reason=error.strerror) from None
    finally:
        if not (folder / FILE).exists():
            _remove(missing, folder / source if brought else None)
    return projects.load(folder)


def _is_name(source: str) -> bool:
    return source in BUILT_IN and not Path(source).exists()


def _from_project(source: str, folder: Path) -> str:
    """Write a path as seen from the project, with forward slashes, where that is possible."""
    path = Path(source).expanduser().resolve()
    try:
        return Path(os.path.relpath(path, folder.resolve())).as_posix()
    except ValueError:
        return path.as_posix()


def _remove(made: list[Path], brought: Path | None) -> None:
    if brought:
        shutil.rmtree(brought, ignore_errors=True)
    for folder in made:
        with contextlib.suppress(OSError):
            folder.rmdir()


def toml(source: str, checked: Source) -> str:
    """Return a commented apprenti.toml: every setting with its help, its limits and its default."""
    lines = [say("settings.head"), ""]
    section = ""
    for setting in projects.settings():
        top = setting.section.split(".")[0]
        if top != section:
            section = top
            lines += [f"[{section}]"]
        if setting.section == "data.split":
            if setting.name == "train":
                lines += [f"# {say('settings.split')}", _split(checked), ""]
            continue
        help_text = say(f"settings.{setting.key}")
        value = source if setting.key == "data.source" else setting.field.default
        lines.append(f"# {help_text}  ({projects.limits(setting.field)})")
        lines.append(f"{setting.name} = {_toml_value(value)}")
        if setting.key == "model.hidden_units":
            lines.append("")
    return "\n".join(lines) + "\n"


def _split(checked: Source) -> str:
    if checked.has_test_part:
        valid = MNIST_VALID if checked.rows >= 6 * MNIST_VALID else 0.15
        return f"split = {{ valid = {valid}, seed = 0 }}   # {say('settings.own_test')}"
    return "split = { train = 0.70, valid = 0.15, test = 0.15, seed = 0 }"


def _toml_value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    return literal(value)
