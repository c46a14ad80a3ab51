"""Settings changed for good: checked first, comments and layout of apprenti.toml kept.

What a change replaced is kept in the project, so that it can be taken back.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import project as projects
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.model import catalogue
from apprenti.new import past_changes
from apprenti.outside import read_text, read_toml
from apprenti.project import FILE, Choices
from apprenti.script.literals import toml_literal
from apprenti.train.plan import OF_CLASSES, resolve
from apprenti.writing import told, whole

HISTORY = ".changes.json"

COMMAND = "apprenti set"
"""Where a value comes from that is refused."""

ABOUT_DATA = (
    *("model.kind", "train.framework", "train.batch_size", "goal.measure"),
    *(f"train.{name}" for name in OF_CLASSES),
)
"""The settings, beside those of the data, that data can make impossible."""

UNDISTURBED = ("data.muted",)
"""The settings of data that change nothing of how these are read."""


class Change(NamedTuple):
    """A setting, by its full name, before and after; None where it is left open."""

    key: str
    before: Any
    after: Any

    def as_json(self) -> dict[str, Any]:
        """Return it as --json has it; a date is a text."""
        told: dict[str, Any] = json.loads(json.dumps(self._asdict(), default=str))
        return told


def change(folder: Path, values: Mapping[str, object]) -> list[Change]:
    """Change settings (full names) in the apprenti.toml of a project; None restores the default.

    Nothing is written where one of them is refused, by its limits or by the data.
    """
    before, text = _read(folder)
    wanted = {key: projects.as_held(key, value) for key, value in values.items()}
    wanted |= _implied(wanted, _at(before, "train.framework"))
    for key, value in wanted.items():
        text = edited(text, key, value)
    after = read_toml(text, folder / FILE)
    choices = projects.check(after, text, set(wanted), COMMAND)
    _check_against_data(folder, choices, wanted)
    changes = [Change(key, _at(before, key), _at(after, key)) for key in wanted]
    changes = [one for one in changes if one.before != one.after]
    if changes:
        _write(folder, text, changes)
    return changes


def _implied(wanted: Mapping[str, object], framework: Any) -> dict[str, object]:
    """Return the framework that a wanted model asks for, where the present one has it not."""
    model = wanted.get("model.kind")
    if "train.framework" in wanted or model not in catalogue.MODELS:
        return {}
    another = catalogue.framework_of(str(model), str(framework))
    return {} if another == framework else {"train.framework": another}


def read_assignments(folder: Path, assignments: Iterable[str]) -> dict[str, object]:
    """Read `epochs=10`, `ignore+=deck`, `missing-=?`: the settings, under their full names.

    A value is added to what a list holds, or taken from it, where the sign stands before `=`.
    """
    there, wanted = _read(folder)[0], dict[str, object]()
    for text in assignments:
        name, sign, written = ASSIGNMENT.fullmatch(text).groups()  # type: ignore[union-attr]
        key, value = projects.parse_override(f"{name}={written}", COMMAND)
        if sign and not projects.holds_list(key):
            raise ApprentiError("no_list", key=key, text=text)
        if sign:
            before = wanted[key] if key in wanted else _at(there, key)
            listed = value if isinstance(value, list | Mapping) else [value]
            value = added(before, listed) if sign == "+" else without(before, listed)
        wanted[key] = value
    return wanted


ASSIGNMENT = re.compile(r"([^=]*?)\s*([+-]?)=(.*)", re.DOTALL)


def added(there: Any, more: Any) -> object:
    """Return a list, or a table, with some more in it; a list becomes a table to hold one."""
    if isinstance(there, Mapping) and not isinstance(more, Mapping):
        more = dict.fromkeys(more, "")
    if isinstance(more, Mapping):
        return {**(there if isinstance(there, Mapping) else dict.fromkeys(there or (), "")), **more}
    return list(dict.fromkeys([*(there or ()), *more]))


def without(there: Any, less: Iterable[Any]) -> object:
    """Return a list, or a table, without some of what is in it."""
    gone = list(less)
    if isinstance(there, Mapping):
        return {name: value for name, value in there.items() if name not in gone}
    return [one for one in there or () if one not in gone]


def undo(folder: Path, within: str = "") -> list[Change]:
    """Take the last change back (of settings `within` a section), and return what that changes.

    Where apprenti.toml was edited since, only the settings of that change go back.
    """
    kept = _kept(folder)
    undone = [one for one in kept if all(key.startswith(within) for key in one["values"])]
    if not undone:
        raise ApprentiError("nothing_to_undo", folder=folder)
    last, (content, text) = undone[-1], _read(folder)
    if text == last["after"]:
        text = last["before"]
    else:
        for key, value in last["values"].items():
            text = edited(text, key, value)
    after = read_toml(text, folder / FILE)
    projects.check(after, text, set(last["values"]), COMMAND)
    _put(folder, text)
    past_changes.keep(folder / HISTORY, [one for one in kept if one is not last])
    return [Change(key, _at(content, key), _at(after, key)) for key in last["values"]]


def _read(folder: Path) -> tuple[dict[str, Any], str]:
    try:
        text = read_text(folder / FILE)
    except FileNotFoundError:
        raise ApprentiError("no_project", folder=folder) from None
    return read_toml(text, folder / FILE), text


def _at(content: Mapping[str, Any], key: str) -> Any:
    """Return a setting as a file has it, or else its default."""
    found: Any = content
    for step in key.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    if found is not None:
        return found
    usual = projects.default(key)
    return list(usual) if isinstance(usual, tuple) else usual


def _check_against_data(folder: Path, choices: Choices, keys: Iterable[str]) -> None:
    """Raise what a training with these settings would say of the data."""
    of_data = [key for key in keys if key.startswith("data.") and key not in UNDISTURBED]
    if of_data or set(keys) & set(ABOUT_DATA):
        source = open_source(choices.data, folder, accept=True, keep=False)
        resolve(choices, source)
        if choices.goal.measure and source.task != choices.goal.task:
            if source.task == "classification":
                raise ApprentiError("goal_not_of_classes", measure=choices.goal.measure)
            raise ApprentiError("goal_not_of_numbers", measure=choices.goal.measure)


# ---- The file


def edited(text: str, key: str, value: object) -> str:
    """Return an apprenti.toml in which a setting has another value; None restores the default."""
    import tomlkit

    *sections, name = key.split(".")
    document = tomlkit.parse(text)
    inner: Any = document
    for section in sections:
        inner = inner.get(section, {}) if isinstance(inner, dict) else {}
    is_open = value is None or value == ""
    usual = projects.default(key)
    if is_open and name not in inner:
        return text
    if is_open and usual is None:
        return _left_open(text, document, inner, name)
    written = toml_literal(usual if is_open else value)
    if name in inner or isinstance(inner, tomlkit.items.InlineTable):
        inner[name] = tomlkit.value(written)
        return tomlkit.dumps(document)
    return _with_line(text, sections, name, written)


def _left_open(text: str, document: Any, inner: Any, name: str) -> str:
    """Return a file in which a setting stands as one of which nothing is said."""
    import tomlkit

    line = re.compile(rf"^{re.escape(name)}\s*=.*$", re.MULTILINE)
    before = tomlkit.dumps(document)
    del inner[name]
    without_it = tomlkit.dumps(document)
    for found in line.finditer(before):
        commented = f"{before[: found.start()]}# {name} ={before[found.end() :]}"
        with contextlib.suppress(ApprentiError):
            if read_toml(commented, Path(FILE)) == read_toml(without_it, Path(FILE)):
                return commented
    return without_it


def _with_line(text: str, sections: list[str], name: str, written: str) -> str:
    """Return a file with a line more: where the setting stands in a comment, or at the end."""
    lines = text.splitlines()
    places = {
        header[1].strip(): place for place, line in enumerate(lines) if (header := _header(line))
    }
    section = ".".join(sections)
    if section not in places and len(sections) > 1 and sections[0] in places:
        section, name, written = sections[0], sections[1], f"{{ {name} = {written} }}"
    if section not in places:
        return f"{text.rstrip()}\n\n[{section}]\n{name} = {written}\n"
    begin = places[section]
    end = min([place for place in places.values() if place > begin], default=len(lines))
    for place in range(begin + 1, end):
        if re.fullmatch(rf"#\s*{re.escape(name)}\s*=\s*", lines[place]):
            lines[place] = f"{name} = {written}"
            return "\n".join(lines) + "\n"
    while end > begin + 1 and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], f"{name} = {written}", *lines[end:]]) + "\n"


def _header(line: str) -> re.Match[str] | None:
    return re.match(r"\s*\[([^\[\]]+)\]", line)


def _put(folder: Path, text: str) -> None:
    """Write apprenti.toml, with the ends of lines that it had."""
    path = folder / FILE
    with told(path), whole(path) as arriving:
        ends = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
        arriving.write_text(text, encoding="utf-8", newline=ends)


# ---- What was changed


def _write(folder: Path, text: str, changes: list[Change]) -> None:
    kept, before = _kept(folder), _read(folder)
    _put(folder, text)
    entry = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "values": {
            one.key: one.before if _is_written(before[0], one.key) else None for one in changes
        },
        "before": before[1],
        "after": text,
    }
    past_changes.keep(folder / HISTORY, [*kept, entry])


def _is_written(content: Any, key: str) -> bool:
    for step in key.split("."):
        if not isinstance(content, Mapping) or step not in content:
            return False
        content = content[step]
    return True


def _kept(folder: Path) -> list[dict[str, Any]]:
    shape = {"before": str, "after": str, "values": dict}
    with contextlib.suppress(KeyError, TypeError):
        return [
            one
            for one in past_changes.read(folder / HISTORY)
            if all(isinstance(one[name], kind) for name, kind in shape.items())
        ]
    return []
