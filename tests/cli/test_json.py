"""What --json prints: one object a command, as docs/schemas says, the same in both languages."""

import copy
import json
import re
import shutil

import pytest

import json_schemas
from apprenti.cli.commands import COMMANDS, application

NEW_FLOWERS = """sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),target
5.1,3.5,1.4,0.2,setosa
,3.5,1.4,9,unknown
6,3,abc,2,
"""

# ---- The schemas themselves


def commands():
    """Return every command and subcommand that takes --json."""
    from typer.main import get_command

    group = get_command(application())
    yield "apprenti", group
    for name in COMMANDS:
        command = group.get_command(None, name)
        inner = {key: one for key, one in getattr(command, "commands", {}).items() if key != "-"}
        yield from [(f"{name}-{key}", one) for key, one in inner.items()] or [(name, command)]


def test_every_command_takes_json_and_has_a_schema():
    taking = {name for name, one in commands() if any("--json" in p.opts for p in one.params)}
    assert taking == {name for name, _ in commands()}
    forms = {"error", "version", "compare-all", "set-changes", "explain-all", "install-guide"}
    forms |= {"evaluate-ledger", "diagnose-learning-curve", "diagnose-labels", "improve-one"}
    forms |= {"checklist-changes"}
    forms |= {"diagnose-importance"}
    assert set(json_schemas.names()) == taking | forms


def subschemas(content, place=()):
    if isinstance(content, dict):
        yield place, content
        for key, inner in content.items():
            yield from subschemas(inner, (*place, key))
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            yield from subschemas(inner, (*place, number))


@pytest.mark.parametrize("name", ["common", *json_schemas.names()])
def test_a_schema_is_one_and_its_keys_are_plain_english_words(name):
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json_schemas.read(name))
    for place, inner in subschemas(json_schemas.read(name)):
        if place and place[-1] == "properties":
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in inner), place
        elif isinstance(inner.get("additionalProperties"), dict):
            assert "description" in inner.get("propertyNames", {}), f"{place}: keys of what?"
        is_plain = inner.get("type") == "string" and place[-1] != "label"
        # Else a number could stand there as a text
        assert not is_plain or {"pattern", "not", "x-translated"} & {*inner}, place


# ---- What is printed, in both languages


@pytest.fixture(scope="module")
def projects(make_project, apprenti, tmp_path_factory):
    """Projects of classes, of numbers and of images, each with a run or two and new rows."""
    from PIL import Image, ImageDraw
    from sklearn.datasets import load_diabetes

    made = {
        "flowers": make_project("iris", framework="sklearn", kind="tree"),
        "sugar": make_project("diabetes", framework="sklearn", kind="linear"),
        "digits": make_project("digits", framework="sklearn", kind="linear", iterations=5),
    }
    for one in made.values():
        apprenti("train", folder=one.folder)
    apprenti("train", "--set", "max_depth=2", folder=made["flowers"].folder)
    (made["flowers"].folder / "new.csv").write_text(NEW_FLOWERS, encoding="utf-8")
    load_diabetes(as_frame=True).frame.head(12).to_csv(
        made["sugar"].folder / "new.csv", index=False
    )
    drawn = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(drawn).line([(30, 8), (30, 52)], fill=0, width=6)
    drawn.save(made["digits"].folder / "one.png")
    return {name: one.folder for name, one in made.items()}


def masked(content, places):
    """Return a content in which what stands in these places is left out."""
    content = copy.deepcopy(content)
    for *way, last in places:
        inner = content
        for step in way:
            inner = inner[step]
        inner[last] = "…"
    return content


def shape(content):
    """Return of a content its keys and the kinds of its values."""
    if isinstance(content, dict):
        return {key: shape(inner) for key, inner in content.items()}
    if isinstance(content, list):
        return [shape(inner) for inner in content]
    return type(content).__name__


def both(apprenti, folder, *command):
    """Run a command in both languages, and return the name of its schema and what each said."""
    said = [apprenti(*command, "--json", folder=folder, language=code) for code in ("en", "fr")]
    assert said[0].status == said[1].status
    found = [one.json for one in said]
    name = "error" if list(found[0]) == ["error"] else json_schemas.name_of(command)
    return name, *found


LOOKED = {
    "flowers": (
        *((), ("runs",), ("runs", "show", "1"), ("runs", "compare", "1", "2"), ("data",)),
        ("diagnose", "1"),
        ("diagnose", "1", "--importance"),
        *(("set",), ("set", "max_depth"), ("predict", "1", "new.csv"), ("explain",)),
        *(("explain", "D015"), ("explain", "epoch"), ("explain", "F14"), ("explain", "seed")),
        *(("runs", "list", "--sort", "accuracy"), ("doctor", "--explain", "F32")),
    ),
    "sugar": (
        *(("runs", "show", "last"), ("data", "--no-picture"), ("runs",)),
        ("predict", "1", "new.csv"),
    ),
    "digits": (
        *(("diagnose",), ("runs", "show", "1"), ("data",), ("predict", "1", "one.png")),
        ("evaluate", "--ledger"),
    ),
}
"""Commands that change nothing, so that both languages say the same."""


@pytest.mark.few(7)
@pytest.mark.parametrize(
    ("project", "command"), [(name, one) for name, found in LOOKED.items() for one in found]
)
def test_all_but_the_words_is_the_same_in_both_languages(apprenti, projects, project, command):
    name, english, french = both(apprenti, projects[project], *command)
    assert name == json_schemas.name_of(command)
    places = json_schemas.words(name, english)
    assert masked(english, places) == masked(french, json_schemas.words(name, french))
    surprises = [*undescribed(name, english)]
    assert surprises == []


def undescribed(name, content):
    """Yield the places where a key that no schema describes would not be noticed."""
    maps = json_schemas.maps(name, content)
    seen = set()
    for place, inner in subschemas(content):
        # One of each list stands for all
        kind = tuple("*" if isinstance(step, int) else step for step in place)
        if kind in seen or any(place[: len(one)] == one for one in maps):
            continue
        seen.add(kind)
        inner["surprise"] = 1
        if not json_schemas.errors(name, content):
            yield place
        del inner["surprise"]


CHANGED = (
    *(("train",), ("compare", "--again"), ("eject", "1", "taken"), ("runs", "note", "1", "12")),
    *(("runs", "rename", "1", "first"), ("runs", "delete", "2"), ("runs", "restore", "2")),
    *(("set", "max_depth=3"), ("set", "--undo"), ("data", "--ignore", "sepal width (cm)")),
    *(("predict", "2", "new.csv", "--out", "said.csv"), ("runs", "1", "2", "--note", "two")),
    *(("new", "other", "--data", "digits"), ("runs", "stop", "2")),
    *(("reproduce", "1", "--quiet"), ("runs", "show", "1")),
    ("report", "--card"),
    *(("evaluate", "first", "--by", "ada"), ("evaluate", "2"), ("runs", "show", "2"), ("runs",)),
    ("evaluate", "--ledger"),
    *(("checklist",), ("checklist", "split"), ("checklist", "--questions")),
    ("checklist", "--answer", "personal_data=no", "--answer", "data_origin=Fisher"),
    ("checklist", "--undo"),
    ("improve", "3", "--only", "deeper", "--pairs", "3", "--no-picture"),
    ("improve", "3", "--one", "max_depth=1,2", "--pairs", "3", "--no-picture"),
)
"""Commands that change something, in this order."""


@pytest.mark.slow
def test_what_changes_something_says_the_same_in_both_languages(apprenti, projects, tmp_path):
    said = {}
    for language in ("en", "fr"):
        folder = tmp_path / language
        shutil.copytree(projects["flowers"], folder)
        for command in CHANGED:
            got = apprenti(*command, "--json", folder=folder, language=language)
            said.setdefault(command, []).append(shape(got.json))
    for command, (english, french) in said.items():
        assert english == french, command


@pytest.mark.parametrize(
    "command",
    [
        ("doctor", "--quick"),
        ("install", "--dry-run"),
        *(("install", "--guide", "--os", system) for system in ("windows", "macos", "linux")),
        ("--version",),
    ],
)
def test_the_machine_is_told_in_both_languages(apprenti, tmp_path, command):
    name, english, french = both(apprenti, tmp_path, *command)
    assert shape(english) == shape(french)
    assert [*undescribed(name, english)] == []


def test_where_there_is_no_project_that_is_said(apprenti, tmp_path):
    assert apprenti("--json", folder=tmp_path).json["project"] is None


# ---- What goes wrong


WRONG = {
    ("predict", "--nonsense"): "usage",
    ("nonsense",): "usage",
    ("runs", "show"): "usage",
    ("runs", "--lang", "de"): "usage",
    ("runs", "show", "99"): "run_unknown",
    ("train", "--set", "epoch=3"): "unknown_setting",
    ("train", "--set", "model.max_depth=-1"): "wrong_value",
    ("doctor", "--explain", "the sky is too blue"): "not_recognised",
    ("explain", "nonsense"): "not_explained",
    ("predict", "1", "nowhere.csv"): "new_rows_missing",
    ("new", "taken", "--data", "nowhere.csv"): "given_missing",
    ("runs", "stop", "1"): "run_not_under_way",
    ("install", "everything", "--dry-run"): "install_unknown",
}


@pytest.mark.parametrize("command", WRONG)
def test_an_error_is_an_object_with_a_key(apprenti, projects, command):
    name, english, french = both(apprenti, projects["flowers"], *command)
    assert name == "error"
    assert english["error"]["key"] == french["error"]["key"] == WRONG[command]
    assert english["error"]["what"] != french["error"]["what"]


@pytest.mark.parametrize(
    "command", [("runs", "show", "99"), ("nonsense",), ("set",), ("--version",)]
)
def test_json_before_a_command_is_as_after_it(apprenti, projects, command):
    before = apprenti("--json", *command, folder=projects["flowers"])
    after = apprenti(*command, "--json", folder=projects["flowers"])
    assert (before.status, before.json) == (after.status, after.json)


INTERRUPTED = """
import sys
from apprenti import verbs, listing
def stop(*given, **more):
    raise KeyboardInterrupt
def made_of_it(*given, **more):
    try:
        stop()
    except KeyboardInterrupt as error:
        raise ImportError("initialization failed") from error
verbs.train, listing.find = stop, made_of_it if "2" in sys.argv else stop
from apprenti.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", [("train",), ("runs", "show", "1"), ("runs", "show", "2")])
def test_a_stop_by_hand_is_an_error_too(apprenti, projects, command):
    said = apprenti(*command, "--json", folder=projects["flowers"], code=INTERRUPTED)
    assert (said.status, said.json["error"]["key"]) == (130, "interrupted")


BOARD_STOPPED = """
import sys
from apprenti.evaluate import leaderboard
make = leaderboard.of_runs
def stop(chosen, *more):
    return make([], chosen.plans[0].source.task)._replace(stopped=True)
leaderboard.make = stop
from apprenti.cli import main
main(sys.argv[1:])
"""


def test_what_was_reached_stands_beside_the_error(apprenti, projects):
    command = ("compare", "--all", "--json")
    said = apprenti(*command, folder=projects["flowers"], code=BOARD_STOPPED)
    assert (said.status, said.json["error"]["key"]) == (130, "board_stopped")
    assert said.json["stopped"] is True


def test_a_loss_that_is_no_number_is_null(apprenti, projects, tmp_path):
    shutil.copytree(projects["flowers"], tmp_path / "lost")
    (history,) = (tmp_path / "lost" / "runs").glob("*-001-*/history.csv")
    head, row = history.read_text(encoding="utf-8").split("\n")[:2]
    cells = [
        "nan" if name == "valid_loss" else cell
        for name, cell in zip(head.split(","), row.split(","), strict=True)
    ]
    history.write_text(f"{head},mine,status\n{','.join(cells)},0.5,7\n", encoding="utf-8")
    said = apprenti("runs", "--json", folder=tmp_path / "lost")
    assert "NaN" not in said.out and json.loads(said.out)["runs"][0]["valid_loss"] is None
    assert said.json["runs"][0]["own_measures"] == {"mine": 0.5, "status": 7}
