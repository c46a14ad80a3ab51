"""A new project: its commented apprenti.toml, made from the settings and their help."""

import contextlib
import os
import shutil
from pathlib import Path

from apprenti import project as projects
from apprenti.data.fetch import addresses, known
from apprenti.data.fetch import origin as origins
from apprenti.data.source import BUILT_IN, Source, open_source
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.new import starting_values
from apprenti.outside import real
from apprenti.project import FILE, DataSettings, Project
from apprenti.script.literals import toml_literal
from apprenti.writing import write_text


def write_project(folder: Path, source: str, target: str | None = None) -> Project:
    """Make a project as `create` does, and return it."""
    return create(folder, source, target)[0]


def create(folder: Path, source: str, target: str | None = None) -> tuple[Project, Source]:
    """Make a project on `source` (a name, or a path from where the user stands).

    `target` names the column to predict, where the source is a table.

    The data are checked first; a known set is copied into the project, so that it is complete.
    Nothing is left behind when something is wrong.
    """
    refuse_project(folder)
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    brought = source in known.KNOWN and not os.path.exists(folder / source)
    # Before the project is there, which may be called like its data
    if addresses.is_address(source):
        source = origins.without_secrets(source)
    by_name = addresses.is_address(source) or (source in BUILT_IN and not os.path.exists(source))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = source
        if source in known.KNOWN:
            known.bring(source, folder)
        elif not by_name:
            written = _from_project(source, folder)
        given = {"data": {"source": written, "target": target}}
        data = _told(projects.check(given, overridden={"data.source", "data.target"}).data, folder)
        checked = open_source(data, folder)
        _claim(folder, toml(data, checked))
    except OSError as error:
        raise ApprentiError("cannot_write", path=folder, reason=error.strerror) from None
    finally:
        if not os.path.exists(folder / FILE):
            _remove(missing, folder / source if brought else None)
    return projects.load(folder), checked


def refuse_project(folder: Path) -> None:
    """Raise an error if a folder is a project already."""
    if os.path.lexists(folder / FILE):
        raise ApprentiError("project_exists", folder=folder)


def _claim(folder: Path, text: str) -> None:
    """Write apprenti.toml where there is none: of several who do so at once, one alone can."""
    try:
        write_text(folder / FILE, text, is_new=True)
    except FileExistsError:
        raise ApprentiError("project_exists", folder=folder) from None


def _told(data: DataSettings, folder: Path) -> DataSettings:
    """Return the settings with what an address told of its columns: the target, and codes."""
    origin = origins.find(data.source, folder) if addresses.is_address(data.source) else None
    if origin is None:
        return data
    target = data.target or origin.target or None
    codes = tuple(name for name in origin.categorical if name != target)
    return data.model_copy(update={"target": target, "categorical": codes})


def _from_project(source: str, folder: Path) -> str:
    """Write a path as seen from the project, with forward slashes, where that is possible."""
    path = real(Path(os.path.expanduser(source)))
    try:
        return Path(os.path.relpath(path, real(folder))).as_posix()
    except ValueError:
        return path.as_posix()


def _remove(made: list[Path], brought: Path | None) -> None:
    if brought:
        shutil.rmtree(brought, ignore_errors=True)
    for folder in made:
        with contextlib.suppress(OSError):
            folder.rmdir()


def toml(data: DataSettings, checked: Source) -> str:
    """Return a commented apprenti.toml: every setting with its help, its limits and its default."""
    lines = [say("settings.head"), ""]
    section = ""
    given: dict[str, object] = {"data.source": data.source}
    if checked.table:
        columns = checked.table.columns
        found = {"target": columns.target, "text": columns.text, "image": columns.image}
        found["task"] = checked.task
        given |= {f"data.{name}": value for name, value in found.items()}
        given["data.categorical"] = data.categorical
    if checked.kind != "digits":
        # The first model keeps the five of every first lesson
        given["train.epochs"] = starting_values.epochs(checked)
    for setting in projects.settings():
        top = setting.section.split(".")[0]
        if top != section:
            lines += ["", f"[{top}]"] if section else [f"[{top}]"]
            section = top
        if setting.section == "data.split":
            if setting.name == "train":
                lines += [f"# {say('settings.split')}", _split(checked)]
            continue
        help_text = say(f"settings.{setting.key}")
        lines.append(f"# {help_text}  ({projects.limits(setting.field)})")
        lines.append(_line(setting.name, given.get(setting.key, setting.field.default)))
    return "\n".join(lines) + "\n"


def _line(name: str, value: object) -> str:
    # What has no value is there all the same, for whoever needs it
    return f"# {name} =" if value is None else f"{name} = {toml_literal(value)}"


def _split(checked: Source) -> str:
    parts = starting_values.split(checked)
    written = ", ".join(f"{name} = {_amount(amount)}" for name, amount in parts.items())
    words = f"   # {say('settings.own_test')}" if checked.has_test_part else ""
    return f"split = {{ {written} }}{words}"


def _amount(amount: float) -> str:
    return f"{amount:.2f}" if isinstance(amount, float) else str(amount)
