"""Every place of a text is filled where the text is used, and the phrases of Typer fit Typer."""

import ast
import re
import string
from pathlib import Path

import psutil
import pytest

from apprenti import language
from apprenti.script import run_local
from apprenti.script.run_local import CAUSES, Outcome, explain

SOURCES = Path(language.__file__).parent
FILES = sorted(path for path in SOURCES.rglob("*.py") if "backends" not in path.parts)


def calls(name):
    """Yield the file, the first argument and the names given, of each call with a literal text."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] != name:
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                given = {keyword.arg for keyword in node.keywords}
                yield f"{path.name}:{node.lineno}", node.args[0].value, given


def places(text):
    found = set()
    for _, field, how, _ in string.Formatter().parse(text):
        # {value:.{decimals}f} has two
        found |= {re.split(r"[.\[]", field)[0], *places(how)} if field else set()
    return found


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_what_is_said_has_all_its_values(tongue):
    language.choose(tongue)
    checked = 0
    for where, key, given in calls("say"):
        if None not in given and "." in key:
            assert places(language.text(key)) == given, (where, key)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize("name", ["ApprentiError", "Interrupted"])
def test_errors_have_all_their_values(name, tongue):
    for where, key, given in calls(name):
        parts = language.errors(tongue)[key]
        wanted = set().union(*(places(part) for part in parts.values()))
        if None not in given:
            assert wanted == given, (where, key)


@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("OSError: [Errno 28] No space left on device", "disk_full"),
        ("RuntimeError: [enforce fail] . PytorchStreamWriter failed writing file", "script_failed"),
        ("MemoryError", "out_of_memory"),
        ("numpy._core._exceptions._ArrayMemoryError: Unable to allocate 8 TiB", "out_of_memory"),
        ("RuntimeError: DefaultCPUAllocator: can't allocate memory", "out_of_memory"),
        ("_pickle.UnpicklingError: Weights only load failed.", "weights_unsafe"),
        ("  in load_checkpoint\nzipfile.BadZipFile: not a zip", "checkpoint_damaged"),
        ("ModuleNotFoundError: No module named 'seaborn'", "module_missing"),
        ("ValueError: {odd} braces", "script_failed"),
        ("", "script_failed"),
    ],
)
def test_what_a_script_says_at_its_end_is_explained(written, key, tongue):
    language.choose(tongue)
    outcome = Outcome(1, None, 1.0, 1, f"Traceback (most recent call last):\n{written}\n")
    error = explain(outcome, Path("runs/one"))
    assert error.key == key
    assert all(isinstance(part, str) for part in error.parts())
    if key == "module_missing":
        assert "seaborn" in error.parts()[0]


@pytest.mark.parametrize("status", [-9, 137])
@pytest.mark.parametrize(("share", "key"), [(0.9, "out_of_memory"), (0.01, "script_killed")])
def test_a_process_that_was_killed_had_too_little_memory_if_it_took_most_of_it(status, share, key):
    memory = int(share * psutil.virtual_memory().total)
    error = explain(Outcome(status, None, 1.0, memory, ""), Path())
    assert error.key == key
    assert all(isinstance(part, str) for part in error.parts())


def test_what_pytorch_could_not_write_is_a_full_disk_where_the_disk_is_full(monkeypatch):
    said = "RuntimeError: [enforce fail] . PytorchStreamWriter failed writing file"
    outcome = Outcome(1, None, 1.0, 1, said)
    assert explain(outcome, Path()).key == "script_failed"
    monkeypatch.setattr(run_local, "LITTLE", float("inf"))
    assert explain(outcome, Path()).key == "disk_full"


def test_a_folder_that_was_removed_meanwhile_is_told(tmp_path):
    outcome = Outcome(1, None, 1.0, 1, "FileNotFoundError: [Errno 2] No such file or directory")
    assert explain(outcome, tmp_path / "gone").key == "folder_gone"


def test_every_cause_is_a_pattern_that_compiles_and_a_message_that_exists():
    for pattern, key in CAUSES:
        assert re.compile(pattern)
        assert key in language.errors("en")


def test_the_phrases_of_typer_refer_only_to_what_they_catch():
    for pattern, words in language.subject("typer", "fr")["phrases"]:
        groups = re.compile(pattern, re.MULTILINE).groups
        assert {int(number) for number in re.findall(r"\\(\d)", words)} <= set(range(1, groups + 1))


def typer_sources():
    import typer

    folder = Path(typer.__file__).parent
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))


# In the order in which they stand in texts/fr/typer.toml; what pydantic says comes from pydantic
OF_TYPER = (
    "Usage:", "Options", "Arguments", "Commands", "[OPTIONS]", "COMMAND [ARGS]...",
    "Show this message and exit.", "default: ", "required", "No such command ", "Did you mean ",
    "No such option: ", "(Possible options: ", "Missing ", "Invalid value for ",
    "requires {msg}", "does not take a value.", "Got unexpected extra argument(s) (",
)  # fmt: skip


def test_typer_still_says_what_is_translated():
    said = typer_sources()
    assert [phrase for phrase in OF_TYPER if phrase not in said] == []


def test_three_dots_are_one_sign_in_french_but_for_repeated_arguments():
    for path in (language.TEXTS / "fr").glob("*.toml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            kept = line.replace("[ARGUMENTS]...", "").replace(r"\.\.\.", "")
            assert "..." not in kept, (path.name, line)
