"""What a finding, a failure, a term or a setting means. No network is needed."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from apprenti import pages
from apprenti import project as projects
from apprenti.doctor.failures import failures, recognise
from apprenti.doctor.words import explain as explain_failure
from apprenti.errors import ApprentiError, folded, nearest
from apprenti.findings import Told
from apprenti.language import say, subject
from apprenti.machine.look import this_machine
from apprenti.machine.machine import Machine
from apprenti.script.literals import toml_literal

FINDING, FAILURE, TERM, SETTING = KINDS = ("finding", "failure", "term", "setting")


class Explanation(NamedTuple):
    """What a word means; `kind` is one of KINDS."""

    kind: str
    told: Told
    code: str
    """The same in every language: of a term its English name."""

    def as_json(self) -> dict[str, Any]:
        """Return it under the names that a trouble of the doctor has too."""
        return {"kind": self.kind, **self.told.as_json(), "code": self.code}


def explain(words: str) -> list[Explanation]:
    """Return all that a word stands for: a code, a term, a setting; or the text of a failure.

    Terms are known in English and in French; accents, capitals and a plural do not count.
    """
    wanted = folded(words)
    singular = " ".join(word.removesuffix("s") for word in wanted.split())
    found = [
        Explanation(kind, _tell(kind, name), code_of(kind, name))
        for kind, name, asked in known()
        if {wanted, singular} & set(map(folded, asked))
    ]
    if not found and wanted:
        found = [Explanation(FAILURE, _failure(code), code) for code in recognise(words)]
    if not found:
        near = nearest(words, [name for _, _, asked in known() for name in asked])
        raise ApprentiError("not_explained", word=" ".join(words.split())[:60], nearest=near)
    return found


def known() -> Iterator[tuple[str, str, list[str]]]:
    """Yield all that can be explained: its kind, its name, and the words that ask for it."""
    for code in finding_codes():
        yield FINDING, code, [code]
    for code in failure_codes():
        yield FAILURE, code, [code]
    for term in pages.terms():
        yield TERM, term.name, term.names
    for setting in projects.settings():
        yield SETTING, setting.key, [setting.key, setting.name]


def finding_codes() -> list[str]:
    """Return the codes of what may be found in data, and of what is said of scores."""
    return [code for code in subject("findings", "en") if code[1:].isdigit()]


def failure_codes() -> list[str]:
    """Return the ids of the failures that people search for, then of what the doctor finds."""
    of_doctor = [code for code in subject("doctor", "en") if code[1:].isdigit()]
    return [*sorted(failure.id for failure in failures()), *of_doctor]


def code_of(kind: str, name: str) -> str:
    """Return what is the same in every language: the English name of a term."""
    if kind != TERM:
        return name
    return next(term.english for term in pages.terms() if term.name == name)


def name_of(kind: str, name: str) -> str:
    """Return how something that can be explained is called: the title of a code."""
    if kind == FINDING:
        return say(f"findings.{name}.name")
    return _failure(name).name if kind == FAILURE else name


def _tell(kind: str, name: str) -> Told:
    if kind == FINDING:
        return Told(name, name_of(kind, name), pages.section(name))
    if kind == FAILURE:
        return _failure(name)
    if kind == TERM:
        term = next(term for term in pages.terms() if term.name == name)
        other = term.english if term.name == term.french else term.french
        title = name if other == name else f"{name} · {other}"
        return Told("", title, term.meaning[:1].upper() + term.meaning[1:])
    setting = next(one for one in projects.settings() if one.key == name)
    usual = projects.default(name)
    written = say("new.change.open") if usual is None else toml_literal(usual)
    limits = say("new.change.limits", allowed=projects.limits(setting.field), usual=written)
    return Told(name, name, say(f"settings.{name}"), todo=limits)


def _failure(code: str) -> Told:
    return explain_failure(code, _machine())


@cache
def _machine() -> Machine:
    return this_machine()
