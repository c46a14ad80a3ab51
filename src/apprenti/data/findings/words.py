"""What is said of a finding, in the user's language."""

from typing import Any

from apprenti.findings import NOT_APPLICABLE, Finding, Told
from apprenti.language import say

MOST_NAMED = 6
"""So many columns, classes or values are named in a sentence; all are in data.json."""


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
        return Told(finding.code, name, what, todo=todo, page=page)
    what = say(f"findings.{finding.code}.{finding.sentence or 'what'}", **values)
    if named := finding.values.get("copies"):
        what = f"{what} {say('findings.copies', names=_shown(named))}"
    todo = say(f"findings.{finding.code}.todo", **values)
    return Told(finding.code, name, what, todo=todo, page=page)


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as data.json has it."""
    told = tell(finding)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "name": finding.subject,
        "values": finding.values,
        "what": told.what,
        "todo": told.todo,
    }


def _values(finding: Finding) -> dict[str, Any]:
    values = {name: _shown(value) for name, value in finding.values.items()}
    return {"name": finding.subject, **values}


def _shown(value: Any) -> Any:
    """Return a list as people write it: age (19.9%), deck (77.2%)…"""
    if not isinstance(value, list | tuple):
        return value
    named = ", ".join(_item(item) for item in value[:MOST_NAMED])
    return named + ("…" if len(value) > MOST_NAMED else "")


def _item(item: Any) -> str:
    if isinstance(item, str):
        return item
    name, number = item
    key = "findings.with_share" if isinstance(number, float) else "findings.with_count"
    return say(key, name=name, value=number)
