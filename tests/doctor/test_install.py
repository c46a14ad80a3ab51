"""From a plan to an installation: with real pip, in a fresh environment, from an index of toys."""

import ast
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from apprenti import language
from apprenti.cli import show_install
from apprenti.doctor import facts, guide, install, installer
from apprenti.doctor.decisions import decide, refused_environment
from apprenti.doctor.machine import Machine
from apprenti.doctor.plan import Part, Plan

NOWHERE = "http://127.0.0.1:9"  # a port on which nobody answers
DECIDE = ("decisions", "gpus", "installed", "nearest", "plan")


def write_wheel(folder, name, version):
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """An index on this machine, with a toy torch."""
    folder = tmp_path_factory.mktemp("index")
    write_wheel(folder / "torch", "torch", "2.13.0+cpu")

    class Index(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, form, *values):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def environment(tmp_path):
    """A fresh virtual environment; its folder and what installs in it."""
    folder = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    places = {"Scripts": "python.exe"} if sys.platform == "win32" else {"bin": "python"}
    ((scripts, python),) = places.items()
    return folder, install.Installer("pip", (str(folder / scripts / python), "-m", "pip"))


@pytest.fixture
def alone(monkeypatch):
    """Neither a proxy nor a setting of pip stands between the test and its index."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def toy(index, version="2.13.0"):
    part = Part("pytorch", "torch", version, "cpu", "cpu", index=index, download_mb=1, disk_mb=1)
    return Plan((part,), environment={"TMPDIR": "set by run"})


def test_a_plan_is_carried_out_in_the_environment_and_logged(index, environment, alone):
    folder, by = environment
    heard = []
    assert install.run(toy(index), by, heard.append, str(folder)) is None
    assert list(folder.rglob("torch-2.13.0+cpu.dist-info"))
    log = (folder / install.LOG).read_text(encoding="utf-8")
    assert log == "".join(heard) and "Successfully installed torch" in log
    assert not (folder / "tmp").exists()


@pytest.mark.parametrize("last", ["INSTALLER", "RECORD"])
def test_what_was_half_written_does_not_count_and_is_written_again(index, environment, alone, last):
    folder, by = environment
    assert install.run(toy(index), by, print, str(folder)) is None
    machine = Machine.from_json({"packages": {"torch": "2.13.0+cpu", "pip": "23.2.1"}})
    assert install.without_half_written(machine, str(folder)) == machine
    next(folder.rglob(f"torch-2.13.0+cpu.dist-info/{last}")).unlink()
    next(folder.rglob("torch.py")).unlink()
    assert set(install.without_half_written(machine, str(folder)).packages) == {"pip"}
    assert install.run(toy(index), by, print, str(folder)) is None
    assert list(folder.rglob("torch.py"))


def test_a_failure_has_its_name_and_its_log(index, environment, alone):
    folder, by = environment
    missing = install.run(toy(index, "9.9"), by, print, str(folder))
    assert (missing.key, missing.detail) == ("not_found", "torch==9.9+cpu")
    assert missing.log == folder / install.LOG
    assert install.run(toy(NOWHERE), by, print, str(folder)).key == "no_network"


def test_an_index_answers_or_not(index, alone):
    assert installer.answers(index)
    assert not installer.answers(NOWHERE)


@pytest.mark.parametrize("has_cpu_build", [True, False])
def test_where_the_index_does_not_answer_the_plan_changes(monkeypatch, has_cpu_build):
    machine = Machine.from_json({})
    plan = decide(machine, ["pytorch"])
    monkeypatch.setattr(installer, "answers", lambda index: False)
    versions = "torch (2.15.0)\nAvailable versions: 2.15.0, 2.13.0" + "+cpu" * has_cpu_build
    monkeypatch.setattr(installer, "output_of", lambda command: versions)
    reached = install.for_this_network(machine, plan)
    assert reached.silent == plan.parts[0].index
    assert reached.useless_cuda is not has_cpu_build
    assert reached.plan.parts[0].requirement == "torch==2.13.0" + "+cpu" * has_cpu_build
    monkeypatch.setattr(installer, "answers", lambda index: True)
    assert install.for_this_network(machine, plan) == install.Reached(plan)


def test_uv_is_taken_where_it_is_unless_pip_has_settings_of_its_own(alone, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    python = sys.executable
    assert install.find_installer() == install.Installer("pip", (python, "-m", "pip"))
    uv = tmp_path / ("uv.exe" if sys.platform == "win32" else "uv")
    uv.write_text("")
    uv.chmod(0o700)
    found = install.find_installer()
    assert found.name == "uv" and found.target == ("--python", python)
    plan = decide(Machine.from_json({}), ["tensorflow"])
    words = ["pip", "install", "--python", python, "tensorflow-cpu==2.21.0"]
    assert found.commands(plan)[0][1:] == words
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    assert install.find_installer().name == "pip"


@pytest.mark.parametrize(
    ("output", "failure"),
    [
        ("error: Failed to fetch\n  Caused by: dns error: failed to lookup address", "no_network"),
        ("  Caused by: invalid peer certificate: UnknownIssuer", "no_certificate"),
        ("Because there is no version of torch==9.9 and you require torch==9.9", "not_found"),
        ("error: failed to write: No space left on device (os error 28)", "disk_full"),
    ],
)
def test_what_uv_says_is_explained(output, failure):
    assert installer.explain(installer.Outcome(2, output))[0] == failure


def test_what_uv_downloads_is_told():
    assert installer.large_download("Downloading torch (502.1MiB)\n") == ("torch", "", 502.1)
    assert installer.large_download("Downloading rich (0.5MiB)\n") is None
    assert installer.written_packages("Prepared 28 packages in 1m 02s\n") == 28


# ---- What is said


def constants(name):
    path = Path(facts.__file__).with_name(f"{name}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


BUILT = {
    *(f"tensorflow_gpu_{system}" for system in ("windows", "arm")),
    *(f"{name}_has_the_card" for name in ("pytorch", "tensorflow")),
    *(f"only_{name}" for name in ("pytorch", "tensorflow")),
    "another_environment",
    "not_beside_apprenti",
}
"""The names that the code puts together, and those of the command itself."""


def test_no_text_of_the_installation_is_left_over():
    used = BUILT.union(*map(constants, DECIDE))
    texts = language.subject("install", "en")
    for group in ("refusal", "note", "nearest"):
        assert set(texts[group]) - used == set(), group
    assert set(texts["failure"]) == {*installer.FAILURES, "pip_failed"}
    assert set(texts["device"]) == {"cpu", "cuda", "mps", "metal", "rocm"}


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_every_machine_is_told_everything_in_both_languages(lang):
    language.choose(lang)
    systems = {machine: name for name, machine in guide.SYSTEMS.items()}
    said = []
    for path in sorted((Path(__file__).parent / "machines").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        machine = Machine.from_json(content["machine"])
        for wanted in (["pytorch"], ["tensorflow"], ["pytorch", "tensorflow"]):
            found = refused_environment(machine) or decide(machine, wanted, content.get("gpu"))
            if isinstance(found, Plan):
                said += [language.say(f"install.note.{n.key}", **n.values) for n in found.notes]
            else:
                error = show_install.refuse(found, systems[machine.system], wanted[0])
                assert all(error.parts()), path.name
                said += error.parts()
    assert len(said) > 200
    assert not [text for text in said if re.search(r"[{}]|None", text)]


@pytest.mark.parametrize("lang", language.LANGUAGES)
@pytest.mark.parametrize("system", guide.SYSTEMS)
def test_the_guide_gives_the_commands_that_are_decided(lang, system):
    language.choose(lang)
    steps = guide.steps(system)
    assert all(step.title and step.texts for step in steps)
    lines = [line for step in steps for group in step.groups for line in group.commands]
    for label, plan in guide._plans(system).items():
        assert all(guide.written(words) in lines for words in guide.commands(plan)), label
    assert not [line for line in lines if "{" in line]
