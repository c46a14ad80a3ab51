"""start.py: what it decides, what it says, and what it really does in a small clone of its own.

The clone (fixture `clone`) holds the real start.py and constraints.txt, a toy Apprenti, and toy
wheels in place of the frameworks: virtual environments, pip, signals and files are real, only the
gigabytes are missing.
"""

import ast
import errno
import http.server
import importlib.util
import inspect
import json
import os
import re
import shutil
import signal
import string
import subprocess
import sys
import threading
import time
from importlib import metadata
from pathlib import Path

import pytest

from apprenti.install import pip_or_uv
from apprenti.install.decisions import from_the_usual_index
from apprenti.machine.machine import Machine

ROOT = Path(__file__).resolve().parents[1]
NARROW = "\u202f"
NOWHERE = "http://127.0.0.1:9"  # a port on which nobody answers
LINUX = sys.platform.startswith("linux")
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and scripts")


def load(folder=ROOT):
    """start.py of a folder, as a fresh module."""
    spec = importlib.util.spec_from_file_location("start", folder / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start():
    return load()


# ---- A small clone


def write_wheel(folder, name, version, files, requires=(), scripts=""):
    import zipfile

    info = f"{name}-{version}.dist-info/"
    wheel_lines = ["Wheel-Version: 1.0", "Root-Is-Purelib: true", "Tag: py3-none-any"]
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: dev"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    files = {
        **files,
        info + "METADATA": "\n".join(lines) + "\n",
        info + "WHEEL": "\n".join(wheel_lines) + "\n",
        info + "entry_points.txt": scripts,
    }
    record = "".join(f"{path},,\n" for path in [*files, info + "RECORD"])
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{wheel}", "w") as archive:
        for path, text in {**files, info + "RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


BACKEND = (
    inspect.getsource(write_wheel)
    + """
def build_editable(folder, config_settings=None, metadata_directory=None):
    import os, time

    time.sleep(float(os.environ.get("TOY_SECONDS", "0")))
    files = {"toy.pth": os.path.abspath("src") + "\\n"}
    scripts = "[console_scripts]\\napprenti = apprenti.cli:main\\n"
    return write_wheel(folder, "apprenti", "0.1", files, ["pytest; extra == 'dev'"], scripts)
"""
)
TELL = """
import json, os, sys

def main():
    names = ("APPRENTI_LANG", "APPRENTI_DATA", "PYTHONPATH")
    told = {name: os.environ[name] for name in names if name in os.environ}
    print(json.dumps({"by": __name__, "arguments": sys.argv[1:], "folder": os.getcwd(), **told}))
"""


def copy_program(folder):
    """start.py and what it reads: the constraints, the machine, and what suits it."""
    shutil.copy(ROOT / "start.py", folder)
    shutil.copy(ROOT / "constraints.txt", folder)
    for name in ("machine", "install"):
        package = Path("src", "apprenti", name)
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=without)


def make_clone(folder):
    (folder / "src" / "apprenti").mkdir(parents=True)
    (folder / "src" / "apprenti" / "__init__.py").touch()
    (folder / "src" / "apprenti" / "cli.py").write_text(TELL)
    start = "from apprenti.cli import main\n\nmain()\n"
    (folder / "src" / "apprenti" / "__main__.py").write_text(start)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "apprenti"\n'
        'dynamic = ["version", "dependencies", "optional-dependencies"]\n'
    )
    copy_program(folder)
    (folder / "wheels").mkdir()
    pins = dict(re.findall(r"^(\S+)==(\S+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    for package in ("tensorflow", "tensorflow-cpu", "pytest"):
        name = package.replace("-", "_")
        tell = {f"{name}/__init__.py": "", f"{name}/__main__.py": TELL + "\nmain()\n"}
        write_wheel(folder / "wheels", name, pins[package], tell)
    (folder / "torch").mkdir()
    write_wheel(
        folder / "torch", "torch", pins["torch"] + "+cpu", {"torch/__init__.py": "cpu = True\n"}
    )
    return folder


@pytest.fixture(scope="module")
def torch_index(tmp_path_factory):
    """What PyTorch's own index looks like, on this machine; and what was asked of it."""
    folder, asked = tmp_path_factory.mktemp("index"), []

    class Index(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, form, *values):
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder, asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def clone(tmp_path_factory, torch_index):
    """A fresh clone and its first `python start.py`, with variables that would mislead pip."""
    address, index, asked = torch_index
    folder = make_clone(tmp_path_factory.mktemp("with space") / "clone")
    shutil.copytree(folder / "torch", index / "cpu" / "torch")
    facts = folder / "src" / "apprenti" / "install" / "facts.json"
    text = facts.read_text(encoding="utf-8")
    assert "https://download.pytorch.org/whl/" in text
    facts.write_text(
        text.replace("https://download.pytorch.org/whl/", address + "/"), encoding="utf-8"
    )
    (folder / "elsewhere" / "pip").mkdir(parents=True)
    (folder / "elsewhere" / "pip" / "__init__.py").write_text("raise SystemExit('the wrong pip')")
    if not LINUX:  # only there is PyTorch's own index of any use
        shutil.copytree(folder / "torch", folder / "wheels", dirs_exist_ok=True)
    misleading = {
        "PYTHONPATH": str(folder / "elsewhere"),
        "PIP_USER": "1",
        "PIP_TARGET": str(folder / "elsewhere"),
        "PIP_REQUIRE_VIRTUALENV": "1",
    }
    variables = {**misleading, "APPRENTI_LANG": "fr", "no_proxy": "127.0.0.1"}
    first = run(folder, "--data", "digits", "--lang", "en", **variables)
    return folder, first, asked


@pytest.fixture
def copy(clone, tmp_path):
    """A copy of the clone that was set up. Its place is another, so that pip has work to do."""
    shutil.copytree(clone[0], tmp_path / "copy", symlinks=True)
    return tmp_path / "copy"


def links(*folders):
    return " ".join(folder.as_uri() for folder in folders)


def environment(folder, **more):
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "APPRENTI"))
    }
    proxies = {"http_proxy": NOWHERE, "https_proxy": NOWHERE}
    pip = {
        "PIP_INDEX_URL": NOWHERE,
        "PIP_FIND_LINKS": links(folder / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "1",
    }
    return {**variables, **proxies, **pip, "PYTHONUTF8": "1", "APPRENTI_LANG": "en", **more}


def run(folder, *arguments, cwd=None, **more):
    command = [sys.executable, str(folder / "start.py"), *arguments]
    return subprocess.run(
        command,
        cwd=cwd or folder,
        env=environment(folder, **more),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def told(done):
    """What the toy Apprenti or the toy pytest was given."""
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# ---- What it decides


def test_a_python_too_old_to_run_it_can_still_read_it():
    program = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(program, feature_version=(3, 6))
    assert "from __future__ import annotations" not in program  # unknown to 3.6


CARD = {"name": "NVIDIA GeForce RTX 4070", "driver": "581.29", "compute": "8.9"}


@pytest.mark.parametrize(
    ("system", "architecture", "nvidia", "cpu_torch", "expected"),
    [
        ("Linux", "x86_64", False, "index", ["torch from the CPU index", "tensorflow-cpu"]),
        ("Linux", "x86_64", False, "pip", ["torch", "tensorflow-cpu"]),
        ("Linux", "x86_64", False, "nowhere", ["torch with CUDA", "tensorflow-cpu"]),
        ("Linux", "x86_64", True, "pip", ["torch with CUDA", "tensorflow-cpu"]),
        ("Linux", "aarch64", False, "index", ["torch from the CPU index", "tensorflow"]),
        ("Linux", "aarch64", True, "pip", ["torch with CUDA", "tensorflow"]),
        ("Windows", "AMD64", False, "pip", ["torch", "tensorflow-cpu"]),
        ("Windows", "AMD64", True, "index", ["torch with CUDA", "tensorflow-cpu"]),
        ("Windows", "AMD64", True, "pip", ["torch", "tensorflow-cpu"]),
        ("Darwin", "arm64", False, "pip", ["torch", "tensorflow"]),
    ],
)
def test_each_machine_gets_the_builds_that_suit_it(
    start, system, architecture, nvidia, cpu_torch, expected
):
    cards = [CARD] if nvidia else []
    machine = Machine.from_json({"system": system, "architecture": architecture, "nvidia": cards})

    def name(part):
        source = " from the CPU index" if part.index.endswith("/cpu") else ""
        return part.package + source + (" with CUDA" if part.download_mb > 2000 else "")

    def plan(parts):
        found = start.decide(machine, parts)
        if cpu_torch == "index":
            return found
        return from_the_usual_index(machine, found, has_cpu_build=cpu_torch == "pip")

    both = plan({"pytorch", "tensorflow", "dev"})
    assert [name(part) for part in both.parts] == expected
    assert plan({"pytorch"}).parts == both.parts[:1]


def test_tensorflow_gets_the_gpu_when_it_is_alone(start):
    machine = Machine.from_json({"nvidia": [CARD]})
    (part,) = start.decide(machine, {"tensorflow"}).parts
    assert part.requirement.startswith("tensorflow[and-cuda]==")


def test_every_version_that_a_build_needs_is_pinned(start):
    for system in ("Linux", "Windows", "Darwin"):
        for part in start.decide(Machine.from_json({"system": system}), start.FRAMEWORKS).parts:
            assert part.version == start.pinned_version(part.package)


def test_another_cuda_than_that_of_pypi_comes_without_the_pins_of_its_libraries(bare):
    bare.VENV.mkdir()
    card = {"name": "NVIDIA GeForce GTX 1080", "driver": "580.95.05", "compute": "6.1"}
    old = bare.decide(Machine.from_json({"nvidia": [card]}), {"pytorch"})
    assert old.parts[0].index.endswith("/cu126")
    lines = bare.constraints_of(old).read_text(encoding="utf-8").splitlines()
    assert "torch==2.13.0" in lines and not [line for line in lines if line.startswith("nvidia-")]
    new = bare.decide(Machine.from_json({"nvidia": [CARD]}), {"pytorch"})
    assert bare.constraints_of(new) == bare.CONSTRAINTS


LINUX_HERE = {"system": "Linux", "architecture": "x86_64", "libc_version": "2.36"}
MAC_HERE = {"system": "Darwin", "architecture": "arm64", "macos": "15.1.1"}
NO_AVX = {"processor": {"avx": False, "avx2": False}}
REFUSED = [
    (LINUX_HERE, "", ""),
    (MAC_HERE, "", ""),
    ({"system": "Windows", "architecture": "AMD64"}, "", ""),
    ({**LINUX_HERE, "architecture": "aarch64", "python": {"version": "3.11.9"}}, "", ""),
    ({**LINUX_HERE, "python": {"version": "3.14.0"}}, "python_too_new", "3.14"),
    ({**LINUX_HERE, "python": {"version": "3.13.1", "bits": 32}}, "python_32_bits", "32"),
    ({**LINUX_HERE, "python": {"implementation": "PyPy"}}, "python_not_cpython", "PyPy"),
    (
        {**LINUX_HERE, "python": {"version": "3.13.1", "free_threaded": True}},
        "python_free_threaded",
        "3.13",
    ),
    ({**LINUX_HERE, "libc": "musl", "libc_version": ""}, "linux_musl", "Alpine"),
    ({**LINUX_HERE, "libc_version": "2.17"}, "linux_too_old", "2.17"),
    ({**LINUX_HERE, "architecture": "riscv64"}, "machine_unknown", "riscv64"),
    ({"system": "Windows", "architecture": "ARM64"}, "windows_arm", "ARM64"),
    ({**MAC_HERE, "architecture": "x86_64"}, "mac_intel", "Intel"),
    ({**MAC_HERE, "architecture": "x86_64", "emulated": "rosetta"}, "mac_rosetta", "Intel"),
    ({**MAC_HERE, "macos": "13.6"}, "mac_too_old", "--only tensorflow"),
    ({**MAC_HERE, "macos": "11.7"}, "mac_too_old", "11.7"),
    ({**LINUX_HERE, **NO_AVX}, "no_avx", "--only pytorch"),
    ({**LINUX_HERE, "processor": {"sse41": False}}, "no_sse41", "SSE4.1"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("facts", "sentence", "value"), REFUSED)
def test_a_machine_that_cannot_have_the_frameworks_is_told_why_and_what_to_do(
    start, monkeypatch, capsys, language, facts, sentence, value
):
    machine = Machine.from_json(facts)
    if sentence:
        monkeypatch.setattr(start, "is_ready", lambda parts: False)
        monkeypatch.setattr(start, "this_machine", lambda: machine)
        monkeypatch.setattr(start, "output_of", lambda command: "")  # no other Python here
        with pytest.raises(start.StartError, match=sentence):
            start.check_machine(machine, {"pytorch", "tensorflow"})
        assert start.main(["--lang", language]) == 1
        assert_explains(capsys.readouterr().err, value)
    else:
        start.check_machine(machine, {"pytorch", "tensorflow"})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_old_python_is_told_which_one_to_take(start, monkeypatch, capsys, language):
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(start, "VERSION", "3.10")
    assert start.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, "3.10", "start.py")


def test_the_pythons_of_start_py_are_those_of_the_facts(start):
    oldest, newest = start.module("install.facts").APPRENTI_PYTHON
    assert (f"3.{start.OLDEST[1]}", f"3.{start.NEWEST[1]}") == (oldest, newest)


def test_every_refusal_of_the_installation_has_its_sentence(start):
    """Those that only another Python, a card or an environment can meet are left out."""
    text = (ROOT / "src/apprenti/install/decisions.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'[,(]\s*"((?:python|mac|linux|windows|machine|no)_\w+)"', text))
    keys |= {"no_avx", "no_sse41", "mac_too_old", "linux_too_old"}
    beyond = {"python_only_candidate", "no_avx2", "mac_intel_last"}
    assert len(keys) > 12
    assert {key for key in keys - beyond if key not in start.TEXTS["fr"]} == set()


def test_an_older_mac_may_have_tensorflow_alone(start):
    start.check_machine(Machine.from_json({**MAC_HERE, "macos": "13.6"}), {"tensorflow"})


def test_this_machine_is_described_and_accepted(start):
    start.check_machine(start.this_machine(), {"pytorch", "tensorflow"})


def test_a_card_that_nothing_serves_is_told(start, bare, monkeypatch, capsys):
    card = {"name": "Tesla K80", "driver": "470.256.02", "compute": "3.7"}
    machine = Machine.from_json({"nvidia": [card]})
    bare.language = "en"
    bare.announce(list(bare.decide(machine, {"pytorch"}).parts), machine, {"pytorch"})
    assert "Tesla K80, driver 470.256.02" in capsys.readouterr().out


def assert_explains(message, *values):
    """What happened, with the value; then a command that can be pasted, on a line of its own."""
    for value in values:
        assert str(value) in message
    assert re.search(r"^  [a-z][\w.]* ", message, re.MULTILINE), message
    assert "{" not in message and "Traceback" not in message


# ---- The command line


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ([], {}, "fr"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "fr_CA.UTF-8"}, "fr"),
        ([], {"LANG": "C.UTF-8"}, "fr"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "fr_FR", "LC_ALL": "en_US"}, "en"),
        ([], {"LANG": "fr_FR", "APPRENTI_LANG": "en"}, "en"),
        (["--lang", "fr"], {"LANG": "en_US", "APPRENTI_LANG": "en"}, "fr"),
        (["test", "-x", "--lang=en"], {"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_language_is_chosen(start, monkeypatch, arguments, variables, expected):
    monkeypatch.setattr(start.sys, "platform", "linux")
    assert start.choose_language(arguments, variables) == expected


def test_options_of_others_pass_in_their_order(start):
    choices = start.read_arguments(["--data", "digits", "--only=pytorch", "--lang", "en", "-x"])
    assert choices[:4] == ("start", "pytorch", "en", ["--data", "digits", "-x"])
    assert start.read_arguments(["test", "-k", "a or b"])[:4] == ("test", "", "", ["-k", "a or b"])


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["test"], []),
        (["test", "full"], ["--full"]),
        (["test", "full", "-k", "x"], ["--full", "-k", "x"]),
        (["test", "tests/cli", "full"], ["tests/cli", "full"]),
        (["--only", "pytorch"], []),
    ],
)
def test_the_tests_come_in_two_sizes(start, arguments, passed):
    assert start.read_arguments(arguments).passed == passed


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (["tset"], "tset"),
        (["--only", "keras"], "keras"),
        (["--only"], "--only"),
        (["--lang", "de"], "de"),
        (["--bundle"], "--bundle"),
        (["--bundle", "a", "--from", "b"], "--from"),
        (["--for", "windows"], "--for"),
        (["test", "--from", "class"], "--from"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_wrong_usage_is_explained_and_exits_with_2(
    start, monkeypatch, capsys, language, arguments, value
):
    monkeypatch.setenv("APPRENTI_LANG", language)
    assert start.main(arguments) == 2
    assert_explains(capsys.readouterr().err, value, "python start.py --help")


@pytest.mark.parametrize(("language", "word"), [("fr", "désinstaller"), ("en", "uninstall")])
def test_help_is_in_both_languages(language, word):
    done = run(ROOT, "--help", "--lang", language)
    assert (
        done.returncode == 0 and word in done.stdout and "--only" in done.stdout and not done.stderr
    )


# ---- What it says


def test_both_languages_say_the_same_things(start):
    def fields(text):
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    french, english = start.TEXTS["fr"], start.TEXTS["en"]
    assert list(french) == list(english)
    for sentence in french:
        assert fields(french[sentence]) == fields(english[sentence]), sentence


def test_every_sentence_is_used(start):
    program = (ROOT / "start.py").read_text(encoding="utf-8").split("\nTEXTS = {")[0]
    for name in ("decisions", "pip_or_uv", "bundle"):
        program += Path(pip_or_uv.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    assert [sentence for sentence in start.TEXTS["fr"] if f'"{sentence}"' not in program] == []


def test_french_has_its_narrow_spaces_and_english_none(start):
    for sentence, text in start.TEXTS["fr"].items():
        start.language = "fr"
        assert not re.search(r" [;:!?»]|« ", start.typeset(text)), sentence
        assert not re.search(r"\w[;!?»]|«\w", text), sentence
        start.language = "en"
        assert start.typeset(start.TEXTS["en"][sentence]) == start.TEXTS["en"][sentence]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", f"«{NARROW}é{NARROW}»{NARROW}: 3\u00a0Go"),
        ("cp1252", "«\u00a0é\u00a0»\u00a0: 3\u00a0Go"),
        ("cp850", "«\u00a0é\u00a0»\u00a0: 3\u00a0Go"),
        ("ascii", '"e" : 3 Go'),
    ],
)
def test_no_console_is_too_poor(start, encoding, expected):
    text = f"«{NARROW}é{NARROW}»{NARROW}: 3\u00a0Go"
    assert start.printable(text, encoding) == expected


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_help_prints_on_a_poor_console(encoding):
    variables = {
        **environment(ROOT, APPRENTI_LANG="fr"),
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": encoding,
    }
    done = subprocess.run(
        [sys.executable, ROOT / "start.py", "--help"],
        env=variables,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0 and b"apprenti start" in done.stdout and b"?" not in done.stdout


# ---- What it really does


def test_a_fresh_clone_is_set_up_and_started_whatever_the_variables_say(clone):
    folder, first, _ = clone
    assert told(first) == {
        "by": "apprenti.cli",
        "arguments": ["start", "--data", "digits"],
        "folder": str(folder),
        "APPRENTI_LANG": "en",
    }
    assert re.search(
        r"To download: about \d+ MB, of which torch \d+ MB, tensorflow\S* \d+ MB", first.stdout
    )
    assert not list((folder / "elsewhere").glob("*.dist-info"))
    assert "Successfully installed" in (folder / ".venv" / "start.log").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(
    not LINUX or shutil.which("nvidia-smi") is not None, reason="for Linux without an NVIDIA GPU"
)
def test_without_a_gpu_pytorch_comes_from_its_own_cpu_index(clone):
    folder, _, asked = clone
    assert any(path.endswith(".whl") for path in asked)
    assert next((folder / ".venv").rglob("torch/__init__.py")).read_text() == "cpu = True\n"


@pytest.mark.slow
def test_the_second_run_starts_at_once_and_asks_nobody(clone, tmp_path):
    folder = clone[0]
    log = (folder / ".venv" / "start.log").read_bytes()
    began = time.monotonic()
    done = run(
        folder, "--only", "pytorch", "--data", "my data.csv", cwd=tmp_path, APPRENTI_LANG="fr"
    )
    assert time.monotonic() - began < 2
    assert told(done)["arguments"] == ["start", "--framework", "pytorch", "--data", "my data.csv"]
    assert told(done)["folder"] == str(tmp_path)
    assert len(done.stdout.splitlines()) == 1 and not done.stderr
    assert (folder / ".venv" / "start.log").read_bytes() == log


@pytest.mark.slow
def test_the_tests_get_their_tools_and_their_options(copy, tmp_path):
    done = run(copy, "test", "-k", "one or two", "--lang", "en", cwd=tmp_path)
    assert told(done)["by"] == "__main__"
    assert told(done)["arguments"] == ["-n", "auto", "-k", "one or two"]
    assert Path(told(done)["folder"]).samefile(copy)
    done = run(copy, "test", "full", "tests/cli", cwd=tmp_path)
    assert told(done)["arguments"] == ["-n", "auto", "--full", "tests/cli"]
    with (copy / "constraints.txt").open("a") as constraints:
        constraints.write("# pip has work to do again\n")
    assert told(run(copy))["arguments"] == ["start"]
    assert load(copy).is_ready({"pytorch", "tensorflow", "dev"})  # nothing was forgotten


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="needs bash")
def test_continuous_integration_runs_the_tests_with_the_data_beside_the_repository(copy, tmp_path):
    (tmp_path / "shared" / "data").mkdir(parents=True)
    shutil.copytree(ROOT / ".ci", copy / ".ci")
    variables = environment(
        copy, PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    done = subprocess.run(
        ["bash", copy / ".ci" / "run"],
        env=variables,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        cwd="/",
    )
    assert told(done)["by"] == "__main__" and Path(told(done)["APPRENTI_DATA"]).samefile(
        tmp_path / "shared" / "data"
    )
    assert told(done)["arguments"] == ["-n", "auto", "--full"]


@pytest.mark.slow
def test_a_venv_whose_python_is_gone_is_made_again_and_so_is_what_was_in_it(copy):
    python = load(copy).PYTHON
    python.unlink()
    (copy / ".venv" / "start.json").unlink()  # nor does it say that start.py made it
    done = run(copy, "--only", "tensorflow")
    assert told(done)["arguments"] == ["start", "--framework", "tensorflow"]
    assert "creating it again" in done.stdout and python.exists()


@pytest.mark.slow
def test_a_build_that_came_from_elsewhere_is_kept(copy):
    """PyTorch without its build in the version, as it comes where its own index is out of reach."""
    old = next((copy / ".venv").rglob("torch-*.dist-info"))
    old.rename(old.with_name("torch-2.13.0.dist-info"))
    metadata_file = next((copy / ".venv").rglob("torch-2.13.0.dist-info/METADATA"))
    metadata_file.write_text(metadata_file.read_text().replace("2.13.0+cpu", "2.13.0"))
    assert told(run(copy))["arguments"] == ["start"]


@pytest.mark.slow
def test_a_package_that_was_half_written_is_written_again(copy):
    package = next((copy / ".venv").rglob("torch/__init__.py"))
    package.unlink()
    next((copy / ".venv").rglob("torch-*.dist-info/RECORD")).unlink()
    told(run(copy, PIP_FIND_LINKS=links(copy / "wheels", copy / "torch")))
    assert package.exists()


@pytest.mark.slow
@posix_only
def test_ctrl_c_stops_pip_and_the_next_run_goes_on(copy):
    command = [sys.executable, copy / "start.py"]
    variables = environment(copy, TOY_SECONDS="30")
    process = subprocess.Popen(
        command,
        env=variables,
        start_new_session=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert any(line.startswith("Installing") for line in process.stdout)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert_explains(errors, "python start.py")
    assert told(run(copy))["arguments"] == ["start"]


@pytest.mark.slow
def test_two_at_once_do_not_undo_each_other(copy):
    """The folder is another than that of the stamp: both find work to do."""
    command = [sys.executable, str(copy / "start.py")]
    both = [
        subprocess.Popen(
            command, env=environment(copy), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    ]
    outputs = [each.communicate(timeout=60)[0].decode() for each in both]
    assert [each.returncode for each in both] == [0, 0], outputs
    assert sum("waits until it is done" in output for output in outputs) == 1
    assert sum("Ready in" in output for output in outputs) == 1


@pytest.mark.parametrize("stamp", ['{"parts": 5}', '{"parts": [5]}', "[1]", '{"made": "x"}', "5"])
def test_a_stamp_of_another_kind_is_none(bare, stamp):
    bare.VENV.mkdir()
    bare.STAMP.write_text(stamp)
    assert bare.read_stamp() == {"made": False, "parts": []}
    assert not bare.is_ready({"pytorch"})


@posix_only
def test_a_dollar_sign_and_a_space_in_the_path_mislead_nobody(clone, tmp_path):
    folder = tmp_path / "a $HOME `b`"
    shutil.copytree(clone[0], folder, symlinks=True)
    assert told(run(folder))["by"] == "apprenti.cli"


@pytest.mark.slow
def test_no_network_is_told_with_the_log_to_read(copy):
    done = run(copy, "test", PIP_FIND_LINKS="", no_proxy="127.0.0.1")
    assert done.returncode == 1
    assert_explains(done.stderr, "No connection", "refused", str(copy / ".venv" / "start.log"))


# ---- What is not as it should be


@pytest.fixture
def bare(tmp_path):
    """start.py in a folder where nothing was set up, as a module."""
    copy_program(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    return load(tmp_path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_start_py_alone_is_not_enough(bare, capsys, language):
    (bare.ROOT / "pyproject.toml").unlink()
    assert bare.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, bare.ROOT, "pyproject.toml")


@pytest.mark.parametrize(
    ("language", "free", "needed"), [("fr", "1,2", "5,8"), ("en", "1.2", "5.8")]
)
def test_a_disk_too_small_is_told_before_anything_is_written(
    bare, monkeypatch, capsys, language, free, needed
):
    monkeypatch.setattr(bare, "this_machine", lambda: Machine.from_json(LINUX_HERE))
    monkeypatch.setattr(
        bare.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 0, 1_200_000_000)
    )
    assert bare.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, free, needed, "pip cache purge")
    assert not bare.VENV.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "pip cache purge"), (errno.EACCES, "start.py"), (errno.EROFS, "start.py")],
)
def test_a_disk_that_is_full_or_protected_is_told(
    bare, monkeypatch, capsys, language, number, word
):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number), str(bare.VENV))

    monkeypatch.setattr(bare.Path, "mkdir", fail)
    assert bare.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, bare.VENV, word)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_where_one_may_not_write_is_told(bare, capsys):
    bare.ROOT.chmod(0o500)
    try:
        assert bare.main(["--lang", "en"]) == 1
    finally:
        bare.ROOT.chmod(0o700)
    assert_explains(capsys.readouterr().err, bare.VENV)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_python_without_venv_is_told_the_package_to_install(bare, monkeypatch, capsys, language):
    monkeypatch.setattr(bare.importlib.util, "find_spec", lambda name: None)
    assert bare.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, f"sudo apt install python{bare.VERSION}-venv")
    assert not bare.VENV.exists()


def test_it_is_ready_only_if_all_that_is_wanted_is_there(bare):
    bare.SCRIPTS.mkdir(parents=True)
    bare.PYTHON.touch()
    bare.APPRENTI.touch()
    bare.write_stamp(made=True, parts=["pytorch"], **bare.fingerprint())
    assert bare.is_ready({"pytorch"}) and not bare.is_ready({"pytorch", "dev"})
    (bare.ROOT / "pyproject.toml").write_text("changed")
    assert not bare.is_ready({"pytorch"})
    bare.write_stamp(made=True, parts=["pytorch"], **bare.fingerprint())
    assert bare.is_ready({"pytorch"})
    bare.PYTHON.unlink()
    assert not bare.is_ready({"pytorch"})


def test_a_folder_left_empty_or_by_an_interrupted_set_up_is_ours_to_make_again(bare):
    bare.VENV.mkdir()
    assert bare.venv_state([]) == "broken"
    bare.write_stamp(made=True)
    (bare.VENV / "half").touch()
    assert bare.venv_state([]) == "broken"


def test_a_venv_without_its_python_is_ours_to_make_again(bare):
    bare.VENV.mkdir()
    (bare.VENV / "pyvenv.cfg").write_text("home = /gone\n")
    assert bare.venv_state([]) == "broken"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_not_a_venv_is_left_alone(bare, monkeypatch, capsys, language, kind):
    precious = bare.ROOT / "precious"
    if kind == "file":
        bare.VENV.write_text("precious")
    elif kind == "folder":
        bare.VENV.mkdir()
        (bare.VENV / "work.csv").write_text("precious")
    else:
        precious.mkdir()
        try:
            bare.VENV.symlink_to(precious, target_is_directory=True)
        except OSError:
            pytest.skip("this account may not make links")
    before = sorted(bare.ROOT.rglob("*"))
    assert bare.main(["--lang", language]) == 1
    assert_explains(capsys.readouterr().err, bare.VENV, "venv-old")
    assert sorted(bare.ROOT.rglob("*")) == before


@posix_only
@pytest.mark.parametrize("made", [True, False])
def test_a_venv_of_another_python_is_made_again_only_if_start_py_made_it(bare, made):
    bare.SCRIPTS.mkdir(parents=True)
    (bare.VENV / "pyvenv.cfg").touch()
    bare.PYTHON.write_text("#!/bin/sh\necho 'pip 24.0 from /somewhere/pip (python 3.9)'\n")
    bare.PYTHON.chmod(0o700)
    bare.write_stamp(made=made)
    if made:
        assert bare.venv_state([]) == "broken"
    else:
        with pytest.raises(bare.StartError, match="venv_not_ours"):
            bare.venv_state([])


def test_tensorflow_and_its_twin_never_share_a_venv(bare):
    (bare.PACKAGES / "tensorflow_cpu-2.21.0.dist-info").mkdir(parents=True)
    torch, cpu = bare.decide(Machine.from_json(LINUX_HERE), bare.FRAMEWORKS).parts
    (cuda,) = bare.decide(Machine.from_json({"nvidia": [CARD]}), {"tensorflow"}).parts
    (other,) = bare.decide(Machine.from_json(MAC_HERE), {"tensorflow"}).parts
    assert bare.twin_installed(other) and bare.twin_installed(cuda)
    assert not bare.twin_installed(cpu) and not bare.twin_installed(torch)


PIP_SAID = [
    (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "disk_full",
    ),
    ("OSError: [WinError 112] There is not enough space on the disk", "disk_full"),
    (
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed'))",
        "no_certificate",
    ),
    (
        "'NewConnectionError(': Failed to establish a new connection: [Errno -2] Name unknown')'",
        "no_network",
    ),
    (
        "NameResolutionError(\"Failed to resolve 'pypi.org' ([Errno -3] Temporary failure)\")",
        "no_network",
    ),
    (
        "ReadTimeoutError: HTTPSConnectionPool(host='pypi.org', port=443): Read timed out.",
        "no_network",
    ),
    (
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy'))",
        "no_network",
    ),
    ("ERROR: No matching distribution found for torch==2.13.0", "not_found"),
    (
        "ERROR: Cannot install rich because these package versions have conflicting dependencies.",
        "not_found",
    ),
    ("MemoryError", "no_memory"),
    (
        "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied",
        "not_writable",
    ),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "pip_failed"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("output", "sentence"), PIP_SAID)
def test_what_pip_says_is_explained(start, capsys, language, output, sentence):
    problem = start.explain(pip_or_uv.Outcome(1, "Collecting rich\n" + output + "\n"))
    assert problem.sentence == sentence and problem.status == 1
    start.language = language
    start.say(problem.sentence, to=sys.stdout, **problem.values)
    assert_explains(capsys.readouterr().out)


def test_pip_killed_for_memory_is_explained(start):
    assert start.explain(pip_or_uv.Outcome(-9, "Collecting torch\n")).sentence == "no_memory"


def test_large_downloads_are_shown_with_their_size(start, capsys):
    start.language = "fr"
    start.report("  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (527.4 MB)\n")
    start.report("Downloading https://host/simple/big-1.0-py3-none-any.whl (1.2 GB)\n")
    start.report("  Downloading small-1.0-py3-none-any.whl (14 kB)\n")
    start.report(
        "  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (31 kB)\n"
    )
    shown = capsys.readouterr().out
    assert "torch 2.13.0, 527" in shown and "big 1.0, 1,2" in shown and len(shown.splitlines()) == 2


# ---- constraints.txt


def constraints():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [
        re.fullmatch(r"([a-z0-9-]+)==([\w.]+)", line)
        for line in lines
        if line and not line.startswith("#")
    ]
    assert all(pins)
    assert len({pin.group(1) for pin in pins}) == len(pins)
    return {pin.group(1): pin.group(2) for pin in pins}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_pyproject_names_has_an_exact_version():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [re.match(r"[\w.-]+", requirement).group() for part in named for requirement in part]
    names = {normal(name) for name in found} - {"apprenti"}
    assert names - constraints().keys() == set()


@pytest.mark.skipif(
    not Path(sys.prefix).parent.samefile(ROOT), reason="not in start.py's own environment"
)
def test_what_is_installed_has_the_versions_of_the_constraints():
    pins = constraints()
    installed = {
        normal(package.metadata["Name"]): package.version.split("+")[0]
        for package in metadata.distributions()
    }
    others = {name: version for name, version in installed.items() if pins.get(name) != version}
    assert others.keys() - {"apprenti", "pip"} == set()


# ---- A bundle for a class


@pytest.fixture(scope="module")
def bundle(clone, tmp_path_factory):
    """What `--bundle` makes of the clone, with some bytes in the place of the digits."""
    folder, place = clone[0], tmp_path_factory.mktemp("stick, with space")
    digits = place / "data" / "mnist"
    digits.mkdir(parents=True)
    for name in load(folder).module("install.bundle").MNIST:
        (digits / name).write_bytes(name.encode())
    done = run(
        folder,
        "--bundle",
        str(place / "class"),
        APPRENTI_DATA=str(place / "data"),
        no_proxy="127.0.0.1",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "class", done


@pytest.fixture
def pupil(bundle, clone, tmp_path):
    """The project copied out of the bundle, into a folder where nothing is installed."""
    shutil.copytree(bundle[0] / "apprenti", tmp_path / "home" / "apprenti")
    shutil.copy(clone[0] / "backend.py", tmp_path / "home" / "apprenti")  # Of the toy alone
    return tmp_path / "home" / "apprenti"


@pytest.fixture
def stick(bundle, tmp_path):
    """A copy of the bundle, to spoil."""
    shutil.copytree(bundle[0], tmp_path / "stick")
    return tmp_path / "stick"


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_a_bundle_has_the_packages_the_project_the_digits_and_a_checksum_of_each(bundle):
    folder, done = bundle
    manifest = manifest_of(folder)
    ((name, system),) = manifest["systems"].items()
    assert name.endswith(f"-{sys.version_info[0]}.{sys.version_info[1]}") and manifest["complete"]
    assert {"torch"} < set(system["wheels"]) and system["frameworks"] == ["pytorch", "tensorflow"]
    found = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix() for path in found} - {"manifest.json"}
    assert names == set(manifest["files"])
    assert {"apprenti/start.py", "data/mnist/t10k-labels-idx1-ubyte.gz"} < names
    assert not [place for place in names if "/.venv/" in place or "__pycache__" in place]
    assert "Ready" in done.stdout and str(folder) in done.stdout


@pytest.mark.slow
def test_a_class_installs_from_the_bundle_alone(bundle, pupil, tmp_path):
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "LOCALAPPDATA": str(tmp_path / "cache")}
    nothing = {"PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": NOWHERE, "HOME": str(tmp_path)}
    first = run(pupil, "--from", str(bundle[0]), "--data", "digits", **nothing, **home)
    assert told(first)["arguments"] == ["start", "--data", "digits"]
    assert "without a network" in first.stdout and "Checking" in first.stdout
    found = list(tmp_path.rglob("mnist/t10k-labels-idx1-ubyte.gz"))
    assert [path.read_bytes() for path in found] == [b"t10k-labels-idx1-ubyte.gz"]
    # The next time nothing is installed nor checked, and the stick may be elsewhere
    again = run(pupil, **nothing, **home)
    assert told(again)["by"] and "Checking" not in again.stdout


@pytest.mark.slow
def test_an_interrupted_bundle_goes_on_and_is_not_installed_from(clone, stick, pupil):
    (wheel,) = (stick / "wheels").glob("tensorflow*")
    manifest = manifest_of(stick)
    manifest["complete"] = False
    del manifest["files"][f"wheels/{wheel.name}"]
    wheel.unlink()
    (stick / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    refused = run(pupil, "--from", str(stick))
    assert refused.returncode == 1
    assert_explains(refused.stderr, str(stick), "python start.py --bundle")
    before = {path.name: path.stat().st_mtime_ns for path in (stick / "wheels").iterdir()}
    done = run(clone[0], "--bundle", str(stick), no_proxy="127.0.0.1")
    assert done.returncode == 0 and wheel.is_file() and manifest_of(stick)["complete"]
    assert before.items() <= {p.name: p.stat().st_mtime_ns for p in wheel.parent.iterdir()}.items()


@pytest.mark.slow
@pytest.mark.parametrize("spoil", ["missing", "cut", "changed"])
def test_a_damaged_bundle_is_refused_with_the_names_of_the_files(clone, stick, pupil, spoil):
    (wheel,) = (stick / "wheels").glob("torch*")
    content = wheel.read_bytes()
    if spoil == "missing":
        wheel.unlink()
    else:
        wheel.write_bytes(content[:-9] if spoil == "cut" else content[:-9] + b"x" * 9)
    done = run(pupil, "--from", str(stick))
    assert done.returncode == 1 and not (pupil / ".venv").exists()
    assert_explains(done.stderr, f"wheels/{wheel.name}", "python start.py --bundle")
    assert run(clone[0], "--bundle", str(stick), no_proxy="127.0.0.1").returncode == 0
    assert wheel.is_file() and wheel.stat().st_size == len(content)


def change(folder, **facts):
    manifest = {**manifest_of(folder), **facts}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_bundle_for_other_machines_says_which_it_has(stick, pupil):
    change(stick, systems={"windows-2.7": {"wheels": {}, "frameworks": ["pytorch"]}})
    done = run(pupil, "--from", str(stick))
    assert done.returncode == 1 and "windows-2.7" in done.stderr
    assert_explains(done.stderr, sys.platform[:3], "--for")


def test_a_bundle_of_another_version_is_refused(stick, pupil):
    change(stick, inputs="another")
    done = run(pupil, "--from", str(stick))
    assert done.returncode == 1
    assert_explains(done.stderr, str(stick), "python3 start.py" if os.name != "nt" else "python")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"systems": 3}'])
def test_a_manifest_that_is_none_is_refused(stick, pupil, content):
    (stick / "manifest.json").write_text(content, encoding="utf-8")
    done = run(pupil, "--from", str(stick))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert str(stick / "manifest.json") in done.stderr


def test_the_project_inside_the_bundle_is_not_installed_into_it(stick):
    done = run(stick / "apprenti", "--from", str(stick))
    assert done.returncode == 1 and not (stick / "apprenti" / ".venv").exists()
    assert str(stick / "apprenti") in done.stderr


def test_a_folder_with_other_things_in_it_is_left_alone(clone, tmp_path):
    (tmp_path / "holiday.jpg").touch()
    done = run(clone[0], "--bundle", str(tmp_path))
    assert done.returncode == 1 and [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
    assert_explains(done.stderr, str(tmp_path), "python start.py --bundle")


def test_a_system_that_is_not_known_is_told_those_that_are(clone, tmp_path):
    done = run(clone[0], "--bundle", str(tmp_path / "new"), "--for", "windows-3.9")
    assert done.returncode == 1 and not (tmp_path / "new").exists()
    assert_explains(done.stderr, "windows-3.9", "--for")
    assert "linux-arm" in done.stderr and "3.13" in done.stderr


def test_a_disk_too_small_for_a_bundle_is_told_before_anything_is_fetched(
    clone, monkeypatch, capsys, tmp_path
):
    start = load(clone[0])
    monkeypatch.setenv("APPRENTI_LANG", "en")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    small = type(shutil.disk_usage(tmp_path))(10**9, 9 * 10**8, 10**8)
    monkeypatch.setattr(start.shutil, "disk_usage", lambda path: small)
    assert start.main(["--bundle", str(tmp_path / "new"), "--for", "linux"]) == 1
    assert_explains(capsys.readouterr().err, "100 MB", "python start.py --bundle")
    assert not (tmp_path / "new").exists()
