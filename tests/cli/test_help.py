"""Help in both languages, quick, and without the heavy packages."""

import json

import pytest

from apprenti import cli, runs
from apprenti.cli.commands import COMMANDS
from apprenti.cli.runs_command import COMMANDS as OF_RUNS

HEAVY = ("torch", "tensorflow", "keras", "numpy", "pandas", "sklearn", "scipy", "matplotlib")
HEAVY += ("rich", "skops", "plotext", "nbformat", "psutil")
LEFT_IN_ENGLISH = ("Usage:", "Options:", "Commands:", "Arguments:", "Show this", "[required]")

EVERY = ["", *COMMANDS, *(f"runs {name}" for name in OF_RUNS)]

COUNT = """
import atexit, json, sys
def tell():
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    sys.stderr.write(json.dumps(loaded))
atexit.register(tell)
from apprenti.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", EVERY)
def test_help_loads_no_heavy_package(process, command):
    said = process(*command.split(), "--help", code=COUNT)
    assert said.status == 0
    assert not set(json.loads(said.err)) & set(HEAVY)


COLLECTOR = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count(), file=sys.stderr))
from apprenti.cli import main
main(sys.argv[1:])
"""


def test_what_is_imported_is_not_searched_for_garbage_again_and_again(process):
    threshold, left_alone = map(int, process("--help", code=COLLECTOR).err.split())
    assert threshold >= 100_000
    assert left_alone > 10_000


@pytest.mark.parametrize("command", EVERY)
def test_french_help_is_french_to_the_last_word(apprenti, command):
    said = apprenti(*command.split(), "--help", language="fr")
    assert "Utilisation\N{NARROW NO-BREAK SPACE}: apprenti" in said.out
    assert not [words for words in LEFT_IN_ENGLISH if words in said.out]


def test_the_language_of_the_help_can_be_asked_for(apprenti):
    assert "Utilisation" in apprenti("--lang", "fr", "--help").out
    assert "Utilisation" in apprenti("train", "--lang=fr", "--help").out
    assert "Usage" in apprenti("--help", "--lang", "en", language="fr").out


def test_all_the_commands_are_listed_in_their_order(apprenti):
    listed = apprenti("--help").out.partition("Commands:")[2]
    places = [listed.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_the_version_is_told(apprenti):
    from apprenti import __version__

    assert apprenti("--version").out == f"apprenti {__version__}\n"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Did you mean 'train'"), ("fr", "Vouliez-vous dire 'train'")]
)
def test_a_misspelt_command_is_wrong_usage_and_the_nearest_is_named(apprenti, language, words):
    said = apprenti("trian", language=language)
    assert said.status == 2
    assert said.out == ""
    assert words in said.err


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No such option: --epochs"), ("fr", "l'option --epochs")]
)
def test_an_unknown_option_is_wrong_usage(apprenti, language, words):
    said = apprenti("train", "--epochs", "3", language=language)
    assert said.status == 2
    assert words in said.err


@pytest.mark.parametrize(("language", "words"), [("en", "Missing"), ("fr", "il manque")])
def test_a_missing_argument_is_wrong_usage(apprenti, language, words):
    said = apprenti("eject", language=language)
    assert said.status == 2
    assert words in said.err


def test_a_terminal_that_knows_only_ascii_is_no_reason_to_stop(apprenti, tmp_path):
    said = apprenti(folder=tmp_path, language="fr", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert said.status == 0
    assert "Pour commencer :" in said.out


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_gets_its_completion(apprenti, shell):
    said = apprenti("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert said.status == 0
    assert "_APPRENTI_COMPLETE" in said.out


def complete(apprenti, line, **more):
    words = line.split(" ")
    variables = {
        "_APPRENTI_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    return apprenti(**variables, **more).out.split()


def test_commands_and_values_are_completed(apprenti, trained):
    assert complete(apprenti, "apprenti tr") == ["train"]
    assert complete(apprenti, "apprenti train --framework ten") == ["tensorflow"]
    assert complete(apprenti, "apprenti train --set ep") == ["epochs=", "epochs=…"]
    names = [run.name for run in runs.all_runs(trained.runs_folder)]
    assert complete(apprenti, "apprenti runs --sort acc") == ["accuracy"]
    assert complete(apprenti, "apprenti runs show be", folder=trained.folder) == ["best"]
    assert complete(apprenti, "apprenti runs show 2", folder=trained.folder) == names[::-1]
    assert complete(apprenti, "apprenti runs re") == ["rename", "restore"]


# What all commands share


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["--json", "runs"], ["runs", "--json"]),
        (
            ["--project", "p", "--json", "runs", "show", "5"],
            ["runs", "show", "5", "--project", "p", "--json"],
        ),
        (["--project=p", "predict", "5", "--", "-x"], ["predict", "5", "--project=p", "--", "-x"]),
        (["--json"], ["--json"]),
        (["--json", "--version"], ["--json", "--version"]),
        (["runs", "--json"], ["runs", "--json"]),
    ],
)
def test_what_all_commands_take_may_stand_before_them(given, meant):
    assert cli.in_their_place(given) == meant


def test_a_project_is_found_from_the_folders_inside_it(apprenti, tmp_path):
    (tmp_path / "apprenti.toml").write_text('[data]\nsource = "digits"\n')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert json.loads(apprenti("runs", "--json", folder=deep).out) == {"runs": [], "diagnosis": []}
    assert apprenti("--project", str(deep), "runs", folder=tmp_path).status == 0
    assert "apprenti train" in apprenti(folder=deep).out


def test_a_misspelt_command_is_an_object_too_where_json_is_asked_for(apprenti):
    said = apprenti("--json", "trian")
    assert said.status == 2
    error = json.loads(said.out)["error"]
    assert error["key"] == "usage" and "'train'" in error["what"]
