"""One kind of finding for data, machines and trainings, and how rules are asked for them.

A rule is a module with CODE (or CODES, where one look answers several questions) and
`find(evidence)`, which yields Findings: what is wrong, or `not_applicable` where the question makes
no sense here. `gather` asks rules, and adds what they do not say: that a code was passed, left out
as slow, or muted by the user.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, NamedTuple

SEVERITIES = ("error", "warning", "note")
"""error: it cannot work, or its result would be worth nothing; warning: the result may mislead;
note: good to know."""

PROBLEM, HINT, PASSED = "problem", "hint", "passed"
NOT_APPLICABLE, LEFT_OUT, MUTED = "not_applicable", "left_out", "muted"
OUTCOMES = (PROBLEM, HINT, PASSED, NOT_APPLICABLE, LEFT_OUT, MUTED)
"""What may come of a question; left out are those that take long to answer."""


@dataclass(frozen=True)
class Finding:
    """The answer to one question: something wrong, worth knowing, or all well.

    `code` (D018, F14) names its texts and its section of a page. `severity` is one of SEVERITIES,
    empty where nothing was found. `subject` is what it is about: a column, a line of the doctor's
    list; empty where it is about the whole. `values` are the evidence, and fill the places of the
    texts. `outcome` is one of OUTCOMES: what is left to be told by the severity is a problem, or a
    hint for a note. `sentence` names the text that says what was seen, where a code has several.
    `commands` mend it, `undo` takes that back.
    """

    code: str
    severity: str = ""
    subject: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    outcome: str = ""

    def __post_init__(self) -> None:
        if not self.outcome:
            found = HINT if self.severity == "note" else PROBLEM
            object.__setattr__(self, "outcome", found)

    @property
    def is_found(self) -> bool:
        """Is there something to tell: a problem, or a hint?"""
        return self.outcome in (PROBLEM, HINT)

    @property
    def is_serious(self) -> bool:
        """Is it a problem that makes the steps that follow worth nothing?"""
        return self.outcome == PROBLEM and self.severity == "error"


@dataclass(frozen=True)
class Told:
    """A finding in the language of the moment. What there is nothing to say of is empty.

    `what` was found, with its values; `why` is the cause; `todo` what to do about it, by which
    `commands`, which `undo` takes back; `page` is where more is said.
    """

    code: str
    name: str
    what: str = ""
    why: str = ""
    todo: str = ""
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    page: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as --json has it, where it is explained on its own."""
        lists = {"commands": list(self.commands), "undo": list(self.undo)}
        words = {"title": self.name, "what": self.what, "why": self.why, "todo": self.todo}
        return {"code": self.code, **words, **lists, "page": self.page}


def not_applicable(code: str, why: str, **values: Any) -> Finding:
    """Return the answer to a question that makes no sense here; `why` names the text for it."""
    return Finding(code, values=values, sentence=why, outcome=NOT_APPLICABLE)


def codes_of(rule: ModuleType) -> tuple[str, ...]:
    """Return the codes of what a rule may find."""
    return tuple(rule.CODES) if hasattr(rule, "CODES") else (rule.CODE,)


def gather(
    rules: Iterable[ModuleType],
    evidence: object,
    *,
    muted: Collection[str] = (),
    leave_out: Collection[ModuleType] = (),
) -> list[Finding]:
    """Return an answer to every question: what was found, the gravest first, then all the rest.

    `muted` are codes ("D011"), or codes with a subject ("D011 id"), of which the user has said that
    they are known. The rules in `leave_out` are slow, and are not asked.
    """
    answers: list[Finding] = []
    for rule in rules:
        if rule in leave_out:
            answers += [Finding(code, outcome=LEFT_OUT) for code in codes_of(rule)]
        else:
            answers += _answers(rule, evidence)
    return by_gravity(mute(_without_doubles(answers), muted))


def _answers(rule: ModuleType, evidence: object) -> Iterator[Finding]:
    answers: list[Finding] = list(rule.find(evidence))
    yield from answers
    told = {answer.code for answer in answers}
    yield from (Finding(code, outcome=PASSED) for code in codes_of(rule) if code not in told)


def _without_doubles(answers: Iterable[Finding]) -> Iterator[Finding]:
    """Where several rules ask the same, what one found counts, else what the first one said."""
    answers = list(answers)
    told = {answer.code for answer in answers if answer.is_found}
    for answer in answers:
        if answer.is_found:
            yield answer
        elif answer.code not in told:
            told.add(answer.code)
            yield answer


def mute(answers: Iterable[Finding], muted: Collection[str]) -> list[Finding]:
    """Return the answers, those of which the user has said that they are known marked as muted."""
    return [
        replace(one, outcome=MUTED)
        if one.is_found and not muted_names(one).isdisjoint(muted)
        else one
        for one in answers
    ]


def muted_names(finding: Finding) -> set[str]:
    """Return the words by which the user may mute a finding."""
    return {finding.code, f"{finding.code} {finding.subject}"}


def by_gravity(answers: Iterable[Finding]) -> list[Finding]:
    """Return errors first, then warnings, then notes, then what nothing was found of."""
    order = {severity: place for place, severity in enumerate((*SEVERITIES, ""))}
    return sorted(answers, key=lambda one: (not one.is_found, order[one.severity]))


class Folded(NamedTuple):
    """A finding that is told in full, and those that are then only named."""

    finding: Finding
    of_the_same: list[Finding]
    """Others about the same subject, none of them graver."""
    elsewhere: list[Finding]
    """The same about other subjects, where that was told often enough."""


MOST_TOLD = 3
"""So many findings of one code are told in full."""

OF_THEIR_OWN = frozenset({"D030"})
"""Findings that nothing graver about the same subject stands for: how it is read."""


def fold(told: Iterable[Finding], apart: str = "") -> list[Folded]:
    """Return findings, the gravest first, so that of one subject one is told in full.

    `apart` is the subject of which each is told: what is said of the target, such as that a class
    is small and that answers are missing, are different things. How a column is read is told
    beside what is found in it.
    """
    folded: list[Folded] = []
    by_subject: dict[str, Folded] = {}
    by_code: dict[str, list[Folded]] = {}
    for finding in told:
        subject = finding.subject
        if subject == apart or finding.code in OF_THEIR_OWN:
            subject = ""
        alike = by_code.setdefault(finding.code, [])
        if subject in by_subject:
            by_subject[subject].of_the_same.append(finding)
        elif len(alike) == MOST_TOLD and finding.subject:
            alike[-1].elsewhere.append(finding)
        else:
            first = Folded(finding, [], [])
            folded.append(first)
            alike.append(first)
            if subject:
                by_subject[subject] = first
    return folded


def found(answers: Iterable[Finding]) -> list[Finding]:
    """Return the problems and the hints alone."""
    return [answer for answer in answers if answer.is_found]
