"""What has changed since the latest run: data under the same name that are no longer the same."""

from typing import NamedTuple

from apprenti.data.source import Source
from apprenti.project import Project
from apprenti.runs import sound


class Change(NamedTuple):
    """A file of the data that is no longer what the latest run learned from."""

    name: str
    run: str


def changes(source: Source, project: Project) -> list[Change]:
    """Return the files of the data that differ from those of the latest run."""
    latest = sound(project.runs_folder)[-1:]
    known = latest[0].environment.get("hashes", {}).get("data", {}) if latest else {}
    return [
        Change(name, latest[0].name)
        for name, now in source.hashes.items()
        if known.get(name, now) != now
    ]
