"""apprenti doctor, as a user sees it: on described machines, and on this one."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

NARROW = "\N{NARROW NO-BREAK SPACE}"
MACHINES = Path(__file__).parents[1] / "machine" / "machines"

PRETEND = """
import json, os, sys
from apprenti.machine import look
from apprenti.machine.machine import Machine
look.this_machine = lambda: Machine.from_json(json.loads(os.environ["MACHINE"]))
from apprenti.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def doctor(apprenti):
    """doctor("linux-shadow"): look at a described machine, without trying the frameworks."""

    def run(name, *words, **variables):
        content = json.loads((MACHINES / f"{name}.json").read_text(encoding="utf-8"))
        machine = json.dumps(content["machine"])
        return apprenti("doctor", "--quick", *words, code=PRETEND, MACHINE=machine, **variables)

    return run


def test_a_sound_machine_gets_one_line_a_topic_and_a_word_at_the_end(doctor):
    said = doctor("linux-all-installed")
    assert said.status == 0, said.err
    lines = said.out.strip().splitlines()
    assert [line for line in lines[1:-2] if line and not line.startswith(("✓", " "))] == []
    assert len([line for line in lines if line.startswith("✓")]) >= 9
    assert lines[-1] == "No problem found: all is well."


def test_a_trouble_comes_with_what_was_seen_why_and_the_command(doctor):
    said = doctor("windows-cpu-torch-with-nvidia")
    assert said.status == 0
    assert "! F14  This PyTorch is the CPU build." in said.out
    assert "NVIDIA GeForce RTX 4070" in said.out
    command = "python -m pip install torch==2.13.0+cu130 --index-url"
    assert command in said.out
    assert said.out.strip().splitlines()[-1] == "Warnings: 1"


def test_the_status_is_one_only_where_something_cannot_work(doctor):
    assert doctor("linux-shadow").status == 1
    assert doctor("linux-cpu-torch-with-nvidia").status == 0
    assert doctor("linux-newer-than-the-facts").status == 0


def test_without_a_framework_the_doctor_works_and_names_the_command(doctor):
    said = doctor("linux-python-3.12")
    assert said.status == 0
    assert "○ PyTorch" in said.out
    assert "apprenti install" in said.out.splitlines()[-2]


def test_everything_is_said_in_french_too(doctor):
    said = doctor("linux-shadow", "--lang", "fr")
    assert "✗ F06  Un de vos fichiers porte le nom d'un paquet." in said.out
    assert "mv torch.py my_torch.py" in said.out
    assert said.out.strip().splitlines()[-1] == f"Pannes{NARROW}: 1"


def test_the_json_has_stable_ids_and_nothing_else_is_on_stdout(doctor):
    content = doctor("linux-torch-too-new-for-driver", "--json").json
    assert set(content) == {"as_of", "ok", "count", "topics", "troubles", "trials", "machine"}
    assert content["ok"] is False
    assert content["count"] == {"error": 1, "warning": 0, "note": 0}
    (trouble,) = content["troubles"]
    assert (trouble["code"], trouble["severity"], trouble["topic"]) == ("F15", "error", "pytorch")
    assert trouble["commands"]
    states = {topic["topic"]: topic["state"] for topic in content["topics"]}
    assert states["pytorch"] == "error"
    assert states["tensorflow"] == "absent"


def test_windows_and_macs_are_described_in_their_own_terms(doctor):
    assert "Visual C++ 14.44.35211" in doctor("windows-rtx-4070").out
    assert "macOS 15.1" in doctor("mac-python-3.12").out
    assert "Apple M2 (Metal)" in doctor("mac-python-3.12").out


def test_the_quick_look_at_this_machine_takes_under_three_seconds(process, tmp_path):
    began = time.monotonic()
    said = process("doctor", "--quick", folder=tmp_path)
    assert time.monotonic() - began < 3, said.err
    assert said.status in (0, 1)


@pytest.mark.slow
def test_on_this_machine_both_frameworks_train_and_nothing_is_found(apprenti, tmp_path):
    said = apprenti("doctor", "--json", folder=tmp_path)
    assert said.status == 0, said.out
    trials = {trial["framework"]: trial for trial in said.json["trials"]}
    assert set(trials) == {"pytorch", "tensorflow"}
    for trial in trials.values():
        assert (trial["end"], trial["devices"]["cpu"], trial["troubles"]) == ("done", True, [])
        assert trial["training_gap"] < 1e-5
    assert said.json["count"]["error"] == 0
    assert list(tmp_path.iterdir()) == []


INTERRUPTED = """
import os, signal, sys, threading
from apprenti.doctor import prove
signal.signal(signal.SIGINT, signal.default_int_handler)
start = prove._start
def start_and_interrupt(*words):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    return start(*words)
prove._start = start_and_interrupt
from apprenti.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_stops_at_once_with_a_word(apprenti, tmp_path):
    said = apprenti("doctor", folder=tmp_path, code=INTERRUPTED)
    assert (said.status, said.out) == (130, "")
    assert said.err.startswith("■ The doctor was stopped by hand")


# ---- For a bug report


def test_the_report_has_nothing_private_in_it(apprenti, tmp_path):
    home = tmp_path / "home" / "camille-dupont"
    folder = home / "Projet Secret"
    folder.mkdir(parents=True)
    (folder / "torch.py").touch()
    variables = {"HOME": str(home), "USERPROFILE": str(home), "USER": "camille-dupont"}
    variables.update(LOGNAME="camille-dupont", PIP_INDEX_URL="https://x:y@private.example/simple")
    said = apprenti("doctor", "--quick", "--markdown", folder=folder, **variables)
    assert said.out.startswith("## Report of apprenti doctor")
    assert "F06" in said.out
    assert "torch" in said.out
    for private in ("camille", "dupont", "Secret", str(tmp_path), "private.example", sys.prefix):
        assert private not in said.out, private


@pytest.mark.parametrize(
    "name", ["linux-kernel-of-another", "linux-pip-of-another", "windows-deep-folder"]
)
def test_the_report_hides_the_folders_of_a_described_machine(doctor, name):
    said = doctor(name, "--markdown")
    assert said.status == 0, said.err
    for private in ("/home", "C:\\projet", "project", ".venv"):
        assert private not in said.out, said.out


# ---- Explaining


def test_a_text_is_explained_for_this_machine(apprenti):
    said = apprenti("doctor", "--explain", "OMP: Error #15: Initializing libiomp5md.dll, but found")
    assert said.status == 0
    assert said.out.startswith("F32  Two OpenMP libraries are loaded in one program.")
    assert "Why:" in said.out and "To do:" in said.out


def test_the_command_of_an_explanation_is_for_the_machine_that_asks(doctor):
    text = "AssertionError: Torch not compiled with CUDA enabled"
    windows = doctor("windows-cpu-torch-with-nvidia", "--explain", text)
    assert "torch==2.13.0+cu130 --index-url https://download.pytorch.org/whl/cu130" in windows.out
    old_card = doctor("windows-gtx-1080", "--explain", "F14")
    assert "https://download.pytorch.org/whl/cu126" in old_card.out
    assert "pip install" not in doctor("mac-all-installed", "--explain", text).out


def test_a_text_can_be_piped_in(tmp_path):
    words = [sys.executable, "-m", "apprenti", "doctor", "--explain", "-", "--json"]
    text = "Traceback\nImportError: version `GLIBC_2.27' not found\n"
    done = subprocess.run(words, input=text, capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [each["code"] for each in json.loads(done.stdout)["explained"]] == ["F41"]


def test_a_text_that_is_not_known_is_said_to_be_so(apprenti):
    said = apprenti("doctor", "--explain", "ValueError: the sky is too blue")
    assert said.status == 1
    assert "any of the 48 known failures" in said.err
    assert "--markdown" in said.err
    as_json = apprenti("doctor", "--explain", "x", "--json")
    assert (as_json.status, as_json.json["error"]["key"]) == (1, "not_recognised")


def test_an_empty_text_is_refused(apprenti):
    said = apprenti("doctor", "--explain", "  ")
    assert said.status == 1
    assert "no text" in said.err


def test_no_part_of_the_list_speaks_a_mixture_of_languages(doctor):
    said = doctor("linux-disk-small", "--lang", "fr", "--verbose")
    assert not re.search(r"\b(Why|Seen|To do|free)\b", said.out)
