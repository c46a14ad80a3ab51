"""A new project: its commented apprenti.toml, made from the settings and their help."""

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

from apprenti import project as projects
from apprenti.data import kept
from apprenti.data.fetch import addresses, known
from apprenti.data.fetch import origin as origins
from apprenti.data.kinds import decoded
from apprenti.data.source import BUILT_IN, Source, locate_given, open_source
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.new import settings_shown, starting_values
from apprenti.outside import real
from apprenti.project import FILE, Choices, DataSettings, Project
from apprenti.script.literals import toml_literal
from apprenti.standing import looked_at
from apprenti.writing import write_text


def write_project(folder: Path, source: str, target: str | None = None) -> Project:
    """Make a project as `create` does, with the network of the guide, and return it."""
    return create(folder, source, target, of_the_guide=True)[0]


def create(
    folder: Path,
    source: str,
    target: str | None = None,
    task: str | None = None,
    skip_broken: bool = False,
    of_the_guide: bool = False,
) -> tuple[Project, Source]:
    """Make a project on `source` (a name, or a path from where the user stands).

    `target` names the column to predict, where the source is a table, and `task` says whether it is
    a class or a number; with `skip_broken`, the images of a folder that cannot be read are left out
    by name. The model is one that suits the data, or the network `of_the_guide`.

    The data are checked first; a known set is copied into the project, so that it is complete. What
    is grave in them is known from then on (`standing.serious`).
    Nothing is left behind when something is wrong.
    """
    refuse_project(folder)
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    brought = source in known.KNOWN and not os.path.exists(folder / source)
    # Before the project is there, which may be called like its data
    if addresses.is_address(source):
        source = origins.without_secrets(source)
    by_name = _is_by_name(source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = source
        if source in known.KNOWN:
            known.bring(source, folder)
        elif not by_name:
            written = _from_project(source, folder)
        data = _told(_settings(written, target, task), folder)
        data, checked = _opened(data, folder, skip_broken)
        _claim(folder, toml(data, checked, of_the_guide))
        if checked.table:
            kept.keep(folder, checked.table.columns.written, data.source)
    except OSError as error:
        raise ApprentiError("cannot_write", path=folder, reason=error.strerror) from None
    finally:
        if not os.path.exists(folder / FILE):
            _remove(missing, folder / source if brought else None)
    project = projects.load(folder)
    looked_at(project, checked)
    return project, checked


def _settings(source: str, target: str | None, task: str | None) -> DataSettings:
    given = {"source": source, "target": target, "task": task}
    return projects.check(
        {"data": given}, overridden={"data.source", "data.target", "data.task"}
    ).data


def _opened(data: DataSettings, folder: Path, skip_broken: bool) -> tuple[DataSettings, Source]:
    try:
        return data, open_source(data, folder, keep=False)
    except ApprentiError as error:
        if error.key != "broken_in_folder" or not skip_broken:
            raise
        sound = data.model_copy(update={"skip_images": error.values["names"]})
        return sound, open_source(sound, folder, keep=False)


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


def _is_by_name(source: str) -> bool:
    """Say whether a source is a name wherever one stands; refuse a path where nothing is."""
    if addresses.is_address(source) or (source in BUILT_IN and not os.path.exists(source)):
        return True
    if source and source not in known.KNOWN:
        locate_given(source)
    return False


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
            (folder / decoded.FILE).unlink(missing_ok=True)
            folder.rmdir()


def toml(data: DataSettings, checked: Source, of_the_guide: bool = False) -> str:
    """Return a commented apprenti.toml: each setting that matters with its help and its limits."""
    given = _given(data, checked, of_the_guide)
    matter = settings_shown.that_matter(_choices(given, checked), checked)
    lines = [say("settings.head"), ""]
    section = ""
    for setting in projects.settings():
        if not setting.is_of_runs:
            continue
        top = setting.section.split(".")[0]
        if top != section:
            lines += ["", f"[{top}]"] if section else [f"[{top}]"]
            section = top
        if setting.section == "data.split":
            if setting.name == "train":
                lines += [f"# {say('settings.split')}", _split(checked)]
            continue
        if not settings_shown.stands(setting, matter, given):
            continue
        help_text = say(f"settings.{setting.key}")
        lines.append(f"# {help_text}  ({projects.limits(setting.field)})")
        lines.append(_line(setting.name, given.get(setting.key, setting.field.default)))
    return "\n".join(lines) + "\n"


def _given(data: DataSettings, checked: Source, of_the_guide: bool) -> dict[str, object]:
    """Return the settings that have another value than their default."""
    given: dict[str, object] = {"data.source": data.source, "data.skip_images": data.skip_images}
    if checked.table:
        columns = checked.table.columns
        found = {"target": columns.target, "text": columns.text, "image": columns.image}
        found["task"] = checked.task
        given |= {f"data.{name}": value for name, value in found.items()}
        given["data.categorical"] = data.categorical
        given["model.vocabulary"] = starting_values.vocabulary(checked)
    given["train.epochs"] = starting_values.epochs(checked)
    if not of_the_guide:
        model = starting_values.model(checked)
        given |= {"model.kind": model.kind, "train.framework": model.framework}
    return given


def _choices(given: dict[str, object], checked: Source) -> Choices:
    """Return the choices of a project whose file says this."""
    content: dict[str, Any] = {}
    for key, value in {**given, "data.split": starting_values.split(checked)}.items():
        projects.put(content, key, value)
    return projects.check(content)


def _line(name: str, value: object) -> str:
    # What has no value is there all the same, for whoever needs it
    return f"# {name} =" if value is None else f"{name} = {toml_literal(value)}"


def _split(checked: Source) -> str:
    parts = starting_values.split(checked)
    written = ", ".join(f"{name} = {_amount(amount)}" for name, amount in parts.items())
    own = [name for name, there in _own_parts(checked).items() if there]
    words = f"   # {say(f'settings.{own[0]}')}" if own else ""
    return f"split = {{ {written} }}{words}"


def _own_parts(checked: Source) -> dict[str, bool]:
    """Return what is said of the parts that come with the data, and whether they do."""
    of_test, of_validation = checked.has_test_part, bool(checked.valid_part)
    return {
        "own_parts": of_test and of_validation,
        "own_test": of_test,
        "own_valid": of_validation,
    }


def _amount(amount: float) -> str:
    return f"{amount:.2f}" if isinstance(amount, float) else str(amount)


def next_step(folder: Path) -> str:
    """Say what comes after a new project, with commands for where one stands."""
    is_here = folder.resolve() == Path.cwd()
    return say("new.next_here") if is_here else say("new.next", folder=folder)
