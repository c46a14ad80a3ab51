"""The options that several commands share, declared once, with what completes them."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.project import Setting


def complete_framework(incomplete: str) -> list[str]:
    from apprenti.model.catalogue import FRAMEWORKS

    return [name for name in FRAMEWORKS if name.startswith(incomplete)]


def complete_run(ctx: typer.Context, incomplete: str) -> list[str]:
    from apprenti.runs import all_runs

    folder = _around(Path(ctx.params.get("project") or ".")) / "runs"
    names = [*(run.name for run in all_runs(folder)), "last", "best"]
    return [name for name in reversed(names) if name.startswith(incomplete)]


def complete_doubted(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the rows whose labels are doubted, the last of several between commas."""
    from apprenti.errors import ApprentiError
    from apprenti.train.corrected_labels import FILE, read

    before, comma, last = incomplete.rpartition(",")
    with contextlib.suppress(ApprentiError):
        found = read(_around(Path(ctx.params.get("project") or ".")) / FILE)
        rows = [one.row for one in found if not one.is_decided]
        return [f"{before}{comma}{row}" for row in rows if row.startswith(last)]
    return []


def complete_order(incomplete: str) -> list[str]:
    """Complete what runs are sorted by."""
    from apprenti.listing import SORTED_BY
    from apprenti.project import settings

    names = [*SORTED_BY, "seconds", "parameters", *(setting.name for setting in settings())]
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def complete_setting(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a setting, then its value where there are a few, or columns."""
    from apprenti.project import settings

    name, equals, given = incomplete.partition("=")
    if not equals:
        names = [name for setting in settings() for name in (setting.name, setting.key)]
        return [f"{name}=" for name in dict.fromkeys(names) if name.startswith(incomplete)]
    # A list is added to with +=, taken from with -=, and its words are separated by commas
    before, comma, last = given.rpartition(",")
    found = [one for one in settings() if name.rstrip("+-") in (one.name, one.key)]
    values = _values(ctx, found[0]) if found else []
    return [f"{name}={before}{comma}{one}" for one in values if one.startswith(last)]


def _values(ctx: typer.Context, setting: "Setting") -> list[str]:
    from apprenti.project import asked_as

    if setting.name in OF_COLUMNS:
        return columns(ctx)
    if setting.key == "data.muted":
        return last_seen(ctx, "findings", "code")
    kind = asked_as(setting.key)
    annotation: Any = kind.model_fields["answer"].annotation if kind else setting.field.annotation
    chosen = [annotation, *get_args(annotation)]
    if bool in chosen:
        return ["true", "false"]
    return [str(word) for one in chosen if get_origin(one) is Literal for word in get_args(one)]


OF_COLUMNS = ("target", "text", "image", "ignore", "categorical", "sensitive", "group", "time")
"""The settings that name columns."""


def complete_column(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a column, the last of several that are separated by commas."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in columns(ctx) if name.startswith(last)]


def columns(ctx: typer.Context) -> list[str]:
    """Return the columns of what is named by --data, or of the project."""
    import tomllib

    folder = _around(Path(ctx.params.get("project") or "."))
    if not (source := ctx.params.get("data")):
        if seen := last_seen(ctx, "columns"):
            return seen
        with contextlib.suppress(OSError, ValueError, LookupError):
            text = (folder / "apprenti.toml").read_text(encoding="utf-8")
            source = folder / tomllib.loads(text)["data"]["source"]
    return _head(Path(source)) if source else []


def _head(path: Path) -> list[str]:
    """Return the names in the first line of a text file, without reading any further."""
    import csv

    with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
        text = file.readline(LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
        try:
            line = text.decode()
        except UnicodeDecodeError:
            line = text.decode("cp1252", errors="replace")
        mark = max(",;\t|", key=line.count)
        return [name.strip() for name in next(csv.reader([line], delimiter=mark))]
    return []


LONGEST_LINE = 100_000


def last_seen(ctx: typer.Context, what: str, name: str = "name") -> list[str]:
    """Return names that the last look at the data has left in data.json."""
    import json

    path = _around(Path(ctx.params.get("project") or ".")) / "data.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))[what]
        return list(dict.fromkeys(str(one[name]) for one in found))
    except (OSError, ValueError, LookupError, TypeError):
        return []


def complete_source(incomplete: str) -> list[str]:
    from apprenti.data.fetch.known import KNOWN
    from apprenti.data.source import BUILT_IN

    names = [name for name in (*BUILT_IN, *KNOWN) if name.startswith(incomplete)]
    return [*names, *complete_file(incomplete)]


def complete_file(incomplete: str) -> list[str]:
    """Complete a file of data, or a folder, which ends with a /."""
    from apprenti.data import formats

    endings = (*formats.TABLE_ENDINGS, *formats.IMAGE_ENDINGS, formats.ARRAYS, formats.ARCHIVE)
    place, slash, begun = incomplete.rpartition("/")
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(Path(place + slash or ".").iterdir()):
            packed = path.suffix.lower() in formats.PACKED_ENDINGS
            name = path.stem if packed else path.name
            if path.name.startswith(begun) and not path.name.startswith("."):
                if path.is_dir():
                    found.append(f"{place}{slash}{path.name}/")
                elif name.lower().endswith(endings):
                    found.append(f"{place}{slash}{path.name}")
    return found


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
