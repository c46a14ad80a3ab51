"""What only a person can say: asked once, answered with --answer, kept in apprenti.toml."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from apprenti import project as projects
from apprenti.checklist.evidence import Evidence, Judged, done, missing
from apprenti.command_line import of_apprenti
from apprenti.errors import ApprentiError, nearest
from apprenti.language import say
from apprenti.new import change
from apprenti.new.change import Change
from apprenti.project import Answer, Answers, InWords, as_held, asked_as

SECTION = "answers"


class Question(NamedTuple):
    """One that is open, and the item that waits for it."""

    key: str
    item: str

    @property
    def text(self) -> str:
        return say(f"settings.{self.key}")

    @property
    def command(self) -> str:
        return command(self.key)

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "item": self.item, "text": self.text, "command": self.command}


def open_questions(judged: Iterable[Judged]) -> list[Question]:
    """Return the questions that are not answered, or whose answer is doubted, each once."""
    asked = {one.question: item.item for item in judged for one in item.open if one.question}
    return [Question(key, item) for key, item in asked.items()]


def command(key: str) -> str:
    """Return the command that answers a question; what is in capitals is to be replaced."""
    name = key.removeprefix(f"{SECTION}.")
    if not key.startswith(SECTION):
        return of_apprenti("set", f"{key}={say('checklist.form.text')}")
    kind = asked_as(key)
    form = "text" if kind is InWords else "field" if name == "ai_act_field" else "yes_no"
    return of_apprenti("checklist", "--answer", f"{name}={say(f'checklist.form.{form}')}")


def is_form(text: str) -> bool:
    """Say whether a text is what a printed command has in place of one."""
    return text.strip() in FORMS


FORMS = ("TEXT", "TEXTE")


def ask(name: str, key: str, answer: Answer | None, state: str = "") -> Evidence:
    """Return what is known by an answer: it was given, or it is still to be asked for."""
    full = f"{SECTION}.{key}"
    if answer is None:
        return missing("open_question", command(full), question=full, text=say(f"settings.{full}"))
    values = {"answer": answer.answer, "on": answer.on.isoformat()}
    return done(name, file=projects.FILE, **values)


def answer(folder: Path, given: Mapping[str, str], because: str = "") -> Sequence[Change]:
    """Keep answers to questions in apprenti.toml, with the date of today."""
    names = list(Answers.model_fields)
    wanted: dict[str, object] = {}
    for name, said in given.items():
        key = name.strip().removeprefix(f"{SECTION}.")
        if key not in names:
            raise ApprentiError("no_question", name=name, nearest=nearest(key, names))
        if is_form(said):
            raise ApprentiError("no_answer", text=f"{name}={said}")
        wanted[f"{SECTION}.{key}"] = as_held(f"{SECTION}.{key}", said.strip(), because)
    return change.change(folder, wanted)


def undo(folder: Path) -> Sequence[Change]:
    """Take the last answers back."""
    return change.undo(folder, f"{SECTION}.")
