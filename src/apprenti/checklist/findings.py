"""Findings of the data and of a training are evidence: while one is not muted its item is open."""

from apprenti.checklist.evidence import IN_DOUBT, NOT_DONE, Evidence
from apprenti.command_line import of_apprenti
from apprenti.data.findings import words
from apprenti.findings import Finding
from apprenti.language import say

OF_SPLIT = ("D017", "D018", "D019", "D031", "D032", "D033", "D045", "D048")
"""The findings of data that are about how they are split; all others are about the data."""

GRAVE = ("D017",)
"""Copies across sets: a test set that was learned from is none, whatever their number."""

OF_MODEL = ("R04", "R15")
OF_TRAINING = ("R05", "R06", "R07", "R08", "R17", "R18", "R19")
OF_MEASURES = ("R02", "R03", "R10", "R16")
ELSEWHERE = (*OF_MODEL, *OF_TRAINING, *OF_MEASURES)
"""The findings of a training, by the item that they keep open; all others are of the evaluation."""


def told(finding: Finding, file: str = "", run: str = "", called: str = "") -> Evidence:
    """Return a problem as evidence: an error is something not done, a warning a doubt."""
    is_grave = finding.severity == "error" or finding.code in GRAVE
    state = NOT_DONE if is_grave else IN_DOUBT
    name = f"{finding.code} {finding.subject}".strip()
    values = {"code": name, "name": say(f"findings.{finding.code}.name")}
    commands = [of_apprenti("diagnose", called)] if run else list(words.tell(finding).commands[:1])
    mute = of_apprenti("data", "--mute", name, "--because", say("checklist.form.text"))
    return Evidence("finding", state, values, file, run, (*commands, mute))
