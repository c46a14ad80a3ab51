"""What was meant by a command line that is refused: the command that does it."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Words = list[str]

SAID: dict[str, tuple[str, ...]] = {
    "train": ("run", "fit", "learn", "entrainer", "entraine", "entrainement", "apprendre"),
    "runs": ("ls", "list", "history", "entrainements", "lister", "liste", "historique"),
    "runs show": ("show", "montrer", "voir", "afficher"),
    "runs delete": ("delete", "remove", "rm", "supprimer", "effacer"),
    "runs rename": ("rename", "mv", "renommer"),
    "runs restore": ("restore", "restaurer"),
    "runs note": ("note", "noter"),
    "runs stop": ("stop", "arreter"),
    "evaluate": ("eval", "test", "evaluer", "tester", "assess"),
    "evaluate --ledger": ("ledger", "registre"),
    "compare": ("comparer", "leaderboard", "benchmark"),
    "predict": ("predire", "prediction", "infer"),
    "data": ("describe", "donnees", "decrire"),
    "new": ("init", "create", "nouveau", "creer", "projet"),
    "start": ("begin", "demarrer", "commencer"),
    "install": ("installer", "setup"),
    "doctor": ("docteur", "check", "diagnose", "diagnostic", "verifier"),
    "set": ("config", "configure", "settings", "regler", "reglage", "reglages"),
    "set --undo": ("undo", "annuler"),
    "explain": ("expliquer", "why", "glossary", "glossaire"),
    "eject": ("export", "ejecter", "exporter"),
    "agree": ("parity", "accord"),
    "report": ("rapport", "html", "pdf", "card", "model-card", "summary"),
    "--help": ("help", "aide"),
    "--version": ("version",),
}
"""Commands, and the words by which people ask for them, without accents."""

SETTINGS: dict[str, tuple[str, ...]] = {
    "kind": ("model", "name", "type", "algorithm", "modele", "algorithme"),
    "learning_rate": ("lr", "rate", "eta", "taux", "taux_apprentissage"),
    "batch_size": ("batch", "bs", "lot", "taille_lot"),
    "epochs": ("epoch", "n_epochs", "num_epochs", "nb_epochs", "epoque", "epoques"),
    "hidden_units": ("hidden", "units", "neurons", "hidden_layer_sizes", "neurones"),
    "optimizer": ("optim", "optimiseur"),
    "seed": ("random_state", "graine"),
    "n_estimators": ("trees", "n_trees", "arbres"),
}
"""Settings, and the words by which people ask for them, without accents."""
FRAMEWORKS = {
    "torch": "pytorch",
    "tf": "tensorflow",
    "keras": "tensorflow",
    "scikit-learn": "sklearn",
}
TAKE_SETTINGS = ("train", "compare", "agree", "start")
ROUNDS = 4


def meant(given: Sequence[str], error: Any) -> Words | None:
    """Return the words of the command that was meant, if it can be told and is one."""
    words = _named(list(given), error)
    if words[:1] == ["new"]:
        words += [*_for_target(error), *_for_download(error)]
    for _ in range(ROUNDS):
        before = words
        for rule in RULES:
            words = rule(words)
        if words == before:
            break
    return words if words != list(given) and _can_be_read(words) else None


def _can_be_read(words: Words) -> bool:
    """Say whether a command line is one, without doing what it says."""
    from typer import TyperException
    from typer.main import get_command

    from apprenti.cli.commands import application

    command: Any = get_command(application())
    rest = [word for word in words if word not in ("--help", "--version")]
    context, name = None, "apprenti"
    if not rest:
        return True
    with contextlib.suppress(TyperException):
        while True:
            is_last = not hasattr(command, "resolve_command")
            if is_last and len(rest) < len(words) and "--help" in words:
                return True
            context = command.make_context(name, list(rest), parent=context)
            if is_last:
                return True
            after = [*context._protected_args, *context.args]
            name, command, rest = command.resolve_command(context, after)
    return False


def _named(words: Words, error: Any) -> Words:
    """Put right the name of an option that is nearly one."""
    near = getattr(error, "possibilities", None)
    wrong = getattr(error, "option_name", None)
    if not near or wrong not in words or near[0] == "--help":
        return words
    return [near[0] if word == wrong else word for word in words]


def _command(words: Words) -> Words:
    """Put the name of a command in place of a word like it, or of the French one."""
    from apprenti.cli.commands import COMMANDS
    from apprenti.errors import folded, nearest

    if not words or words[0].startswith("-") or words[0] in COMMANDS:
        return words
    first, rest = folded(words[0]), words[1:]
    found = next((command for command, names in SAID.items() if first in names), None)
    if found == "--help":
        return [*rest[:1], "--help"]
    if found:
        return [*found.split(), *rest]
    near = nearest(first, (*COMMANDS, *(name for names in SAID.values() for name in names)))
    if near.is_near and near != words[0]:
        return _command([str(near), *rest])
    return words


def _setting(word: str) -> str | None:
    """Return the setting that a word names, whatever stands between its parts."""
    from apprenti.errors import folded
    from apprenti.project import settings

    name = word.lstrip("-").replace("-", "_")
    if any(name in (one.name, one.key) for one in settings()):
        return name
    last = folded(name.rpartition(".")[2])
    return next((setting for setting, names in SETTINGS.items() if last in names), None)


def _options(words: Words) -> Words:
    """`train --epochs 10`: a setting as if it were an option; `data --target x` for good."""
    command = words[0] if words else ""
    if command not in (*TAKE_SETTINGS, "data", "set"):
        return words
    known, found, place = _known(command), [], 1
    while place < len(words):
        name, equals, value = words[place].partition("=")
        setting = _setting(name) if name.startswith("--") and name not in known else None
        if setting and not equals and place + 1 < len(words):
            place, value = place + 1, words[place + 1]
        if setting and value:
            found += [f"{setting}={value}"]
        place += 1
        if not (setting and value):
            found.append(words[place - 1])
    if found == words[1:]:
        return words
    if command in TAKE_SETTINGS:
        return [command, *found]
    return ["set", *found]


def _known(command: str) -> set[str]:
    from apprenti.cli.commands import Commands

    made = Commands(name="apprenti").get_command(None, command)
    return {name for one in made.params for name in (*one.opts, *one.secondary_opts)}


def _assignments(words: Words) -> Words:
    """`train epochs=10`, `train --set epochs 10`, `train forest`, `train pytorch`."""
    if not words or words[0] not in TAKE_SETTINGS:
        return words
    found, place, rest = words[:1], 0, words[1:]
    while place < len(rest):
        word, place = rest[place], place + 1
        follows = rest[place] if place < len(rest) else ""
        if word == "--set" and "=" not in follows and _setting(follows):
            value = rest[place + 1] if place + 1 < len(rest) else ""
            found += ["--set", f"{_setting(follows)}={value}"]
            place += 2
        elif word.startswith("-"):
            found.append(word)
            if word in WITH_VALUE and place < len(rest):
                found.append(_assignment(follows) if word == "--set" else follows)
                place += 1
        else:
            found += _one_word(word)
    return found


WITH_VALUE = {
    *("--set", "--framework", "--resume", "--time-limit", "--project", "--lang", "--dir"),
    *("--data", "--because", "--target", "--task", "--out", "--sort", "--explain"),
}
"""The options that a value follows."""


def _assignment(text: str) -> str:
    name, equals, value = text.partition("=")
    return f"{_setting(name) or name}{equals}{value}"


def _one_word(word: str) -> Words:
    """Return the options for a word that is no file: a setting, a model, or a framework."""
    from apprenti.model.catalogue import FRAMEWORKS as KNOWN
    from apprenti.model.catalogue import MODELS

    framework = FRAMEWORKS.get(word.lower(), word.lower())
    if Path(word).exists():
        return [word]
    if "=" in word and _setting(word.partition("=")[0]):
        return ["--set", _assignment(word)]
    if word in MODELS:
        return ["--set", f"kind={word}"]
    return ["--framework", framework] if framework in KNOWN else [word]


def _pairs(words: Words) -> Words:
    """`set epochs 10`: a name, then its value."""
    if words[:1] != ["set"]:
        return words
    found, place = words[:1], 1
    while place < len(words):
        word, follows = words[place], words[place + 1 : place + 2]
        is_pair = "=" not in word and _setting(word) and follows and "=" not in follows[0]
        if is_pair and not follows[0].startswith("-") and not _setting(follows[0]):
            found.append(f"{_setting(word)}={follows[0]}")
            place += 1
        else:
            found.append(_assignment(word) if "=" in word and word[0] != "-" else word)
        place += 1
    return found


def _places(words: Words) -> list[int]:
    """Return where the arguments are that belong to no option."""
    found, place = [], 1
    while place < len(words):
        if words[place] in WITH_VALUE:
            place += 1
        elif not words[place].startswith("-"):
            found.append(place)
        place += 1
    return found


def _runs(words: Words) -> Words:
    """`compare 1 2`: these are runs."""
    names = [words[place] for place in _places(words)]
    if words[:1] == ["compare"] and names and all(map(_may_be_run, names)):
        return ["runs", "compare", *words[1:]]
    return words


def _may_be_run(name: str) -> bool:
    from apprenti.runs import BEST, LAST

    return name.isdecimal() or name in (LAST, BEST) or (Path("runs") / name).is_dir()


def _predict(words: Words) -> Words:
    """`predict image.png`: with the latest run."""
    places = _places(words)
    if words[:1] == ["predict"] and len(places) == 1 and not _may_be_run(words[places[0]]):
        return ["predict", "last", *words[1:]]
    return words


def _new(words: Words) -> Words:
    """`new data.csv`, `new folder`, `new --data data.csv`, `data data.csv`."""
    from apprenti.language import say

    places = _places(words)
    if words[:1] == ["data"] and places and Path(words[places[0]]).exists():
        words = ["new", *words[1:]]
    if words[:1] != ["new"]:
        return words
    named = any(word.split("=")[0] == "--data" for word in words)
    first = words[places[0]] if places else ""
    if named and not first:
        return ["new", say("cli.meant.project"), *words[1:]]
    if named or not first:
        return words if named else ["new", say("cli.meant.project"), "--data", "digits"]
    rest = [word for place, word in enumerate(words) if place not in (0, places[0])]
    if Path(first).suffix or Path(first).exists():
        return ["new", say("cli.meant.project"), "--data", first, *_target(first, rest), *rest]
    return ["new", first, "--data", "digits", *rest]


def _target(source: str, rest: Words) -> Words:
    """Return the option that names the column to be predicted, often the last, where one must."""
    from apprenti.data.source import open_source
    from apprenti.errors import ApprentiError
    from apprenti.project import DataSettings

    path = Path(source)
    if any(word.startswith("--target") for word in rest) or not path.is_file():
        return []
    if path.stat().st_size > LARGEST:
        return []
    try:
        open_source(DataSettings(source=source), Path())
    except ApprentiError as error:
        return _for_target(error)
    return []


LARGEST = 20_000_000
"""Bytes of a file that is read for the sake of an answer."""


def _for_target(error: Any) -> Words:
    missing = getattr(error, "key", "") == "target_missing"
    return ["--target", str(error.values["proposed"])] if missing else []


def _for_download(error: Any) -> Words:
    return ["--download"] if getattr(error, "key", "") in NOT_HERE else []


NOT_HERE = ("set_missing", "not_downloaded")
"""The errors of data that a download brings."""


def _eject(words: Words) -> Words:
    """`eject last`: to a folder of some name."""
    from apprenti.language import say

    places = _places(words)
    if words[:1] == ["eject"] and len(places) < 2:
        run = [words[place] for place in places] or ["last"]
        rest = [word for place, word in enumerate(words) if place and place not in places]
        return ["eject", *run, say("cli.first_model.next.script"), *rest]
    return words


def _doctor(words: Words) -> Words:
    """`doctor No module named torch`: a message to be explained."""
    places = _places(words)
    if words[:1] != ["doctor"] or not places:
        return words
    rest = [word for place, word in enumerate(words) if place and place not in places]
    return ["doctor", "--explain", " ".join(words[place] for place in places), *rest]


def _install(words: Words) -> Words:
    if words[:1] != ["install"]:
        return words
    return [FRAMEWORKS.get(word.lower(), word) for word in words]


RULES: tuple[Callable[[Words], Words], ...] = (
    _command,
    _options,
    _assignments,
    _pairs,
    _runs,
    _predict,
    _new,
    _eject,
    _doctor,
    _install,
)
