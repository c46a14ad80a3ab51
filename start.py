"""Sets Apprenti up in `.venv`, beside this file, and starts it.

    python start.py           the guide's first model, in TensorFlow and in PyTorch
    python start.py test      the whole test suite
    python start.py --help    the options

Standard library only. It works on Python 3.11 to 3.13, but even Python 3.6 must be able to read
it and say that it is too old: hence the quoted annotations, and nothing newer than f-strings.

From top to bottom: which build of each framework a machine gets, the command line, the machine,
the virtual environment, pip, and what is said, in French and in English.
"""

import errno
import hashlib
import importlib.util
import json
import locale
import os
import platform
import re
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import time
import unicodedata
from collections.abc import Iterable
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


class StartError(Exception):
    """Something that the user can mend: the name of its sentence in TEXTS, and the values in it."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values
        self.status = 2 if sentence.startswith("usage") else 1


# ---- Which build of each framework

OLDEST, NEWEST = (3, 11), (3, 13)
PLATFORMS = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Windows", "AMD64"))
CONTAINER = 'docker run -it --rm -v "$PWD:/apprenti" -w /apprenti python:3.12-slim python start.py'
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


class Machine(NamedTuple):
    system: str  # as platform.system() says it
    architecture: str  # as platform.machine() says it
    python: str = "3.13"
    implementation: str = "CPython"
    bits: int = 64
    free_threaded: bool = False
    glibc: str = ""  # its version, where it is there
    macos: str = ""
    nvidia: bool = False  # an NVIDIA GPU that its driver knows


class Build(NamedTuple):
    requirement: str
    download: int  # MB, with all that it needs
    disk: int  # MB, once installed, with the downloads that pip keeps
    source: str = ""  # the index that has it, if it is not where pip looks

    def package(self) -> str:
        return self.requirement.split("[")[0]


# PyTorch on PyPI is a CUDA build on Linux and a CPU build elsewhere: pip does not look for a GPU.
# tensorflow-cpu, where it exists, is half the size of tensorflow. Sizes as of November 2026.
TORCH = Build("torch", 150, 1800)
TORCH_CPU = Build("torch", 200, 1800)
TORCH_CUDA = Build("torch", 2900, 9000)
TENSORFLOW = Build("tensorflow", 350, 3000)
TENSORFLOW_CPU = Build("tensorflow-cpu", 350, 3000)
TENSORFLOW_CUDA = Build("tensorflow[and-cuda]", 3400, 9000)
APPRENTI_ITSELF = Build(".", 100, 1000)
TEST_TOOLS = Build(".[dev]", 50, 300)
# framework, system, architecture, NVIDIA GPU, build: the first row that fits counts; None fits all
BUILDS = (
    ("pytorch", "Linux", None, True, TORCH_CUDA),
    ("pytorch", "Linux", None, False, TORCH_CPU),
    ("pytorch", None, None, None, TORCH),
    ("tensorflow", "Linux", "x86_64", True, TENSORFLOW_CUDA),
    ("tensorflow", "Linux", "x86_64", False, TENSORFLOW_CPU),
    ("tensorflow", "Windows", "AMD64", None, TENSORFLOW_CPU),
    ("tensorflow", None, None, None, TENSORFLOW),
)


def choose_builds(
    machine: Machine, parts: "Iterable[str]", cpu_torch: str = "pip"
) -> "list[Build]":
    """What pip has to install. `cpu_torch`: where a Linux machine can get a CPU build of PyTorch,
    "index" (PyTorch's own), "pip" (wherever pip looks here) or "nowhere" (then CUDA comes too)."""
    facts = machine.system, machine.architecture, machine.nvidia
    chosen: dict[str, Build] = {}
    for framework, *row, build in BUILDS:
        fits = all(wanted in (None, fact) for wanted, fact in zip(row, facts, strict=True))
        if framework in parts and fits:
            chosen.setdefault(framework, build)
    if {TORCH_CUDA, TENSORFLOW_CUDA} <= set(chosen.values()):
        # PyTorch's CUDA 13 and TensorFlow's CUDA 12 bring two versions of the same files,
        # libcudnn.so.9 among them: in one environment, only one of the two can have the GPU.
        chosen["tensorflow"] = TENSORFLOW_CPU
    if chosen.get("pytorch") == TORCH_CPU and cpu_torch == "index":
        chosen["pytorch"] = TORCH_CPU._replace(source=CPU_INDEX)
    if chosen.get("pytorch") == TORCH_CPU and cpu_torch == "nowhere":
        chosen["pytorch"] = TORCH_CUDA
    return list(chosen.values())


def refusal(machine: Machine, parts: "Iterable[str]") -> str:
    """The name of the sentence that says why nothing can be installed here; empty if it can."""
    linux, mac = machine.system == "Linux", machine.system == "Darwin"
    python, glibc, macos = map(two_numbers, (machine.python, machine.glibc, machine.macos))
    reasons = (
        (machine.implementation != "CPython", "python_not_cpython"),
        (python < OLDEST, "python_too_old"),
        (python > NEWEST, "python_too_new"),
        (machine.bits != 64, "python_32_bits"),
        (machine.free_threaded, "python_free_threaded"),
        (mac and machine.architecture == "x86_64", "mac_intel"),
        ((machine.system, machine.architecture) not in PLATFORMS, "machine_unknown"),
        (linux and not machine.glibc, "linux_musl"),
        (linux and glibc < (2, 28), "linux_too_old"),
        (mac and macos < (12, 0), "mac_too_old"),
        (mac and macos < (14, 0) and "pytorch" in parts, "mac_too_old_for_pytorch"),
    )
    return next((sentence for refused, sentence in reasons if refused), "")


def two_numbers(version: str) -> "tuple[int, int]":
    numbers = [*re.findall(r"\d+", version), 0, 0]
    return int(numbers[0]), int(numbers[1])


# ---- The command line

FRAMEWORKS = ("pytorch", "tensorflow")
OPTIONS = {"--lang": ("fr", "en"), "--only": FRAMEWORKS}


class Choices(NamedTuple):
    task: str  # start, test or help
    only: str  # one framework; empty for both
    language: str  # empty if --lang was not given
    passed: "list[str]"  # goes on to `apprenti start` or to pytest

    def parts(self) -> "set[str]":
        """What has to be there: frameworks, and "dev" for the tests."""
        return {*([self.only] if self.only else FRAMEWORKS), *["dev"] * (self.task == "test")}


def read_arguments(arguments: "list[str]") -> Choices:
    words, task, passed, found = list(arguments), "start", [], {}
    if words and not words[0].startswith("-"):
        task = words.pop(0)
        if task != "test":
            raise StartError("usage_word", word=task)
    while words:
        word = words.pop(0)
        option, equals, value = word.partition("=")
        if option in OPTIONS:
            value = value if equals or not words else words.pop(0)
            if value not in OPTIONS[option]:
                allowed = " | ".join(OPTIONS[option])
                raise StartError("usage_value", option=option, value=value, allowed=allowed)
            found[option] = value
        elif word in ("-h", "--help"):
            task = "help"
        else:
            passed.append(word)
    return Choices(task, found.get("--only", ""), found.get("--lang", ""), passed)


def choose_language(arguments: "list[str]", environment: "dict[str, str]") -> str:
    """--lang, APPRENTI_LANG, else the system's, else French."""
    given = re.findall(r"--lang[= ](\w+)", " ".join(arguments))
    variables = ("APPRENTI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    given += [environment.get(name, "") for name in variables]
    if os.name == "nt":
        given.append(locale.getlocale()[0] or "")  # such as French_France
    return next((value[:2].lower() for value in given if value[:2].lower() in TEXTS), "fr")


def main(arguments: "list[str]") -> int:
    global language
    language = choose_language(arguments, dict(os.environ))
    try:
        choices = read_arguments(arguments)
        if choices.task == "help":
            say("help")
            return 0
        if not is_ready(choices.parts()):
            set_up(choices.parts())
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


def launch(choices: Choices) -> int:
    """Give way to Apprenti, or to its tests."""
    environment = clean_environment()
    if choices.task == "test":
        os.chdir(str(ROOT))
        command = [str(PYTHON), "-m", "pytest"]
    else:
        command = [str(APPRENTI), "start"] + (["--framework", choices.only] if choices.only else [])
        if choices.language:
            environment["APPRENTI_LANG"] = choices.language
    command += choices.passed
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment)
    # On Windows exec would not wait for the end. Ctrl-C is for the child.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.call(command, env=environment)


# ---- The machine


def this_machine() -> Machine:
    musl = "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE"))
    nvidia_smi = shutil.which("nvidia-smi") or "/usr/lib/wsl/lib/nvidia-smi"
    return Machine(
        system=platform.system(),
        architecture=platform.machine(),
        python=VERSION,
        implementation=platform.python_implementation(),
        bits=8 * struct.calcsize("P"),
        free_threaded=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        glibc="" if musl else platform.libc_ver()[1],
        macos=platform.mac_ver()[0],
        nvidia="GPU 0" in output_of([nvidia_smi, "-L"]),  # a CUDA toolkit would prove nothing
    )


def check_machine(machine: Machine, parts: "Iterable[str]") -> None:
    sentence = refusal(machine, parts)
    if sentence:
        ways = {"commands": other_python(), "container": CONTAINER}
        raise StartError(sentence, **ways, **machine._asdict())


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


def check_space(builds: "list[Build]") -> "dict[str, str]":
    """What the builds download, what they take of the disk and what of it is free, if enough is."""
    free, needed = shutil.disk_usage(str(ROOT)).free // 10**6, sum(build.disk for build in builds)
    if free < needed:
        raise StartError("disk_too_small", path=ROOT, free=amount(free), needed=amount(needed))
    download = sum(build.download for build in builds)
    return {"download": amount(download), "needed": amount(needed), "free": amount(free)}


def output_of(command: "list[str]", seconds: float = 30) -> str:
    """What a command prints; nothing if it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command, timeout=seconds, env=clean_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
CALMING = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}  # whatever pip's settings file says


def clean_environment() -> "dict[str, str]":
    """The user's variables, less those that would lead Python or pip away from .venv."""
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    return {**kept, **CALMING}


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
    try:
        return {"made": False, "parts": [], **json.loads(STAMP.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError):
        return {"made": False, "parts": []}


def write_stamp(**facts: object) -> None:
    STAMP.write_text(json.dumps(facts), encoding="utf-8")


def venv_state(builds: "list[Build]") -> str:
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


def twin_installed(build: Build) -> bool:
    """tensorflow and tensorflow-cpu write the same files: one cannot take the other's place."""
    twin = {"tensorflow": "tensorflow_cpu", "tensorflow-cpu": "tensorflow"}.get(build.package())
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
    state = venv_state(choose_builds(machine, parts))
    if state != "good":
        parts = wanted
        check_space([*choose_builds(machine, parts), APPRENTI_ITSELF])
        say("making_venv" if state == "absent" else "remaking_venv", version=VERSION)
        make_venv()
    install(machine, parts)
    write_stamp(made=read_stamp()["made"], parts=sorted(parts), **fingerprint())
    say("ready", seconds=round(time.monotonic() - began))


def install(machine: Machine, parts: "set[str]") -> None:
    builds = choose_builds(machine, parts)
    if TORCH_CPU in builds and not is_installed("torch"):
        builds = choose_builds(machine, parts, where_is_cpu_torch())
    missing = [build for build in builds if not is_installed(build.package())]
    announce(missing, machine, parts)
    if read_stamp()["made"]:
        forget_half_written_packages()
    for build in missing:
        if build.source:
            pip_install("--no-deps", "--index-url", build.source, build.requirement)
    apprenti = ".[dev]" if "dev" in parts else "."
    pip_install("--editable", apprenti, *[build.requirement for build in builds])


def announce(missing: "list[Build]", machine: Machine, parts: "set[str]") -> None:
    """Say how much there is to download, having checked that there is room for it."""
    rest = [APPRENTI_ITSELF] * (not is_installed("numpy"))
    rest += [TEST_TOOLS] * ("dev" in parts and not is_installed("pytest"))
    sizes = check_space(missing + rest)
    if missing:
        names = ", ".join(f"{build.requirement} {amount(build.download)}" for build in missing)
        say("plan", names=names, **sizes)
    if TORCH_CUDA in missing and not machine.nvidia:
        say("cuda_for_nothing", download=amount(TORCH_CUDA.download), index=CPU_INDEX)
    if machine.nvidia and {TORCH_CUDA, TENSORFLOW_CPU} <= set(missing):
        say("tensorflow_without_gpu")
    say("installing", log=LOG.relative_to(ROOT))


def where_is_cpu_torch() -> str:
    """PyTorch's own index if it answers, else wherever pip looks if it has a CPU build."""
    address = f"'{CPU_INDEX}/torch/', timeout=3"
    ask = f"import urllib.request; print(urllib.request.urlopen({address}).status)"
    if output_of([str(PYTHON), "-I", "-c", ask], seconds=3).strip() == "200":
        return "index"
    versions = run_logged([*PIP, "index", "versions", "torch"])
    return "pip" if pinned_version("torch") + "+cpu" in versions else "nowhere"


def forget_half_written_packages() -> None:
    """What pip was writing when it was killed has no RECORD: pip must write it again."""
    for metadata in PACKAGES.glob("*.dist-info"):
        if not (metadata / "RECORD").is_file():
            shutil.rmtree(str(metadata))


def pip_install(*words: str) -> None:
    # Wheels only: where none fits, "not found" is better than a compiler's errors in ten minutes.
    options = "--no-input --disable-pip-version-check --progress-bar=off --only-binary=:all:"
    constraints = ["--constraint", str(CONSTRAINTS)]
    run_logged([*PIP, "install", *options.split(), *constraints, *words])


def run_logged(command: "list[str]") -> str:
    """Run a command: all that it prints goes to the log, and what matters to the screen."""
    environment, lines = clean_environment(), []
    if os.name != "nt":  # where long paths make trouble
        TEMPORARY.mkdir(exist_ok=True)
        environment["TMPDIR"] = str(TEMPORARY)
    with LOG.open("a", encoding="utf-8") as log, subprocess.Popen(
        command, cwd=str(ROOT), env=environment, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                lines.append(line)
                log.write(line)
                report(line)
            process.wait()
        except KeyboardInterrupt:
            end(process)
            raise
    shutil.rmtree(str(TEMPORARY), ignore_errors=True)
    if process.returncode:
        raise explain("".join(lines), process.returncode)
    return "".join(lines)


def end(process: "subprocess.Popen[str]") -> None:
    """Ctrl-C went to pip as well: give it time to put things back."""
    for insist in (process.terminate, process.kill):
        try:
            process.wait(timeout=5)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            insist()


DOWNLOAD = r"\s*Downloading (?:\S*/)?([^-/]+)-([^-]+)-\S+\.whl \(([\d.]+) ([MG])B\)"


def report(line: str) -> None:
    """Say which large file pip downloads, and when it begins to write."""
    found = re.match(DOWNLOAD, line)
    if found:
        package, version, number, unit = found.groups()
        megabytes = float(number) * (1000 if unit == "G" else 1)
        if megabytes >= 20:
            say("downloading", package=package, version=version, size=amount(megabytes))
    elif line.startswith("Installing collected packages:"):
        say("writing", count=line.count(",") + 1)


NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
OS_ERRORS = {errno.ENOSPC: "disk_full", **dict.fromkeys(NOT_WRITABLE, "not_writable")}
PIP_ERRORS = {  # the first that fits counts
    "disk_full": r"No space left on device|Errno 28\b|WinError 112|Errno 122\b",
    "no_certificate": r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
    "no_network": r"Failed to establish a new connection[^'\")]*|Failed to resolve '[^']+'"
    r"|timed out|[Cc]annot connect to proxy|Tunnel connection failed[^'\")]*|Network is unreachable"
    r"|Connection (?:refused|reset|aborted)|IncompleteRead",
    "no_memory": r"MemoryError|Cannot allocate memory",
    "not_found": r"(?<=No matching distribution found for )\S+|(?<=Cannot install ).+?(?= because)",
    "not_writable": r"Permission denied|Read-only file system|WinError 5\b",
}


def explain(output: str, status: int) -> StartError:
    """The problem behind what pip printed."""
    errors = [line.strip() for line in output.splitlines() if "error" in line.lower()]
    for sentence, pattern in PIP_ERRORS.items():
        found = re.search(pattern, output)
        if found:
            return StartError(sentence, path=VENV, log=LOG, detail=found.group())
    sentence = "no_memory" if status in (-9, 137) else "pip_failed"
    return StartError(sentence, log=LOG, detail=errors[-1] if errors else f"status {status}")


# ---- What is said


def say(sentence: str, to: Any = None, **values: object) -> None:
    stream = to or sys.stdout
    text = typeset(TEXTS[language][sentence]).format(**values)
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
python start.py [options]        installe Apprenti s'il le faut, puis lance « apprenti start »
python start.py test [options]   installe aussi les outils de test, puis lance tous les tests

  --only pytorch | tensorflow    un seul des deux frameworks
  --lang fr | en                 la langue des messages
                                 (sinon APPRENTI_LANG, celle du système, ou le français)
  --help                         cette aide

Les autres options sont transmises à « apprenti start » (ou à pytest, pour les tests) :
  python start.py --data digits

Il vous faut Python 3.11, 3.12 ou 3.13 (64 bits), environ 6 Go de disque et, la première fois,
une connexion. Tout va dans le dossier .venv, à côté de start.py ; pour désinstaller, supprimez-le.
Code de sortie : 0 terminé, 1 problème expliqué, 2 commande mal écrite, 130 interrompu.""",
        "welcome": "Apprenti s'installe dans {path} ; vos autres Python ne changent pas.",
        "making_venv": "Environnement virtuel : Python {version}",
        "remaking_venv": """\
L'environnement virtuel était inachevé, ou fait autrement : il est refait, Python {version}""",
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
        "installing": """\
Installation : quelques minutes, selon votre connexion. Le détail s'écrit dans {log}""",
        "downloading": "  téléchargement : {package} {version}, {size}",
        "writing": "  écriture des paquets ({count}), une minute ou deux",
        "ready": "Prêt en {seconds} s. La prochaine fois, le démarrage sera immédiat.",
        "interrupted": """\

Interrompu. Rien n'est perdu ; pour continuer :
  python start.py""",
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
Ce Python est fait pour un Mac à processeur Intel : TensorFlow et PyTorch n'y paraissent plus
depuis 2024. Si votre Mac a une puce Apple (M1 ou plus récente), installez un Python natif :
  {commands}
Sinon, avec Docker :
  {container}""",
        "machine_unknown": """\
TensorFlow et PyTorch n'existent pas pour cette machine ({system} {architecture}). Ils existent pour
Linux x86_64 et aarch64, Windows x64 et macOS arm64. Sous Windows ARM, passez par Linux (WSL) :
  wsl --install
Ailleurs, essayez Docker :
  {container}""",
        "linux_musl": """\
Ce Linux n'a pas la bibliothèque glibc (c'est le cas d'Alpine) : TensorFlow et PyTorch ne sont pas
construits pour lui. Avec Docker :
  {container}""",
        "linux_too_old": """\
Ce Linux a la glibc {glibc} : PyTorch demande la 2.28 ou plus récente, celle de Debian 10,
d'Ubuntu 20.04, de RHEL 8 et de leurs suivants. Mettez le système à jour ou, avec Docker :
  {container}""",
        "mac_too_old": """\
macOS {macos} est trop ancien : TensorFlow demande macOS 12, et PyTorch macOS 14.
Mettez le système à jour :
  softwareupdate --list""",
        "mac_too_old_for_pytorch": """\
macOS {macos} est trop ancien pour PyTorch, qui demande macOS 14.
Mettez le système à jour, ou prenez TensorFlow seul :
  python start.py --only tensorflow""",
        "disk_too_small": """\
Il reste {free} sur le disque de {path}, et l'installation en demande {needed}.
Faites de la place (la première commande vide le cache de pip), ou n'installez qu'un framework :
  python -m pip cache purge
  python start.py --only pytorch""",
        "disk_full": """\
Le disque est plein ({path}) : l'installation s'est arrêtée.
Faites de la place, puis recommencez ; ce qui est déjà écrit servira :
  python -m pip cache purge
  python start.py""",
        "not_writable": """\
Impossible d'écrire dans {path} ({detail}) : le dossier est protégé,
ou un programme s'en sert. Fermez ce qui utilise Apprenti, ou copiez tout le dossier là où vous avez
le droit d'écrire, puis :
  python start.py""",
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
  python start.py
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
  python start.py""",
    },
    "en": {
        "decimal_mark": ".",
        "megabytes": "{number} MB",
        "gigabytes": "{number} GB",
        "help": """\
python start.py [options]        installs Apprenti if need be, then runs `apprenti start`
python start.py test [options]   installs the test tools as well, then runs all the tests

  --only pytorch | tensorflow    only one of the two frameworks
  --lang fr | en                 the language of messages
                                 (else APPRENTI_LANG, the system's, or French)
  --help                         this help

Other options go on to `apprenti start` (to pytest, for the tests):
  python start.py --data digits

You need Python 3.11, 3.12 or 3.13 (64-bit), about 6 GB of disk and, the first time, a connection.
All goes into the folder .venv, beside start.py; to uninstall, delete it.
Exit status: 0 done, 1 a problem that is explained, 2 wrong usage, 130 interrupted.""",
        "welcome": "Apprenti goes into {path}; your other Pythons stay as they are.",
        "making_venv": "Virtual environment: Python {version}",
        "remaking_venv": """\
The virtual environment was unfinished, or made otherwise: it is made again, Python {version}""",
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
        "installing": """\
Installing: some minutes, depending on your connection. Details are written to {log}""",
        "downloading": "  downloading {package} {version}, {size}",
        "writing": "  writing the packages ({count}), a minute or two",
        "ready": "Ready in {seconds} s. Next time it will start at once.",
        "interrupted": """\

Interrupted. Nothing is lost; to go on:
  python start.py""",
        "usage_word": """\
start.py does not know "{word}": the only word that it takes is "test"; options begin
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
        "python_not_cpython": """\
This Python is {implementation}: TensorFlow and PyTorch exist only for CPython, the Python
of python.org.
  {commands}""",
        "python_too_old": """\
Python {python} is too old: TensorFlow and PyTorch need Python 3.11, 3.12 or 3.13.
  {commands}""",
        "python_too_new": """\
Python {python} is too new: TensorFlow does not exist for it yet.
It takes Python 3.11, 3.12 or 3.13.
  {commands}""",
        "python_32_bits": """\
This Python {python} is a {bits}-bit one: TensorFlow and PyTorch exist for 64 bits only.
  {commands}""",
        "python_free_threaded": """\
This Python {python} is the free-threaded build, for which TensorFlow does not exist.
  {commands}""",
        "mac_intel": """\
This Python is made for a Mac with an Intel processor: TensorFlow and PyTorch stopped coming out
for it in 2024. If your Mac has an Apple chip (M1 or later), install a native Python:
  {commands}
Otherwise, with Docker:
  {container}""",
        "machine_unknown": """\
TensorFlow and PyTorch do not exist for this machine ({system} {architecture}). They do for
Linux x86_64 and aarch64, Windows x64 and macOS arm64. On Windows ARM, go through Linux (WSL):
  wsl --install
Elsewhere, try Docker:
  {container}""",
        "linux_musl": """\
This Linux does not have the library glibc (Alpine is one such): TensorFlow and PyTorch are not
built for it. With Docker:
  {container}""",
        "linux_too_old": """\
This Linux has glibc {glibc}: PyTorch needs 2.28 or later, that of Debian 10, Ubuntu 20.04, RHEL 8
and their successors. Update the system or, with Docker:
  {container}""",
        "mac_too_old": """\
macOS {macos} is too old: TensorFlow needs macOS 12, and PyTorch macOS 14.
Update the system:
  softwareupdate --list""",
        "mac_too_old_for_pytorch": """\
macOS {macos} is too old for PyTorch, which needs macOS 14.
Update the system, or take TensorFlow alone:
  python start.py --only tensorflow""",
        "disk_too_small": """\
{free} are left on the disk of {path}, and the installation needs {needed}.
Make room (the first command empties pip's cache), or install one framework only:
  python -m pip cache purge
  python start.py --only pytorch""",
        "disk_full": """\
The disk is full ({path}): the installation stopped.
Make room, then try again; what is already written will be used:
  python -m pip cache purge
  python start.py""",
        "not_writable": """\
Cannot write to {path} ({detail}): the folder is protected, or a program
is using it. Close what uses Apprenti, or copy the whole folder to a place where you may write,
then:
  python start.py""",
        "venv_missing": """\
Python {version} is there, but without what makes a virtual environment (the modules venv and
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
  python start.py
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
  python start.py""",
    },
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
