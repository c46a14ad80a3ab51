"""apprenti set: settings shown, changed for good, or put back as they were."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_setting
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.new.change import Change


def run(
    settings: Annotated[
        list[str] | None,
        typer.Argument(
            help=say("cli.set.settings"),
            metavar="KEY[=VALUE]",
            autocompletion=complete_setting,
            show_default=False,
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help=say("cli.set.undo"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.new import change

    given = settings or []
    changing = [text for text in given if "=" in text]
    if (undo and given) or (changing and len(changing) < len(given)):
        raise ApprentiError("set_usage")
    if undo or changing:
        wanted = {} if undo else change.read_assignments(project, changing)
        changes = change.undo(project) if undo else change.change(project, wanted)
        if as_json:
            show.print_json({"changes": [one.as_json() for one in changes]})
        else:
            changed(show.console(), changes, is_undone=undo)
        return
    _show(project, given, as_json)


def changed(out: "Console", changes: Sequence["Change"], is_undone: bool = False) -> None:
    """Print each setting, as it was and as it is now, and how to take that back."""
    from apprenti.cli import show

    for one in changes:
        words = {"before": _written(one.before), "after": _written(one.after)}
        show.tell(out, say("new.change.line", key=one.key, **words))
    if not changes:
        show.tell(out, say("new.change.nothing"))
    elif not is_undone:
        show.tell(out, say("new.change.undo"), style="dim")


def _show(project: Path, names: Sequence[str], as_json: bool) -> None:
    """Print settings: those that are named, in full; or else those that are not the defaults."""
    from apprenti import project as projects
    from apprenti.cli import show

    choices = projects.load(project).choices
    wanted = [projects.full_name(name, "apprenti set") for name in names]
    found = [one for one in projects.settings() if not names or one.key in wanted]
    values = {one.key: _plain(projects.value_of(choices, one.key)) for one in found}
    if as_json:
        show.print_json({"settings": values})
        return
    out = show.console()
    for one in found:
        usual = projects.default(one.key)
        usual = list(usual) if isinstance(usual, tuple) else usual
        if names or values[one.key] != usual:
            show.tell(out, f"{one.key} = {_written(values[one.key])}", style="bold")
        if names:
            show.tell(out, f"  {say(f'settings.{one.key}')}")
            allowed, words = projects.limits(one.field), _written(usual)
            show.tell(out, "  " + say("new.change.limits", allowed=allowed, usual=words))
    if not names:
        show.tell(out, say("new.change.others"), style="dim")


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return list(value) if isinstance(value, tuple) else value


def _written(value: Any) -> str:
    """Return a value as apprenti.toml has it; words where it is left open."""
    from apprenti.script.literals import toml_literal

    return say("new.change.open") if value is None else toml_literal(value)
