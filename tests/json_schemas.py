"""What --json prints, checked against docs/schemas by every test that runs a command with it.

check(("runs", "show", "1", "--json"), said)    what was printed is what the schema says
words(name, content)                            where words stand that are translated
maps(name, content)                             where the keys are those of the data
"""

import functools
import json
from pathlib import Path

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from apprenti.cli import in_their_place
from apprenti.cli.runs_command import COMMANDS as RUNS

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"
OF_OLD = {"--delete": "runs-delete", "--note": "runs-note", "--rename": "runs-rename"}
OF_OLD |= {"--restore": "runs-restore"}
TAKE_A_WORD = (
    "--project",
    "--lang",
    "--sort",
    "--note",
    "--rename",
    "--mistakes",
    "--set",
    "--answer",
)


@functools.cache
def read(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def names():
    """Return the names of the schemas, but for what they share."""
    return sorted(path.stem for path in SCHEMAS.glob("*.json") if path.stem != "common")


@functools.cache
def _registry():
    found = [(path.name, read(path.stem)) for path in SCHEMAS.glob("*.json")]
    resources = [(name, Resource.from_contents(content)) for name, content in found]
    return Registry().with_resources(resources)


def errors(name, content, kind=Draft202012Validator):
    return list(kind(read(name), registry=_registry()).iter_errors(content))


def wrong(name, content):
    """Return what of a content its schema does not say, in sentences."""
    return [f"{name}: {error.json_path}: {error.message[:300]}" for error in errors(name, content)]


def name_of(command):
    """Return which schema is that of a command line."""
    given = in_their_place([str(word) for word in command])
    if not given or given[0].startswith("-"):
        return "version" if "--version" in given else "apprenti"
    name, *rest = given
    named = _positional(rest)
    if name == "runs":
        return _of_runs(rest, named)
    if name == "doctor" and "--explain" in rest:
        return "explain"
    forms = {
        "diagnose-learning-curve": name == "diagnose" and "--learning-curve" in rest,
        "compare-all": name == "compare" and "--all" in rest,
        "diagnose-importance": name == "diagnose" and "--importance" in rest,
        "diagnose-labels": name == "diagnose" and "--labels" in rest,
        "set-changes": name == "set" and ("--undo" in rest or any("=" in one for one in named)),
        "checklist-changes": name == "checklist" and bool({"--answer", "--undo"} & {*rest}),
        "explain-all": name == "explain" and not named,
        "evaluate-ledger": name == "evaluate" and "--ledger" in rest,
        "improve-one": name == "improve" and "--one" in rest,
        "install-guide": name == "install" and {"--guide", "--os"} & {*rest},
    }
    return next((form for form, holds in forms.items() if holds), name)


def _of_runs(rest, named):
    if rest[:1] and rest[0] in RUNS:
        return f"runs-{rest[0]}"
    old = [name for option, name in OF_OLD.items() if option in rest]
    return [*old, ("runs-list", "runs-show", "runs-compare")[min(2, len(named))]][0]


def _positional(rest):
    before = ["", *rest]
    return [
        word
        for word, last in zip(rest, before, strict=False)
        if not word.startswith("-") and last not in TAKE_A_WORD
    ]


def check(command, said):
    """Fail where a command that was asked for JSON has not printed one object of its schema."""
    content = json.loads(said.out)
    name = name_of(command)
    if "error" in content and name != "compare-all":
        name = "error"
    assert wrong(name, content) == [], command
    assert ("error" in content) <= (said.status != 0), command


def words(name, content):
    """Return the places of all words in the language of the moment."""
    return _places(name, content, "x-translated")


def maps(name, content):
    """Return the places of all objects whose keys are not those of the schema."""
    return _places(name, content, "propertyNames")


def _places(name, content, keyword):
    def tell(validator, value, instance, schema):
        if keyword != "propertyNames" or isinstance(instance, dict):
            yield ValidationError("here")

    kind = validators.extend(Draft202012Validator, {keyword: tell})
    found = errors(name, content, kind)
    return [tuple(error.absolute_path) for error in found if error.validator == keyword]
