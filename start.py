"""Sets Apprenti up in `.venv`, beside this file, and starts it.

    python start.py           the guide's first model, in TensorFlow and in PyTorch
    python start.py test      the tests, as often as you like (about 8 minutes)
    python start.py test full all the tests, as continuous integration runs them
    python start.py --bundle DIR    a folder from which a class installs without the Internet
    python start.py --from DIR      the same as the first, from such a folder alone
    python start.py --help    the options

Standard library only. It works on Python 3.11 to 3.13, but even Python 3.6 must be able to read
it and say that it is too old: hence the quoted annotations, and nothing newer than f-strings.
What a machine gets is decided in src/apprenti/install, by the rules of `apprenti install`.

From top to bottom: the command line, what suits the machine, the virtual environment, pip, the
bundle for a class, and what is said, in French and in English.
"""

import contextlib
import errno
import hashlib
import importlib
import importlib.util
import json
import locale
import os
import platform
import re
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent
CONSTRAINTS = ROOT / "constraints.txt"
VENV = ROOT / ".venv"
STAMP = VENV / "start.json"  # what is installed in .venv, and whether start.py made it
LOG = VENV / "start.log"  # everything that pip printed
TEMPORARY = VENV / "tmp"  # where pip unpacks: on the disk whose free space was checked
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
APPRENTI = SCRIPTS / ("apprenti.exe" if os.name == "nt" else "apprenti")
PIP = [
    str(PYTHON),
    "-I",
    "-X",
    "utf8",
    "-m",
    "pip",
]  # -I: no variable, no file lying about can mislead it
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
PACKAGES = VENV / ("Lib" if os.name == "nt" else f"lib/python{VERSION}") / "site-packages"

language = "fr"  # of what is said; main() chooses it
again = "python start.py"  # the command that was given, to give it once more
bundle = None  # type: Any  # that of --from: then no network is asked


class StartError(Exception):
    """Something that the user can mend: the name of its sentence in TEXTS, and the values in it."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values
        self.status = 2 if sentence.startswith("usage") else 1


# ---- The command line

FRAMEWORKS = ("pytorch", "tensorflow")
OPTIONS = {"--lang": ("fr", "en"), "--only": FRAMEWORKS}
FOLDERS = ("--bundle", "--from")
SAFE = {*string.ascii_letters, *string.digits, *"-_./=:,\\"}  # no shell reads more into these


class Choices(NamedTuple):
    task: str  # start, test, bundle or help
    only: str  # one framework; empty for both
    language: str  # empty if --lang was not given
    passed: "list[str]"  # goes on to `apprenti start` or to pytest
    bundle: str = ""  # the folder of --bundle or of --from
    systems: "tuple[str, ...]" = ()  # those of --for

    def parts(self) -> "set[str]":
        """What has to be there: frameworks, and "dev" for the tests."""
        return {*([self.only] if self.only else FRAMEWORKS), *["dev"] * (self.task == "test")}


def read_arguments(arguments: "list[str]") -> Choices:
    words, task, passed, found = list(arguments), "start", [], {}
    systems = []  # type: list[str]
    if words and not words[0].startswith("-"):
        task = words.pop(0)
        if task != "test":
            raise StartError("usage_word", word=task)
        if words[:1] == ["full"]:
            passed.append("--" + words.pop(0))
    while words:
        word = words.pop(0)
        option, equals, value = word.partition("=")
        if option in OPTIONS:
            value = value if equals or not words else words.pop(0)
            if value not in OPTIONS[option]:
                allowed = " | ".join(OPTIONS[option])
                raise StartError("usage_value", option=option, value=value, allowed=allowed)
            found[option] = value
        elif option in FOLDERS:
            value = value if equals or not words else words.pop(0)
            if not value or value.startswith("--") or found.keys() & set(FOLDERS):
                raise StartError("usage_folder", option=option)
            found[option] = value
        elif option == "--for":
            systems += [value] * bool(equals)
            while words and not words[0].startswith("-"):
                systems.append(words.pop(0))
        elif word in ("-h", "--help"):
            task = "help"
        else:
            passed.append(word)
    task = "bundle" if task == "start" and "--bundle" in found else task
    if (systems and task != "bundle") or (task == "test" and found.keys() & set(FOLDERS)):
        raise StartError("usage_bundle")
    folder = found.get("--bundle") or found.get("--from", "")
    named = tuple(name for word in systems for name in word.split(",") if name)
    only, tongue = found.get("--only", ""), found.get("--lang", "")
    return Choices(task, only, tongue, passed, folder, named)


def choose_language(arguments: "list[str]", environment: "dict[str, str]") -> str:
    """--lang, APPRENTI_LANG, else the system's (English for a third one), else French."""
    given = re.findall(r"--lang[= ](\w+)", " ".join(arguments))
    for value in [*given, environment.get("APPRENTI_LANG", "")]:
        if value[:2].lower() in TEXTS:
            return value[:2].lower()
    system = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if os.name == "nt":
        system.append(locale.getlocale()[0] or "")  # such as French_France
    # "C" and "POSIX" say that no language was chosen
    chosen = [
        value.lower() for value in system if value.split(".")[0].upper() not in ("", "C", "POSIX")
    ]
    return "en" if chosen and not chosen[0].startswith("fr") else "fr"


def main(arguments: "list[str]") -> int:
    global language, again
    language = choose_language(arguments, dict(os.environ))
    again = this_command(arguments)
    try:
        choices = read_arguments(arguments)
        if choices.task == "help":
            say("help")
            return 0
        check_python()
        if choices.task == "bundle":
            make_bundle(choices)
            return 0
        if choices.bundle:
            choices = open_bundle(choices)
        if not is_ready(choices.parts()):
            with alone():
                # Whoever had the folder until now may have done it all
                if not is_ready(choices.parts()):
                    set_up(choices.parts())
        if bundle:
            take_digits()
        return launch(choices)
    except StartError as problem:
        say(problem.sentence, to=sys.stderr, **problem.values)
        return problem.status
    except KeyboardInterrupt:
        say("interrupted", to=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in OS_ERRORS:
            raise
        path, detail = error.filename or VENV, error.strerror
        say(OS_ERRORS[error.errno], to=sys.stderr, path=path, detail=detail)
        return 1


def this_command(arguments: "list[str]") -> str:
    quoted = [f'"{word}"' if set(word) - SAFE else word for word in arguments]
    return " ".join(["python start.py", *quoted])


def launch(choices: Choices) -> int:
    """Give way to Apprenti, or to its tests."""
    environment = clean_environment()
    if choices.task == "test":
        os.chdir(str(ROOT))
        # As many tests at a time as there are cores: see conftest.py for what stays together
        command = [str(PYTHON), "-m", "pytest", "-n", "auto"]
    else:
        # Not by its script: a sign such as $ in the path of the folder would mislead that
        command = [str(PYTHON), "-P", "-m", "apprenti", "start"]
        command += ["--framework", choices.only] if choices.only else []
        if choices.language:
            environment["APPRENTI_LANG"] = choices.language
    command += choices.passed
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment)
    # On Windows exec would not wait for the end. Ctrl-C is for the child.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.call(command, env=environment)


# ---- What suits the machine

OLDEST, NEWEST = (3, 11), (3, 13)
CONTAINER = 'docker run -it --rm -v "$PWD:/apprenti" -w /apprenti python:3.12-slim python start.py'
ENOUGH = 10**9  # MB: check_space counts the room, with what Apprenti itself takes


class Size(NamedTuple):
    """MB to download, and MB of disk to allow for, as the parts of a plan have them."""

    download_mb: int
    disk_mb: int


APPRENTI_ITSELF = Size(100, 1000)
TEST_TOOLS = Size(50, 300)


def module(name: str) -> Any:
    """A module of src/apprenti/machine or install that needs no more than the standard library."""
    sources = ROOT / "src"
    if not (sources / "apprenti" / "install").is_dir():
        raise StartError("files_missing", path=ROOT)
    if str(sources) not in sys.path:
        sys.path.insert(0, str(sources))
    return importlib.import_module("apprenti." + name)


def check_python() -> None:
    """Nothing but this file can be read by a Python that is too old."""
    if sys.version_info[:2] < OLDEST:
        raise StartError("python_too_old", python=VERSION, commands=other_python())


def this_machine() -> Any:
    """The machine, as if nothing were installed: this Python is not the one of .venv."""
    machine = module("machine.look").this_machine()
    room = {"free_disk_mb": ENOUGH, "free_temp_mb": ENOUGH}
    cards = {"nvidia": ()} if bundle else {}  # a bundle has the builds for the processor
    return module("machine.machine").Machine(**{**vars(machine), "packages": {}, **room, **cards})


def decide(machine: Any, parts: "Iterable[str]") -> Any:
    """The plan for the frameworks among the parts, or the refusal, of apprenti.install."""
    frameworks = [name for name in FRAMEWORKS if name in parts]
    return module("install.decisions").decide(machine, frameworks, tested_only=True)


def check_machine(machine: Any, parts: "Iterable[str]") -> None:
    found, python = decide(machine, parts), machine.python
    sentence = "python_too_new" if python.line > NEWEST else getattr(found, "key", "")
    if sentence:
        values = {"python": python.version, "bits": python.bits, **getattr(found, "values", {})}
        ways = {"commands": other_python(), "container": CONTAINER}
        raise StartError(sentence, instead=one_alone(found), **{**values, **ways})


def one_alone(refusal: Any) -> str:
    """How to have the framework that is possible where the other one is not."""
    way = getattr(getattr(refusal, "nearest", None), "key", "")
    if not way.startswith("only_"):
        return ""
    return typeset(TEXTS[language]["one_alone"]).format(only=way[len("only_") :])


def other_python() -> str:
    """How to go on with another Python: one that is already here, or one to install first."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        python = ["py", f"-3.{minor}-64"] if os.name == "nt" else [f"python3.{minor}"]
        if output_of([*python, "-c", "import ensurepip; print('here')"]):
            return " ".join([*python, "start.py"])
    return {
        "Windows": "winget install --exact --id Python.Python.3.12\n  py -3.12 start.py",
        "Darwin": "brew install python@3.12\n  python3.12 start.py",
    }.get(platform.system(), "sudo apt install python3.12 python3.12-venv\n  python3.12 start.py")


def check_space(parts: "list[Any]") -> "dict[str, str]":
    """What the parts download, what they take of the disk and what of it is free, if enough is."""
    free, needed = shutil.disk_usage(str(ROOT)).free // 10**6, sum(part.disk_mb for part in parts)
    if free < needed:
        raise StartError("disk_too_small", path=ROOT, free=amount(free), needed=amount(needed))
    download = sum(part.download_mb for part in parts)
    return {"download": amount(download), "needed": amount(needed), "free": amount(free)}


def output_of(command: "list[str]", seconds: float = 30) -> str:
    """What a command prints; nothing if it is missing, fails or takes too long."""
    if sys.version_info < (3, 8):
        return ""  # such a Python cannot read the module that runs commands
    return module("install.pip_or_uv").output_of(command, seconds)


def clean_environment() -> "dict[str, str]":
    """The user's variables, less those that would lead Python or pip away from .venv."""
    return module("install.pip_or_uv").clean_environment()


# ---- The virtual environment


def is_ready(parts: "set[str]") -> bool:
    """Is all of it installed, from the files that are here? It takes a millisecond to say."""
    stamp = read_stamp()
    current = fingerprint().items() <= stamp.items() and parts <= set(stamp["parts"])
    return current and PYTHON.exists() and APPRENTI.exists()


def fingerprint() -> "dict[str, object]":
    """What the installed packages depend on: when it changes, pip has work to do."""
    files = [ROOT / "pyproject.toml", CONSTRAINTS]
    if not all(file.is_file() for file in files):
        raise StartError("files_missing", path=ROOT)
    inputs = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return {"inputs": inputs, "python": VERSION, "folder": str(ROOT)}


def read_stamp() -> "dict[str, Any]":
    nothing = {"made": False, "parts": []}  # type: dict[str, Any]
    try:
        stamp = {**nothing, **json.loads(STAMP.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError, RecursionError):
        return nothing
    parts = stamp["parts"]
    right = isinstance(parts, list) and all(isinstance(part, str) for part in parts)
    return stamp if right and isinstance(stamp["made"], bool) else nothing


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Have the folder for oneself: a second one would delete what the first is making."""
    name = "apprenti-" + hashlib.sha256(os.fsencode(str(ROOT))).hexdigest()[:16] + ".lock"
    try:
        file = open(os.path.join(tempfile.gettempdir(), name), "a+b")  # noqa: SIM115
    except OSError:  # somebody else's
        yield
        return
    with file:
        if not take(file, wait=False):
            say("waiting", path=ROOT)
            take(file, wait=True)
        yield  # the system lets go of the file as soon as it is closed, or its process is gone


def take(file: Any, wait: bool) -> bool:
    """Lock a file, at once or as soon as it is free; say if it is ours."""
    while True:
        try:
            if os.name == "nt":
                msvcrt = importlib.import_module("msvcrt")
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl = importlib.import_module("fcntl")
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                return True  # a disk without locks
            if not wait:
                return False
            time.sleep(0.5)


def write_stamp(**facts: object) -> None:
    STAMP.write_text(json.dumps(facts), encoding="utf-8")


def venv_state(builds: "Iterable[Any]") -> str:
    """good, absent, or broken: ours to make again. What is none of these is not ours to touch."""
    if not os.path.lexists(str(VENV)):
        return "absent"
    folder = VENV.is_dir() and not VENV.is_symlink()  # a link would lead into another environment
    right = f"(python {VERSION})" in output_of([*PIP, "--version"])
    if folder and right and not any(map(twin_installed, builds)):
        return "good"
    alive = output_of([str(PYTHON), "-I", "-c", "print('alive')"])
    dead = (VENV / "pyvenv.cfg").is_file() and not alive
    if folder and (read_stamp()["made"] or dead or not any(VENV.iterdir())):
        return "broken"
    rename = "ren .venv venv-old" if os.name == "nt" else "mv .venv venv-old"
    raise StartError("venv_not_ours", path=VENV, version=VERSION, rename=rename)


def make_venv() -> None:
    """Make .venv, or make it again. The stamp comes first: interrupted, it is still ours."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise StartError("venv_missing", version=VERSION)
    VENV.mkdir(exist_ok=True)
    write_stamp(made=True)
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path != STAMP:
            path.unlink()
    python = getattr(sys, "_base_executable", None) or sys.executable  # not the one in .venv
    run_logged([python, "-I", "-m", "venv", str(VENV)])


def is_installed(package: str) -> bool:
    """Is the version of the constraints there?"""
    name = package.replace("-", "_")
    return any(PACKAGES.glob(f"{name}-{pinned_version(package)}*.dist-info"))


def twin_installed(build: Any) -> bool:
    """tensorflow and tensorflow-cpu write the same files: one cannot take the other's place."""
    twin = {"tensorflow": "tensorflow_cpu", "tensorflow-cpu": "tensorflow"}.get(build.package)
    return bool(twin) and any(PACKAGES.glob(f"{twin}-*.dist-info"))


def pinned_version(package: str) -> str:
    found = re.search(rf"^{package}==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else ""


# ---- pip


def set_up(wanted: "set[str]") -> None:
    """All that lies between a fresh clone and Apprenti's first sentence."""
    began, machine = time.monotonic(), this_machine()
    check_machine(machine, wanted)
    say("welcome", path=VENV)
    parts = wanted | set(read_stamp()["parts"])
    state = venv_state(decide(machine, parts).parts)
    if state != "good":
        parts = wanted
        check_space([*decide(machine, parts).parts, APPRENTI_ITSELF])
        say("making_venv" if state == "absent" else "remaking_venv", version=VERSION)
        make_venv()
    install(machine, parts)
    write_stamp(made=read_stamp()["made"], parts=sorted(parts), **fingerprint())
    say("ready", seconds=round(time.monotonic() - began))


def install(machine: Any, parts: "set[str]") -> None:
    if read_stamp()["made"]:
        module("install.pip_or_uv").forget_half_written(PACKAGES)
    plan = decide(machine, parts)
    if bundle:
        plan = from_the_bundle(plan)
    elif any(part.index and not is_installed(part.package) for part in plan.parts):
        plan = for_this_network(machine, plan)
    missing = [part for part in plan.parts if not is_installed(part.package)]
    announce(missing, machine, parts)
    constraints = constraints_of(plan)
    for part in missing:
        if part.index:
            pip_install(constraints, "--no-deps", "--index-url", part.index, part.requirement)
    apprenti = ".[dev]" if "dev" in parts else "."
    # The build is installed by now, or was by an earlier network: it is not asked for again
    wanted = [part.requirement.split("+")[0] for part in plan.parts]
    pip_install(constraints, "--editable", apprenti, *wanted)


def announce(missing: "list[Any]", machine: Any, parts: "set[str]") -> None:
    """Say how much there is to download, having checked that there is room for it."""
    rest = [APPRENTI_ITSELF] * (not is_installed("numpy"))
    rest += [TEST_TOOLS] * ("dev" in parts and not is_installed("pytest"))
    sizes = check_space(missing + rest)
    if missing:
        names = ", ".join(f"{part.package} {amount(part.download_mb)}" for part in missing)
        say("plan_from" if bundle else "plan", names=names, **sizes)
    for part in missing:
        if part.device == "cpu" and part.download_mb > 2000:
            index = module("install.facts").FACTS["torch_index"]
            say("cuda_for_nothing", download=amount(part.download_mb), index=index)
    devices = {part.framework: part.device for part in missing}
    if machine.nvidia and "cuda" in devices.values() and devices.get("tensorflow") == "cpu":
        say("tensorflow_without_gpu")
    elif machine.nvidia and devices and "cuda" not in devices.values():
        say("gpu_unused", card=machine.nvidia[0].name, driver=machine.nvidia[0].driver)
    say("installing_from" if bundle else "installing", log=LOG.relative_to(ROOT))


def for_this_network(machine: Any, plan: Any) -> Any:
    """The plan, if PyTorch's own index answers; else the same versions from where pip looks."""
    index = next(part.index for part in plan.parts if part.index)
    if module("install.pip_or_uv").answers(index, str(PYTHON)):
        return plan
    versions = run_logged([*PIP, "index", "versions", "torch"])
    has_cpu_build = pinned_version("torch") + "+cpu" in versions
    return module("install.decisions").from_the_usual_index(machine, plan, has_cpu_build)


def constraints_of(plan: Any) -> Path:
    """The constraints, less the CUDA libraries of PyPI's build where PyTorch has another CUDA."""
    if not any(part.index and part.device == "cuda" for part in plan.parts):
        return CONSTRAINTS
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines(True)
    path = VENV / "constraints.txt"
    path.write_text("".join(line for line in lines if not re.match("nvidia-|cuda-|triton", line)))
    return path


def pip_install(constraints: Path, *words: str) -> None:
    # Wheels only: where none fits, "not found" is better than a compiler's errors in ten minutes.
    options = "--no-input --disable-pip-version-check --progress-bar=off --only-binary=:all:"
    run_logged([*PIP, "install", *options.split(), "--constraint", str(constraints), *words])


def run_logged(command: "list[str]") -> str:
    """Run a command: all that it prints goes to the log, and what matters to the screen."""
    environment = clean_environment()
    if os.name != "nt":  # where long paths make trouble
        TEMPORARY.mkdir(exist_ok=True)
        environment["TMPDIR"] = str(TEMPORARY)
    if bundle:
        environment = offline(environment)
    outcome = module("install.pip_or_uv").run_logged(command, LOG, report, environment, ROOT)
    shutil.rmtree(str(TEMPORARY), ignore_errors=True)
    if outcome.status:
        raise explain(outcome)
    return outcome.output


def report(line: str) -> None:
    """Say which large file pip downloads, and when it begins to write."""
    download, count = module("install.pip_or_uv").large_download(line), 0
    if download:
        package, version, megabytes = download
        say("downloading", package=package, version=version, size=amount(megabytes))
    else:
        count = module("install.pip_or_uv").written_packages(line)
    if count:
        say("writing", count=count)


def explain(outcome: Any) -> StartError:
    """The problem behind what pip printed."""
    sentence, detail = module("install.pip_or_uv").explain(outcome)
    if bundle and sentence == "not_found":
        sentence = "bundle_lacks"
    return StartError(sentence, path=VENV, log=LOG, detail=detail)


NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
OS_ERRORS = {errno.ENOSPC: "disk_full", **dict.fromkeys(NOT_WRITABLE, "not_writable")}


# ---- A bundle: all that a class needs, in one folder (see install/bundle.py)


@contextlib.contextmanager
def refusals() -> "Iterator[Any]":
    """Give the module of bundles, and tell what it refuses in our words."""
    tool = module("install.bundle")
    try:
        yield tool
    except tool.UnusableError as problem:
        raise StartError(problem.sentence, **problem.values) from problem


def make_bundle(choices: Choices) -> None:
    """Fetch the packages of each system, beside the project and the digits."""
    folder, frameworks = Path(os.path.abspath(choices.bundle)), choices.parts() - {"dev"}
    with refusals() as tool:
        here = tool.target_of(this_machine())
        targets = [tool.target_named(name, VERSION, OLDEST, NEWEST) for name in choices.systems]
        targets = list(dict.fromkeys(targets or [here] * bool(here)))
        if not targets:
            tool.target_named(platform.system(), VERSION, OLDEST, NEWEST)
        if folder in (ROOT, *ROOT.parents):
            raise StartError("bundle_not_empty", path=folder)
        made = tool.Bundle.open(folder)
        with alone():
            if not output_of([*PIP, "--version"]):
                venv_state([])
                say("making_venv", version=VERSION)
                make_venv()
        plans = {target: plan_of(target, frameworks) for target in targets}
        check_bundle_space(made, plans)
        folder.mkdir(parents=True, exist_ok=True)
        tool.drop_damaged(made)
        made.complete, made.inputs = False, str(fingerprint()["inputs"])
        made.write()
        tool.add_project(made, ROOT)
        digits = tool.add_mnist(made)
        for target, plan in plans.items():
            fetch_all(tool, made, target, plan)
        tool.drop_unused(made)
        made.complete = True
        made.write()
    names = ", ".join(made.systems)
    say("bundle_made", path=folder, size=amount(made.megabytes), systems=names)
    if not digits:
        say("bundle_without_digits")


def plan_of(target: Any, frameworks: "set[str]") -> Any:
    """The builds for the processor of an ordinary machine of that system."""
    machine = target.machine
    check_machine(machine, frameworks)
    plan = decide(machine, frameworks)
    if any(part.index for part in plan.parts):
        plan = for_this_network(machine, plan)
    return plan


def check_bundle_space(made: Any, plans: "dict[Any, Any]") -> None:
    """Is there room for what is still to come? Nothing is fetched before."""
    rest = [plan.parts for target, plan in plans.items() if not is_fetched(made, target, plan)]
    needed = sum(part.download_mb for parts in rest for part in parts)
    needed = max(0, needed + APPRENTI_ITSELF.download_mb * len(rest) - arrived(made, plans))
    there = next(path for path in (made.folder, *made.folder.parents) if path.exists())
    free = shutil.disk_usage(str(there)).free // 10**6
    if free < needed:
        raise StartError(
            "bundle_disk_too_small", path=made.folder, free=amount(free), needed=amount(needed)
        )
    names = ", ".join(target.name for target in plans)
    say("bundle_plan", systems=names, size=amount(needed), free=amount(free), path=made.folder)


def is_fetched(made: Any, target: Any, plan: Any) -> bool:
    entry = made.systems.get(target.name, {})
    same = made.complete and made.inputs == fingerprint()["inputs"]
    return same and sorted(entry.get("frameworks", ())) == sorted(p.framework for p in plan.parts)


def arrived(made: Any, plans: "dict[Any, Any]") -> int:
    """MB of what an interrupted bundle has of these systems already."""
    if made.complete:
        return 0
    names = [target.name for target in plans if target.name in made.systems]
    places = {place for name in names for place in made.files_of(name) if made.has(place)}
    return int(sum(made.files[place]["size"] for place in places) // 10**6)


def fetch_all(tool: Any, made: Any, target: Any, plan: Any) -> None:
    """Fetch what one system needs; what is there already is not fetched again."""
    entry = made.systems.setdefault(target.name, {"wheels": {}})
    entry["frameworks"], kept = [part.framework for part in plan.parts], dict(entry["wheels"])

    def fetch(words: "list[str]") -> str:
        pip = ["--no-input", "--disable-pip-version-check", "--progress-bar=off"]
        return run_logged([*PIP, *words, *pip, "--constraint", str(CONSTRAINTS)])

    def needs(wheels: "list[Any]", of: Any) -> "list[Any]":
        return needs_of(tool, of, wheels)

    def tell(count: int, megabytes: float) -> None:
        if count % 10 == 0:
            say("bundle_fetched", count=count, size=amount(megabytes))

    say("bundle_system_begins", system=target.name)
    wanted = [
        tool.Wanted(tool.normal(part.package), part.requirement, (), part.index)
        for part in plan.parts
    ]
    wanted += needs_of(tool, target, [], tool.required(ROOT))
    done = tool.gather(made, target, wanted, fetch, needs, tool.pins_of(CONSTRAINTS), tell)
    for name in set(kept) - done:
        del entry["wheels"][name]
    made.write()


def needs_of(
    tool: Any, target: Any, wheels: "list[Any]", requirements: "Iterable[str]" = ()
) -> "list[Any]":
    """What wheels and requirements ask for there, as the libraries inside pip read it."""
    script = Path(str(tool.__file__)).with_name("wheel_needs.py")
    asked = {
        "wheels": [{"path": str(path), "extras": list(extras)} for path, extras in wheels],
        "requirements": list(requirements),
        "markers": target.markers,
    }
    done = subprocess.run(
        [str(PYTHON), "-I", "-X", "utf8", str(script)],
        input=json.dumps(asked).encode("utf-8"),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout.decode("utf-8"))
    return [tool.Wanted(one["name"], one["requirement"], tuple(one["extras"])) for one in found]


def open_bundle(choices: Choices) -> Choices:
    """Look whether a bundle has what this machine needs, whole; then packages come from it."""
    global bundle
    folder = Path(os.path.abspath(choices.bundle))
    with refusals() as tool:
        if not (folder / tool.MANIFEST).is_file():
            raise StartError("bundle_missing", path=folder)
        found = tool.Bundle.open(folder)
        if folder in ROOT.parents:
            raise StartError("bundle_inside", commands=copying(folder))
        if not found.complete:
            raise StartError("bundle_unfinished", path=folder)
        if found.inputs != fingerprint()["inputs"]:
            raise StartError("bundle_other_version", path=folder, commands=copying(folder))
        target = tool.target_of(this_machine())
        name = target.name if target else f"{platform.system()} {platform.machine()}"
        if name not in found.systems:
            known = ", ".join(sorted(found.systems))
            raise StartError("bundle_other_system", system=name, systems=known)
        there = found.systems[name]["frameworks"]
        if choices.only and choices.only not in there:
            raise StartError("bundle_framework", only=choices.only, system=name)
        if len(there) == 1:
            choices = choices._replace(only=there[0])
        if not is_ready(choices.parts()):
            check_files(found, name)
    bundle = found
    return choices


def check_files(found: Any, name: str) -> None:
    """Compare each file with its checksum: a stick may be pulled out too early, or wear out."""
    places, shown = found.files_of(name), [0]
    say("bundle_checking", count=len(places), path=found.folder)

    def tell(share: float) -> None:
        if sys.stdout.isatty() and int(share * 100) > shown[0]:
            shown[0] = int(share * 100)
            sys.stdout.write(f"\r  {shown[0]} %" + "\n" * (shown[0] == 100))
            sys.stdout.flush()

    wrong = list(found.wrong(places, tell))
    if wrong:
        names = "\n  ".join(wrong[:5] + ["..."] * (len(wrong) > 5))
        raise StartError("bundle_files", count=len(wrong), names=names, path=found.folder)


def copying(folder: Path) -> str:
    """The commands that copy the project out of a bundle and start it."""
    source = folder / "apprenti"
    if os.name == "nt":
        home = r"%USERPROFILE%\apprenti"
        copy = f'xcopy /E /I /Q "{source}" "{home}"'
        return f'{copy}\n  cd /D "{home}"\n  python start.py --from "{folder}"'
    return f'cp -R "{source}" ~/apprenti\n  cd ~/apprenti\n  python3 start.py --from "{folder}"'


def from_the_bundle(plan: Any) -> Any:
    """The same versions, from the one place that pip may look at."""
    dataclasses = importlib.import_module("dataclasses")
    parts = tuple(dataclasses.replace(part, index="", exact=False) for part in plan.parts)
    return dataclasses.replace(plan, parts=parts)


def offline(environment: "dict[str, str]") -> "dict[str, str]":
    """No setting of pip counts, and no network: the wheels of the bundle are all there is."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
    wheels = (bundle.folder / "wheels").as_uri()
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels}
    return {**kept, **pip, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


def take_digits() -> None:
    """Put MNIST where Apprenti looks for it."""
    with refusals() as tool:
        try:
            if not tool.take_mnist(bundle):
                say("bundle_has_no_digits")
        except OSError as error:
            say("digits_not_copied", detail=error)


# ---- What is said


def say(sentence: str, to: Any = None, **values: object) -> None:
    stream = to or sys.stdout
    text = typeset(TEXTS[language][sentence]).format(again=again, **values)
    print(printable(text, stream.encoding or "ascii"), file=stream, flush=True)


def typeset(text: str) -> str:
    """French puts a narrow no-break space before ; : ! ? and inside « »."""
    return re.sub("(?<=«) | (?=[;:!?»])", "\u202f", text) if language == "fr" else text


def printable(text: str, encoding: str) -> str:
    """The text as a console of this encoding can show it: no character is worth a crash."""
    for character, instead in (("\u202f", "\u00a0"), ("\u00a0", " "), ("« ", '"'), (" »", '"')):
        try:
            text.encode(encoding)
            return text
        except UnicodeEncodeError:
            text = text.replace(character, instead)
    letters = unicodedata.normalize("NFKD", text)  # accents become characters of their own
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.encode(encoding, "replace").decode(encoding)


def amount(megabytes: float) -> str:
    words, large = TEXTS[language], megabytes >= 1000
    number = f"{megabytes / 1000:.1f}" if large else f"{megabytes:.0f}"
    number = number.replace(".", words["decimal_mark"])
    return words["gigabytes" if large else "megabytes"].format(number=number)


TEXTS = {
    "fr": {
        "decimal_mark": ",",
        "megabytes": "{number}\u00a0Mo",
        "gigabytes": "{number}\u00a0Go",
        "help": """\
python start.py [options]             installe Apprenti s'il le faut, puis lance « apprenti start »
python start.py test [options]        installe aussi les outils de test, puis lance les tests
python start.py test full [options]   de même, avec les tests qui durent
python start.py --bundle DOSSIER      prépare un dossier pour installer sans Internet (une classe)
python start.py --from DOSSIER        comme la première, depuis ce dossier, sans aucun réseau

  --for SYSTÈME ...                   avec --bundle : linux, linux-arm, mac, windows, chacun au
                                      besoin avec son Python, comme windows-3.12
                                      (sinon cette machine et son Python)
  --only pytorch | tensorflow         un seul des deux frameworks
  --lang fr | en                      la langue des messages
                                      (sinon APPRENTI_LANG, celle du système, ou le français)
  --help                              cette aide

Les autres options sont transmises à « apprenti start » (ou à pytest, pour les tests) :
  python start.py --data digits

Il vous faut Python 3.11, 3.12 ou 3.13 (64 bits), environ 6 Go de disque et, la première fois,
une connexion. Tout va dans le dossier .venv, à côté de start.py ; pour désinstaller, supprimez-le.
Code de sortie : 0 terminé, 1 problème expliqué, 2 commande mal écrite, 130 interrompu.""",
        "welcome": "Apprenti s'installe dans {path} ; vos autres Python ne changent pas.",
        "making_venv": "Environnement virtuel : Python {version}",
        "remaking_venv": """\
L'environnement virtuel était inachevé, ou fait autrement : il est refait, Python {version}""",
        "plan_from": """\
Du dossier de classe, sans réseau : {names}.
Place à prévoir sur le disque : {needed} ; libre : {free}.""",
        "plan": """\
À télécharger : environ {download}, dont {names}.
Place à prévoir sur le disque : {needed} ; libre : {free}.""",
        "cuda_for_nothing": """\
Cette machine n'a pas de GPU NVIDIA, mais seule la version CUDA de PyTorch est accessible d'ici :
{download} au lieu de 200 Mo. Pour l'éviter, arrêtez (Ctrl-C) et recommencez d'un réseau qui atteint
{index}""",
        "tensorflow_without_gpu": """\
PyTorch aura le GPU NVIDIA, et TensorFlow le processeur : leurs bibliothèques CUDA s'excluent.
Pour donner le GPU à TensorFlow, dans un autre dossier : python start.py --only tensorflow""",
        "gpu_unused": """\
Le GPU NVIDIA ({card}, pilote {driver}) ne servira pas : rien de ce qui existe ne va à la fois avec
cette carte et avec ce pilote. « apprenti doctor » dira que faire.""",
        "installing_from": "Installation : quelques minutes. Le détail s'écrit dans {log}",
        "installing": """\
Installation : quelques minutes, selon votre connexion. Le détail s'écrit dans {log}""",
        "downloading": "  téléchargement : {package} {version}, {size}",
        "writing": "  écriture des paquets ({count}), une minute ou deux",
        "waiting": """\
Un autre start.py installe déjà dans {path} : celui-ci attend qu'il ait fini (Ctrl-C pour ne pas
attendre).""",
        "ready": "Prêt en {seconds} s. La prochaine fois, le démarrage sera immédiat.",
        "interrupted": """\

Interrompu. Rien n'est perdu ; pour continuer :
  {again}""",
        "usage_word": """\
start.py ne connaît pas « {word} » : le seul mot qu'il attende est « test » ; les options
commencent par deux tirets.
  python start.py --help""",
        "usage_value": """\
L'option {option} a reçu « {value} » : les valeurs possibles sont {allowed}.
  python start.py --help""",
        "files_missing": """\
pyproject.toml ou constraints.txt manque dans {path} : start.py ne suffit pas,
il lui faut tout le dossier d'Apprenti. Récupérez le dépôt entier (git clone, ou l'archive ZIP
décompressée) puis, dans son dossier :
  python start.py""",
        "usage_folder": """\
L'option {option} demande un dossier, une seule fois ; c'est --bundle ou --from, pas les deux :
  python start.py --bundle CLASSE
  python start.py --from CLASSE
  python start.py --help""",
        "usage_bundle": """\
--for va avec --bundle, et les tests n'ont ni l'un ni --from :
  python start.py --bundle CLASSE --for windows-3.12 mac-3.12
  python start.py --help""",
        "bundle_system": """\
« {name} » n'est pas un système connu. Les systèmes : {systems}. On peut ajouter la version de
Python, {pythons} :
  python start.py --bundle CLASSE --for windows-3.12 mac-3.12""",
        "bundle_not_empty": """\
{path} n'est ni vide ni un dossier de classe (il n'a pas de manifest.json) : rien n'y a été écrit.
Donnez un dossier nouveau :
  python start.py --bundle CLASSE""",
        "bundle_damaged": """\
{path} est illisible : la copie a sans doute été interrompue. Recopiez le dossier, ou refaites-le
ailleurs, sur une machine connectée :
  python start.py --bundle AUTRE_DOSSIER""",
        "bundle_disk_too_small": """\
Il reste {free} sur le disque de {path}, et il en faut encore {needed}.
Rien n'a été téléchargé. Donnez un dossier sur un autre disque, moins de systèmes ou un seul
framework :
  python start.py --bundle CLASSE --only pytorch""",
        "bundle_plan": """\
Pour {systems} : encore {size} à télécharger dans {path} ; libres : {free}.""",
        "bundle_system_begins": "{system}",
        "bundle_fetched": "  {count} paquets, {size}",
        "bundle_made": """\
Prêt : {path}, {size}, pour {systems}.
Copiez tout le dossier sur une clé ou un partage. Sur chaque machine, copiez de là le dossier
« apprenti » dans le dossier personnel puis, dedans, en nommant le dossier tel qu'il y est :
  python start.py --from CLASSE
Le déroulement d'une séance : docs/fr/classe.md""",
        "bundle_without_digits": """\
Les images de MNIST manquent : elles ne sont pas sur cette machine. Pour les avoir, lancez une fois
« python start.py » ici, puis recommencez ; sans elles, la classe commence par les chiffres de
scikit-learn :
  python start.py --from CLASSE --data digits""",
        "bundle_missing": """\
Il n'y a pas de manifest.json dans {path} : ce n'est pas un dossier fait par --bundle, ou
la clé est montée ailleurs. Sur une machine connectée :
  python start.py --bundle CLASSE""",
        "bundle_inside": """\
Ce projet est celui du dossier de classe, que tous partagent : il s'installerait dedans.
Copiez-le d'abord chez vous :
  {commands}""",
        "bundle_unfinished": """\
{path} n'est pas complet : sa préparation a été interrompue. Sur la machine connectée, la
même commande continue où elle en était :
  python start.py --bundle CLASSE""",
        "bundle_other_version": """\
{path} contient une autre version d'Apprenti que ce projet, avec d'autres paquets.
Prenez le projet du dossier :
  {commands}""",
        "bundle_other_system": """\
Ce dossier n'a rien pour cette machine ({system}) ; il a : {systems}.
Prenez l'un de ces Python ou, sur la machine connectée, ajoutez ce système au même dossier :
  python start.py --bundle CLASSE --for {system}""",
        "bundle_framework": """\
Ce dossier n'a pas {only} pour {system}. Prenez l'autre framework, ou refaites le dossier sur la
machine connectée, sans --only :
  python start.py --bundle CLASSE""",
        "bundle_checking": "Vérification de {count} fichiers de {path}",
        "bundle_files": """\
{count} fichier(s) manquent dans {path}, ou ne sont pas tels qu'ils étaient :
  {names}
Recopiez le dossier ; ou, sur la machine connectée, la même commande remplace ce qui manque :
  python start.py --bundle CLASSE""",
        "bundle_lacks": """\
Le dossier de classe n'a pas de quoi installer {detail} ici. Sur la machine connectée :
  python start.py --bundle CLASSE
Le détail est dans {log}""",
        "bundle_has_no_digits": """\
Ce dossier de classe n'a pas les images de MNIST. Sans réseau, commencez par d'autres chiffres :
  python start.py --data digits""",
        "digits_not_copied": "Les images de MNIST n'ont pas pu être copiées : {detail}",
        "python_not_cpython": """\
Ce Python est {implementation} : TensorFlow et PyTorch n'existent que pour CPython, le Python
de python.org.
  {commands}""",
        "python_too_old": """\
Python {python} est trop ancien : TensorFlow et PyTorch demandent Python 3.11, 3.12 ou 3.13.
  {commands}""",
        "python_too_new": """\
Python {python} est trop récent : TensorFlow n'existe pas encore pour lui.
Il faut Python 3.11, 3.12 ou 3.13.
  {commands}""",
        "python_32_bits": """\
Ce Python {python} est en {bits} bits : TensorFlow et PyTorch n'existent qu'en 64 bits.
  {commands}""",
        "python_free_threaded": """\
Ce Python {python} est la variante sans verrou global (« free-threaded »), pour laquelle
TensorFlow n'existe pas.
  {commands}""",
        "mac_intel": """\
Ce Mac a un processeur Intel : TensorFlow et PyTorch n'y paraissent plus depuis 2024, et leurs
dernières versions sont trop anciennes pour Apprenti. Avec Docker :
  {container}""",
        "mac_rosetta": """\
Ce Python est fait pour un processeur Intel, et votre Mac a une puce Apple (M1 ou plus récente) :
TensorFlow s'y arrêterait. Installez un Python natif :
  {commands}""",
        "machine_unknown": """\
TensorFlow et PyTorch n'existent pas pour cette machine ({system} {architecture}). Ils existent pour
Linux x86_64 et aarch64, Windows x64 et macOS arm64. Essayez Docker :
  {container}""",
        "windows_arm": """\
TensorFlow et PyTorch n'existent pas pour Windows sur {architecture}. Passez par Linux (WSL), et
recommencez dedans :
  wsl --install""",
        "linux_musl": """\
Ce Linux n'a pas la bibliothèque glibc (c'est le cas d'Alpine) : TensorFlow et PyTorch ne sont pas
construits pour lui. Avec Docker :
  {container}""",
        "linux_too_old": """\
Ce Linux a la glibc {glibc} : {framework} demande la {floor} ou plus récente, celle de Debian 10,
d'Ubuntu 20.04, de RHEL 8 et de leurs suivants. Mettez le système à jour ou, avec Docker :
  {container}""",
        "mac_too_old": """\
macOS {macos} est trop ancien : {framework} demande macOS {floor}.
Mettez le système à jour :
  softwareupdate --list{instead}""",
        "one_alone": """\

Ou n'installez que l'autre :
  python start.py --only {only}""",
        "no_avx": """\
Ce processeur n'a pas les instructions AVX, et {framework} s'arrête sans elles.
Prenez une autre machine, ou un notebook en ligne :
  python -m webbrowser https://colab.research.google.com{instead}""",
        "no_sse41": """\
Ce processeur n'a pas les instructions SSE4.1, et {framework} s'arrête sans elles.
Prenez une autre machine, ou un notebook en ligne :
  python -m webbrowser https://colab.research.google.com""",
        "disk_too_small": """\
Il reste {free} sur le disque de {path}, et l'installation en demande {needed}.
Faites de la place (la première commande vide le cache de pip), ou n'installez qu'un framework :
  python -m pip cache purge
  python start.py --only pytorch""",
        "disk_full": """\
Le disque est plein ({path}) : l'installation s'est arrêtée.
Faites de la place, puis recommencez ; ce qui est déjà écrit servira :
  python -m pip cache purge
  {again}""",
        "not_writable": """\
Impossible d'écrire dans {path} ({detail}) : le dossier est protégé,
ou un programme s'en sert. Fermez ce qui utilise Apprenti, ou copiez tout le dossier là où vous avez
le droit d'écrire, puis :
  {again}""",
        "venv_missing": """\
Python {version} est là, mais sans de quoi créer un environnement virtuel (les modules venv et
ensurepip). Debian et Ubuntu les livrent à part :
  sudo apt install python{version}-venv""",
        "venv_not_ours": """\
{path} existe déjà, et ce n'est pas un environnement pour Apprenti avec Python {version} :
start.py n'y touche pas. Renommez-le, puis recommencez :
  {rename}
  python start.py""",
        "no_network": """\
Pas de connexion au serveur des paquets Python ({detail}).
Vérifiez le réseau ou, derrière un proxy, la variable HTTPS_PROXY, puis recommencez : ce qui est
déjà là servira.
  {again}
Le détail est dans {log}""",
        "no_certificate": """\
Le serveur des paquets Python n'a pas pu être reconnu ({detail}).
Des certificats manquent, ou bien un proxy d'entreprise s'interpose. Sur macOS, ouvrez
« Install Certificates.command » dans le dossier de Python ; derrière un proxy, donnez son
certificat à pip :
  python -m pip config set global.cert CHEMIN_DU_CERTIFICAT
Le détail est dans {log}""",
        "no_memory": """\
La mémoire a manqué pendant l'installation ({detail}).
Fermez d'autres programmes, ou n'installez qu'un framework :
  python start.py --only pytorch
Le détail est dans {log}""",
        "not_found": """\
pip ne peut pas installer {detail} ici : il ne trouve pas de version qui convienne.
Un serveur de paquets incomplet ou une contrainte, dans les réglages de pip, en sont souvent
la cause ; pour voir ces réglages :
  python -m pip config list
Le détail est dans {log}""",
        "pip_failed": """\
L'installation a échoué : {detail}
Recommencez ; si rien ne change, joignez {log} à un rapport d'erreur.
  {again}""",
    },
    "en": {
        "decimal_mark": ".",
        "megabytes": "{number} MB",
        "gigabytes": "{number} GB",
        "help": """\
python start.py [options]             installs Apprenti if need be, then runs `apprenti start`
python start.py test [options]        installs the test tools as well, then runs the tests
python start.py test full [options]   the same, with the slow tests
python start.py --bundle FOLDER       makes a folder to install from without the Internet (a class)
python start.py --from FOLDER         as the first one, from such a folder, without any network

  --for SYSTEM ...                    with --bundle: linux, linux-arm, mac, windows, each followed
                                      by its Python if need be, as in windows-3.12
                                      (else this machine and its Python)
  --only pytorch | tensorflow         only one of the two frameworks
  --lang fr | en                      the language of messages
                                      (else APPRENTI_LANG, the system's, or French)
  --help                              this help

Other options go on to `apprenti start` (to pytest, for the tests):
  python start.py --data digits

You need Python 3.11, 3.12 or 3.13 (64-bit), about 6 GB of disk and, the first time, a connection.
Everything goes into .venv, next to start.py; to uninstall, delete that folder.
Exit status: 0 done, 1 a problem that is explained, 2 wrong usage, 130 interrupted.""",
        "welcome": "Apprenti goes into {path}; your other Pythons stay as they are.",
        "making_venv": "Virtual environment: Python {version}",
        "remaking_venv": """\
The virtual environment was incomplete, or made in another way: creating it again,
Python {version}""",
        "plan_from": """\
From the bundle, without a network: {names}.
Room to allow for on the disk: {needed}; free: {free}.""",
        "plan": """\
To download: about {download}, of which {names}.
Room to allow for on the disk: {needed}; free: {free}.""",
        "cuda_for_nothing": """\
This machine has no NVIDIA GPU, but only the CUDA build of PyTorch can be reached from here:
{download} instead of 200 MB. To avoid that, stop (Ctrl-C) and try again from a network that reaches
{index}""",
        "tensorflow_without_gpu": """\
PyTorch will have the NVIDIA GPU, TensorFlow the CPU: their CUDA libraries exclude each other.
To give TensorFlow the GPU, in another folder: python start.py --only tensorflow""",
        "gpu_unused": """\
The NVIDIA GPU ({card}, driver {driver}) will not be used: nothing that exists suits both this card
and this driver. `apprenti doctor` will say what to do.""",
        "installing_from": "Installing: a few minutes. Details are written to {log}",
        "installing": """\
Installing: a few minutes, depending on your connection. Details are written to {log}""",
        "downloading": "  downloading {package} {version}, {size}",
        "writing": "  writing the packages ({count}), a minute or two",
        "waiting": """\
Another start.py is installing in {path}: this one waits until it is done (Ctrl-C to give up).""",
        "ready": "Ready in {seconds} s. Next time it will start at once.",
        "interrupted": """\

Interrupted. Nothing is lost; to go on:
  {again}""",
        "usage_word": """\
start.py does not know "{word}": the only word that it accepts is "test"; options begin
with two dashes.
  python start.py --help""",
        "usage_value": """\
The option {option} was given "{value}": the possible values are {allowed}.
  python start.py --help""",
        "files_missing": """\
pyproject.toml or constraints.txt is missing from {path}: start.py is not enough,
it needs the whole folder of Apprenti. Get the entire repository (git clone, or the ZIP archive,
unpacked); then, in its folder:
  python start.py""",
        "usage_folder": """\
The option {option} takes a folder, once, and it is either --bundle or --from:
  python start.py --bundle CLASS
  python start.py --from CLASS
  python start.py --help""",
        "usage_bundle": """\
--for goes with --bundle, and the tests take neither that nor --from:
  python start.py --bundle CLASS --for windows-3.12 mac-3.12
  python start.py --help""",
        "bundle_system": """\
"{name}" is not a known system. The systems: {systems}. A Python version may follow,
{pythons}:
  python start.py --bundle CLASS --for windows-3.12 mac-3.12""",
        "bundle_not_empty": """\
{path} is neither empty nor a bundle (it has no manifest.json): nothing was written there.
Give a new folder:
  python start.py --bundle CLASS""",
        "bundle_damaged": """\
{path} cannot be read: copying it was probably interrupted. Copy the folder again, or make another
one on a connected machine:
  python start.py --bundle OTHER_FOLDER""",
        "bundle_disk_too_small": """\
{free} is left on the disk of {path}, and {needed} more is needed.
Nothing was downloaded. Name a folder on another disk, fewer systems, or one framework:
  python start.py --bundle CLASS --only pytorch""",
        "bundle_plan": """\
For {systems}: {size} still to download into {path}; free: {free}.""",
        "bundle_system_begins": "{system}",
        "bundle_fetched": "  {count} packages, {size}",
        "bundle_made": """\
Ready: {path}, {size}, for {systems}.
Copy all of it to a USB stick or a shared folder. On each machine, copy the folder "apprenti" from
there into the home folder and, inside it, name the folder as it is found there:
  python start.py --from CLASS
How a lesson goes: docs/class.md""",
        "bundle_without_digits": """\
The images of MNIST are missing: they are not on this machine. To get them, run "python start.py"
here once, then repeat this command; without them the class begins with the digits of
scikit-learn:
  python start.py --from CLASS --data digits""",
        "bundle_missing": """\
There is no manifest.json in {path}: it is not a folder made by --bundle, or the stick is
mounted elsewhere. On a connected machine:
  python start.py --bundle CLASS""",
        "bundle_inside": """\
This is the project inside the bundle, which everyone shares: it would be installed there.
Copy it first:
  {commands}""",
        "bundle_unfinished": """\
{path} is not complete: making it was interrupted. On the connected machine, the same
command goes on where it stopped:
  python start.py --bundle CLASS""",
        "bundle_other_version": """\
{path} contains another version of Apprenti than this project, with other packages.
Use the project of the bundle:
  {commands}""",
        "bundle_other_system": """\
This bundle has nothing for this machine ({system}); it has: {systems}.
Use one of those Pythons or, on the connected machine, add this system to the same folder:
  python start.py --bundle CLASS --for {system}""",
        "bundle_framework": """\
This bundle does not have {only} for {system}. Use the other framework, or make the bundle again on
the connected machine, without --only:
  python start.py --bundle CLASS""",
        "bundle_checking": "Checking {count} files of {path}",
        "bundle_files": """\
{count} file(s) are missing from {path}, or are not as they were:
  {names}
Copy the folder again; or, on the connected machine, the same command replaces what is missing:
  python start.py --bundle CLASS""",
        "bundle_lacks": """\
The bundle does not have what it takes to install {detail} here. On the connected machine:
  python start.py --bundle CLASS
Details are in {log}""",
        "bundle_has_no_digits": """\
This bundle does not have the images of MNIST. Without a network, begin with other digits:
  python start.py --data digits""",
        "digits_not_copied": "The images of MNIST could not be copied: {detail}",
        "python_not_cpython": """\
This Python is {implementation}: TensorFlow and PyTorch exist only for CPython, the Python
of python.org.
  {commands}""",
        "python_too_old": """\
Python {python} is too old: TensorFlow and PyTorch need Python 3.11, 3.12 or 3.13.
  {commands}""",
        "python_too_new": """\
Python {python} is too new: TensorFlow does not exist for it yet.
You need Python 3.11, 3.12 or 3.13.
  {commands}""",
        "python_32_bits": """\
This Python {python} is a {bits}-bit one: TensorFlow and PyTorch exist for 64 bits only.
  {commands}""",
        "python_free_threaded": """\
This Python {python} is the free-threaded build, for which TensorFlow does not exist.
  {commands}""",
        "mac_intel": """\
This Mac has an Intel processor: TensorFlow and PyTorch stopped coming out for it in 2024, and
their last versions are too old for Apprenti. With Docker:
  {container}""",
        "mac_rosetta": """\
This Python is made for an Intel processor, and your Mac has an Apple chip (M1 or later):
TensorFlow would crash on it. Install a native Python:
  {commands}""",
        "machine_unknown": """\
TensorFlow and PyTorch do not exist for this machine ({system} {architecture}). They do for
Linux x86_64 and aarch64, Windows x64 and macOS arm64. Try Docker:
  {container}""",
        "windows_arm": """\
TensorFlow and PyTorch do not exist for Windows on {architecture}. Use Linux (WSL), and start
again in it:
  wsl --install""",
        "linux_musl": """\
This Linux does not have the library glibc (Alpine, for example): TensorFlow and PyTorch are not
built for it. With Docker:
  {container}""",
        "linux_too_old": """\
This Linux has glibc {glibc}: {framework} needs {floor} or later, that of Debian 10, Ubuntu 20.04,
RHEL 8 and their successors. Update the system or, with Docker:
  {container}""",
        "mac_too_old": """\
macOS {macos} is too old: {framework} needs macOS {floor}.
Update the system:
  softwareupdate --list{instead}""",
        "one_alone": """\

Or install the other one alone:
  python start.py --only {only}""",
        "no_avx": """\
This processor has no AVX, and {framework} stops without these instructions.
Use another machine, or a notebook in the cloud:
  python -m webbrowser https://colab.research.google.com{instead}""",
        "no_sse41": """\
This processor has no SSE4.1, and {framework} stops without these instructions.
Use another machine, or a notebook in the cloud:
  python -m webbrowser https://colab.research.google.com""",
        "disk_too_small": """\
{free} is left on the disk of {path}, and the installation needs {needed}.
Free some space (the first command empties pip's cache), or install one framework only:
  python -m pip cache purge
  python start.py --only pytorch""",
        "disk_full": """\
The disk is full ({path}): the installation stopped.
Free some space, then try again; what is already written will be used:
  python -m pip cache purge
  {again}""",
        "not_writable": """\
Cannot write to {path} ({detail}): the folder is protected, or a program
is using it. Close what uses Apprenti, or copy the whole folder to a place where you may write,
then:
  {again}""",
        "venv_missing": """\
Python {version} is installed, but without the modules that create virtual environments (venv and
ensurepip). Debian and Ubuntu ship them separately:
  sudo apt install python{version}-venv""",
        "venv_not_ours": """\
{path} exists, and it is not an environment for Apprenti with Python {version}:
start.py leaves it alone. Rename it, then try again:
  {rename}
  python start.py""",
        "no_network": """\
No connection to the server of Python packages ({detail}).
Check the network or, behind a proxy, the variable HTTPS_PROXY, then try again: what is already
here will be used.
  {again}
Details are in {log}""",
        "no_certificate": """\
The server of Python packages could not be verified ({detail}).
Either certificates are missing, or a company proxy is in between. On macOS, open
"Install Certificates.command" in Python's folder; behind a proxy, give its certificate to pip:
  python -m pip config set global.cert PATH_OF_THE_CERTIFICATE
Details are in {log}""",
        "no_memory": """\
There was not enough memory for the installation ({detail}).
Close other programs, or install one framework only:
  python start.py --only pytorch
Details are in {log}""",
        "not_found": """\
pip cannot install {detail} here: it finds no version that suits.
An incomplete package server, or a constraint, in pip's settings is often the cause; to see them:
  python -m pip config list
Details are in {log}""",
        "pip_failed": """\
The installation failed: {detail}
Try again; if nothing changes, attach {log} to a bug report.
  {again}""",
    },
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
