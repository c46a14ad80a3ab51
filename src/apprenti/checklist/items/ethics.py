"""11. Ethics and regulation: personal data, sensitive traits, fairness, and what the law asks."""

from collections.abc import Iterator, Sequence
from datetime import date

from apprenti.checklist import law, personal_data
from apprenti.checklist.evidence import Evidence, done, doubt, missing, no_matter
from apprenti.checklist.personal_data import Suspect
from apprenti.checklist.questions import ask, command
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.ledger import EVALUATION
from apprenti.project import FILE, YesOrNo

NAME = "ethics"

SHEETS = tuple(f"cnil_{number}" for number in range(1, 8))
"""The seven sheets of the CNIL's self-assessment guide."""

SENSITIVE_KINDS = ("sex", "sensitive_name")


def look(seen: Seen) -> Iterator[Evidence]:
    try:
        found = personal_data.suspects(seen.project)
    except ApprentiError:
        yield doubt("ethics.unopened", of_apprenti("data"), source=seen.choices.data.source)
        found = []
    of_persons = [one for one in found if one.kind not in SENSITIVE_KINDS]
    yield from _personal(seen, of_persons)
    yield from _sheets(seen, of_persons)
    yield from _sensitive(seen, [one for one in found if one.kind in SENSITIVE_KINDS])
    yield from _fairness(seen)
    yield from _ai_act(seen)


def _personal(seen: Seen, found: Sequence[Suspect]) -> Iterator[Evidence]:
    """Yield what is said of personal data, and what the columns say of it."""
    said = seen.answers.personal_data
    shown = [one for one in found if one.is_shown]
    if said is None and not found:
        yield ask("ethics.personal", "personal_data", None)
    elif said is None:
        yield from (_suspected(one, "suspected") for one in found)
    elif said.answer == "no" and shown:
        yield from (_suspected(one, "contradicted") for one in shown)
    else:
        name = "ethics.personal" if said.answer == "yes" else "ethics.no_personal"
        yield ask(name, "personal_data", said)


def _suspected(one: Suspect, how: str) -> Evidence:
    key = "answers.personal_data"
    seen = say(f"checklist.ethics.seen.{one.kind}", count=one.values)
    file, answer = "" if how == "suspected" else FILE, command(key)
    return doubt(f"ethics.{how}", answer, question=key, file=file, column=one.column, seen=seen)


def _sheets(seen: Seen, found: Sequence[Suspect]) -> Iterator[Evidence]:
    """Yield the questions of the CNIL, by the numbers of their sheets, where data are personal."""
    said = seen.answers.personal_data
    if said and said.answer == "no" and not any(one.is_shown for one in found):
        yield no_matter("ethics.no_sheets")
    elif said and said.answer == "yes":
        for key in SHEETS:
            yield _agreed(key, getattr(seen.answers, key), "yes", "ethics.sheet")


def _agreed(key: str, said: YesOrNo | None, wanted: str, name: str) -> Evidence:
    """Return an answer that has to be this one."""
    if said is None or said.answer == wanted:
        found = ask(name, key, said)
    else:
        on, full = said.on.isoformat(), f"answers.{key}"
        found = missing(f"{name}_not", command(full), file=FILE, question=full, on=on)
    number = key.rpartition("_")[2]
    return found.with_values(number=number) if number.isdigit() else found


def _sensitive(seen: Seen, found: Sequence[Suspect]) -> Iterator[Evidence]:
    """Yield whether columns that tell of sensitive traits are declared, so as to be judged by."""
    declared, said = seen.choices.data.sensitive, seen.answers.sensitive_traits
    undeclared = [one for one in found if one.column not in declared]
    key = "answers.sensitive_traits"
    if declared:
        yield done("ethics.declared", file=FILE, columns=", ".join(declared))
    for column in dict.fromkeys(one.column for one in undeclared):
        kinds = [one for one in undeclared if one.column == column]
        if said is None or (said.answer == "no" and any(one.is_shown for one in kinds)):
            name = "ethics.maybe_sensitive" if said is None else "ethics.sensitive_contradicted"
            declare = of_apprenti("set", f"sensitive+={column}")
            yield doubt(name, declare, command(key), question=key, column=column)
    if said is None and not declared and not undeclared:
        yield ask("ethics.sensitive", "sensitive_traits", None)
    elif said and said.answer == "yes" and not declared:
        form = of_apprenti("set", f"sensitive+={say('checklist.form.column')}")
        yield missing("ethics.undeclared", form, file=FILE)
    elif said and said.answer == "no" and not any(one.is_shown for one in undeclared):
        yield ask("ethics.no_sensitive", "sensitive_traits", said)


def _fairness(seen: Seen) -> Iterator[Evidence]:
    """Yield whether the model was judged by group, for each column that is declared."""
    declared = seen.choices.data.sensitive
    if not declared:
        if seen.answers.sensitive_traits:
            yield no_matter("ethics.no_fairness")
        return
    report = seen.evaluation.get("fairness") or {}
    told = {one.get("column"): one.get("why_not") for one in report.get("columns", [])}
    absent = [name for name in declared if name not in told]
    unjudged = [name for name in declared if told.get(name)]
    where = {"file": EVALUATION, "run": seen.chosen.name if seen.chosen else ""}
    if absent:
        evaluate = of_apprenti("evaluate", seen.called or "last")
        yield missing("ethics.not_fair_yet", evaluate, columns=", ".join(absent))
    if unjudged:
        yield doubt("ethics.unjudged", **where, columns=", ".join(unjudged))
    if judged := [name for name in declared if name in told and not told[name]]:
        yield done("ethics.fairness", **where, columns=", ".join(judged))


def _ai_act(seen: Seen) -> Iterator[Evidence]:
    answers, since = seen.answers, law.SINCE.isoformat()
    literacy = _agreed("ai_act_literacy", answers.ai_act_literacy, "yes", "ethics.literacy")
    prohibited = _agreed("ai_act_prohibited", answers.ai_act_prohibited, "no", "ethics.prohibited")
    yield literacy.with_values(since=since)
    yield prohibited.with_values(since=since)
    said, key = answers.ai_act_field, "answers.ai_act_field"
    if said is None:
        yield ask("ethics.field", "ai_act_field", None)
        return
    hint = law.hinted(seen.choices.goal.use or "")
    values = {"on": said.on.isoformat(), "as_of": law.AS_OF.isoformat()}
    if said.answer == "none" and hint:
        field = say(f"checklist.field.{hint[0]}")
        asked = {"question": key, "file": FILE, "field": field, "word": hint[1]}
        yield doubt("ethics.field_hinted", command(key), **asked, **values)
    elif said.answer == "none":
        yield done("ethics.no_field", file=FILE, **values)
    else:
        begin = law.applies_from(said.answer)
        values |= {"field": say(f"checklist.field.{said.answer}"), "since": begin.isoformat()}
        if date.today() < begin:
            yield done("ethics.field_listed", file=FILE, **values)
        else:
            yield doubt("ethics.field_applies", file=FILE, **values)
