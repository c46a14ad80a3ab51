"""What is said of a finding, in the user's language."""

from typing import Any

from apprenti.data.findings.evidence import Finding
from apprenti.language import say

MOST_NAMED = 6
"""So many columns, classes or values are named in a sentence; all are in data.json."""


def what(finding: Finding) -> str:
    """Return what was found, with its values."""
    told = say(f"findings.{finding.code}.what", **_values(finding))
    named = finding.values.get("copies")
    return f"{told} {say('findings.copies', names=_shown(named))}" if named else told


def todo(finding: Finding) -> str:
    """Return what to do about it."""
    return say(f"findings.{finding.code}.todo", **_values(finding))


def _values(finding: Finding) -> dict[str, Any]:
    values = {name: _shown(value) for name, value in finding.values.items()}
    return {"name": finding.name, **values}


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
