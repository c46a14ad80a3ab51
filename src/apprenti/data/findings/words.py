"""What is said of a finding, in the user's language."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from apprenti.command_line import written
from apprenti.findings import NOT_APPLICABLE, Finding, Told
from apprenti.language import say
from apprenti.measures import measure_named
from apprenti.tasks import CLASSIFICATION, REGRESSION

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
            finding.code, name, what, todo=todo, commands=tuple(_commands(finding)), page=page
        )
    what = say(f"findings.{finding.code}.{finding.sentence or 'what'}", **values)
    if named := finding.values.get("copies"):
        names = _first(named, MOST_NAMED)
        what = f"{what} {say('findings.copies', names=names)}"
    todo = say(f"findings.{finding.code}.todo", **values)
    commands = tuple(_commands(finding))
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
        equal = [" = ".join(map(_toml, map(short, way))) for way in ways]
        values["names"] = _first(equal, MOST_VALUES)
    if measure := finding.values.get("measure"):
        shown = {name: finding.values[name] for name in SCORES if name in finding.values}
        # Where one is less than another, the interval is of the difference
        how = measure_named(measure).apart if "less" in shown else measure_named(measure).written
        values |= {name: how(value) for name, value in shown.items()}
        values["measure"] = say(f"words.{measure}")
    if model := finding.values.get("model"):
        values["model"] = say(f"words.{model}")
    return {"name": finding.subject, **values}


SCORES = ("score", "train", "other", "less", "low", "high")
"""Values that are written as the measure that they are of."""


LEFT_OUT = ("D007", "D010", "D011", "D020")
"""The findings about one column that may be left out of every model."""

MOST_COMMANDS = 3


def _commands(finding: Finding) -> Iterator[str]:
    """Yield the commands that mend what was found, where there are any."""
    values, name = finding.values, finding.subject
    yield from finding.commands
    if finding.code in LEFT_OUT:
        yield left_out([name])
    elif finding.code == "D014":
        yield left_out(values["columns"][1:])
    elif finding.code == "D021":
        # One of them is enough; which one, the data do not say
        for column, _ in values["terms"][:MOST_COMMANDS]:
            yield left_out([column])
    elif finding.code == "D019":
        yield written("apprenti", "set", f"time={name if name.isidentifier() else _toml(name)}")
    elif finding.code == "D028":
        for task in (REGRESSION, CLASSIFICATION):
            yield written("apprenti", "set", f"task={task}")
    elif finding.code == "R01":
        yield written("apprenti", "data")
    if read_as := values.get("read_as"):
        yield written("apprenti", "data", "--as", read_as)
    if missing := values.get("missing"):
        yield written("apprenti", "set", f"missing+={_toml(missing)}")
    if unite := values.get("unite"):
        pairs = [f"{_toml(main)} = {_toml(others)}" for main, others in unite.items()]
        yield written("apprenti", "set", f"unite+={{ {', '.join(pairs)} }}")


def left_out(columns: Sequence[str]) -> str:
    """Return the command that leaves columns out."""
    together = [",".join(columns)] if not any("," in name for name in columns) else columns
    # What begins with a dash would be taken for an option
    options = [
        words
        for name in together
        for words in ([f"--ignore={name}"] if name.startswith("-") else ["--ignore", name])
    ]
    return written("apprenti", "data", *options)


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
    formula = ""
    for name, number in sorted(named, key=lambda term: term[1] < 0)[:MOST_NAMED]:
        size = abs(number)
        word = name if abs(size - 1) < NEARLY else say(key, name=name, value=size)
        first = "" if number > 0 else "-" if form == "sum" else "1 / "
        formula += f"{sign[number > 0] if formula else first}{word}"
    return formula + ("…" if len(named) > MOST_NAMED else "")


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
