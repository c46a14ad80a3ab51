"""The options that several commands share, declared once, with what completes them."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from apprenti.language import say


def complete_framework(incomplete: str) -> list[str]:
    from apprenti.model.catalogue import FRAMEWORKS

    return [name for name in FRAMEWORKS if name.startswith(incomplete)]


def complete_run(ctx: typer.Context, incomplete: str) -> list[str]:
    from apprenti.runs import all_runs

    folder = _around(Path(ctx.params.get("project") or ".")) / "runs"
    names = [*(run.name for run in all_runs(folder)), "last", "best"]
    return [name for name in reversed(names) if name.startswith(incomplete)]


def complete_order(incomplete: str) -> list[str]:
    """Complete what runs are sorted by."""
    from apprenti.listing import SORTED_BY
    from apprenti.project import settings

    names = [*SORTED_BY, "seconds", "parameters", *(setting.name for setting in settings())]
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def complete_setting(incomplete: str) -> list[str]:
    from apprenti.project import settings

    names = [name for setting in settings() for name in (setting.name, setting.key)]
    return [f"{name}=" for name in dict.fromkeys(names) if name.startswith(incomplete)]


def complete_source(incomplete: str) -> list[str]:
    from apprenti.data.fetch.known import KNOWN
    from apprenti.data.source import BUILT_IN

    names = [*BUILT_IN, *KNOWN, *(path.name for path in Path().glob("*.npz"))]
    return [name for name in names if name.startswith(incomplete)]


def _option(*names: str, text: str, **more: Any) -> Any:
    return typer.Option(*names, help=say(f"cli.option.{text}"), **more)


def _around(folder: Path) -> Path:
    from apprenti.project import around

    return around(folder)


def from_here(folder: Path) -> Path:
    """Return the folder of a project; what is printed from now on names it where it must."""
    from apprenti.command_line import elsewhere

    found = _around(folder)
    is_here = found.resolve() == _around(Path()).resolve()
    elsewhere.set("" if is_here else str(folder))
    return found


ProjectFolder = Annotated[
    Path, _option("--project", text="project", metavar="DIR", callback=from_here)
]
Json = Annotated[bool, _option("--json", text="json")]
Lang = Annotated[Literal["fr", "en"] | None, _option("--lang", text="lang", metavar="fr|en")]
Framework = Annotated[
    str, _option("--framework", text="framework", autocompletion=complete_framework, metavar="NAME")
]
Assignments = Annotated[
    list[str] | None,
    _option("--set", text="set", autocompletion=complete_setting, metavar="KEY=VALUE"),
]
Again = Annotated[bool, _option("--again", text="again")]
Quiet = Annotated[bool, _option("--quiet", "-q", text="quiet")]
Trust = Annotated[bool, _option("--trust", text="trust")]
TimeLimit = Annotated[float, _option("--time-limit", text="time_limit", metavar="SECONDS", min=0)]


def read_assignments(assignments: list[str] | None) -> dict[str, object]:
    """Return the settings given with --set, under their full names."""
    from apprenti.project import parse_override

    return dict(parse_override(assignment) for assignment in assignments or [])


def check_framework(name: str, allowed: tuple[str, ...]) -> None:
    """Refuse a framework that does not exist here, naming the nearest."""
    from apprenti.errors import ApprentiError, nearest

    if name and name not in allowed:
        raise ApprentiError("unknown_framework", name=name, nearest=nearest(name, allowed))
