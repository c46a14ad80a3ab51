"""What is said of a finding, in the user's language."""

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from apprenti.findings import NOT_APPLICABLE, Finding, Told
from apprenti.language import say

MOST_NAMED, MOST_VALUES = 6, 3
"""So many columns or classes, and so many values, are named in a sentence; data.json has more."""

NEARLY = 0.005
"""A weight, or a power, so near to 1 is one."""

WRITTEN = {"terms", "missing", "unite", "ways", "read_as"}
"""Values of which a formula, a line of settings, or a command is written."""

WIDEST = 40
"""Signs of a value that are shown."""


def tell(finding: Finding) -> Told:
    """Say what was found, what to do about it, and which section of the page says more."""
    name = say(f"findings.{finding.code}.name")
    page = say("data.page", code=finding.code, name=name)
    if finding.outcome == NOT_APPLICABLE:
        return Told(
            finding.code, name, say(f"findings.not_applicable.{finding.sentence}"), page=page
        )
    if not finding.severity:
        return Told(finding.code, name, page=page)
    values = _values(finding)
    if "." in finding.sentence:
        what, todo = (say(f"{finding.sentence}.{part}", **values) for part in ("what", "todo"))
        return Told(
            finding.code, name, what, todo=todo, commands=tuple(_settings(finding)), page=page
        )
    what = say(f"findings.{finding.code}.{finding.sentence or 'what'}", **values)
    if named := finding.values.get("copies"):
        names = _first(named, MOST_NAMED)
        what = f"{what} {say('findings.copies', names=names)}"
    todo = say(f"findings.{finding.code}.todo", **values)
    commands = tuple(_settings(finding))
    return Told(finding.code, name, what, todo=todo, commands=commands, page=page)


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as data.json has it."""
    told = tell(finding)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "name": finding.subject,
        "sentence": finding.sentence,
        "values": finding.values,
        "what": told.what,
        "todo": told.todo,
        "commands": told.commands,
    }


def _values(finding: Finding) -> dict[str, Any]:
    values = {
        name: _shown(value, MOST_VALUES if name == "names" else MOST_NAMED)
        for name, value in finding.values.items()
        if name not in WRITTEN
    }
    if "terms" in finding.values:
        values["formula"] = _formula(finding.values["form"], finding.values["terms"])
    if ways := finding.values.get("ways"):
        written = [" = ".join(map(_toml, map(short, way))) for way in ways]
        values["names"] = _first(written, MOST_VALUES)
    return {"name": finding.subject, **values}


def _settings(finding: Finding) -> Iterator[str]:
    """Yield the lines of settings, or the command, that mend what was found."""
    if read_as := finding.values.get("read_as"):
        quoted = shlex.quote(read_as) if set(read_as) & set('"$`\\!') else f'"{read_as}"'
        yield f"apprenti data --as {quoted}"
    if missing := finding.values.get("missing"):
        yield f"missing = {_toml(missing)}"
    if unite := finding.values.get("unite"):
        written = [f"{_toml(main)} = {_toml(others)}" for main, others in unite.items()]
        yield f"unite = {{ {', '.join(written)} }}"


def _toml(value: Any) -> str:
    """Return a text, or a list of texts, as apprenti.toml has it: as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _formula(form: str, terms: Sequence[tuple[str, float]]) -> str:
    """Return how columns give another: 2 × a - b, a × b / c^2, a / (a + b)."""
    named = [(short(name), number) for name, number in terms]
    if form == "share":
        (one, _), (other, _) = sorted(named, key=lambda term: term[1])
        return f"{one} / ({one} + {other})"
    sign = {True: " + ", False: " - "} if form == "sum" else {True: " × ", False: " / "}
    key = "findings.times" if form == "sum" else "findings.power"
    written = ""
    for name, number in sorted(named, key=lambda term: term[1] < 0)[:MOST_NAMED]:
        size = abs(number)
        word = name if abs(size - 1) < NEARLY else say(key, name=name, value=size)
        first = "" if number > 0 else "-" if form == "sum" else "1 / "
        written += f"{sign[number > 0] if written else first}{word}"
    return written + ("…" if len(named) > MOST_NAMED else "")


def _shown(value: Any, most: int) -> Any:
    """Return a text that is not too long, and a list as people write it: age (19.9%), deck (7%)…"""
    if isinstance(value, str):
        return short(value)
    if not isinstance(value, list | tuple):
        return value
    return _first([_item(item) for item in value], most)


def _first(names: Sequence[str], most: int) -> str:
    return ", ".join(names[:most]) + ("…" if len(names) > most else "")


def _item(item: Any) -> str:
    if isinstance(item, str):
        return short(item)
    name, number = item
    key = "findings.with_share" if isinstance(number, float) else "findings.with_count"
    return say(key, name=short(name), value=number)


def short(text: str) -> str:
    """Return a text in one line, cut where it is long."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
