"""The trials: a framework at work in a process of its own, and what becomes of it there."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from apprenti.doctor import prove as proving
from apprenti.doctor.examination import examine
from apprenti.doctor.prove import prove, tolerance
from apprenti.doctor.trials import problem
from apprenti.doctor.trials.report import KNOWN, MARK
from apprenti.machine.machine import Machine

MACHINE = Machine.from_json(
    {"packages": {"torch": "2.13.0+cpu", "tensorflow-cpu": "2.21.0", "numpy": "2.4.6"}}
)


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_a_sound_framework_computes_and_trains_to_the_known_losses(framework):
    heard = []
    proof = prove(framework, on_step=lambda step, device: heard.append((step, device)))
    assert (proof.end, proof.status, proof.troubles) == ("done", 0, ())
    assert proof.devices["cpu"] is True
    assert proof.trained < tolerance() / 50
    assert heard[:3] == [("import", ""), ("operation", "cpu"), ("training", "cpu")]
    examined = examine(MACHINE, [proof])
    assert examined.troubles == ()
    answered = {one.code: one.outcome for one in examined.answers() if one.subject == framework}
    others = {"T06": "left_out", "T07": "left_out", "T08": "not_applicable"}
    assert answered == {**{f"T0{number}": "passed" for number in range(1, 6)}, **others}


def test_without_a_trial_its_questions_are_left_out_as_slow():
    left_out = [one for one in examine(MACHINE).answers() if one.outcome == "left_out"]
    assert {one.subject for one in left_out} == {"pytorch", "tensorflow"}
    assert len(left_out) == 2 * 7  # and whether a card is left alone is not asked without one
    bare = Machine.from_json({"packages": {}})
    assert not any(one.code.startswith("T") for one in examine(bare).answers())


@pytest.mark.slow
def test_without_training_nothing_is_trained():
    proof = prove("pytorch", wanted=())
    assert (proof.end, proof.trained, proof.compiled) == ("done", None, None)


@pytest.mark.slow
def test_xla_is_tried_on_request_and_its_losses_are_the_known_ones():
    proof = prove("tensorflow", wanted=("compile",))
    assert proof.end == "done", proof.errors
    assert proof.compiled < tolerance()
    assert proof.troubles == ()


@pytest.mark.slow
def test_the_parent_never_imports_a_framework():
    code = "import sys; from apprenti.doctor.prove import prove; prove('pytorch', wanted=()); "
    code += "from apprenti.machine.look import this_machine; this_machine(); "
    code += "print([n for n in ('torch', 'tensorflow', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- What may become of it: a stand-in for the framework does it on purpose


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put a module `torch` of one's own before the real one, in PYTHONPATH."""

    def make(code):
        (tmp_path / "torch.py").write_text(code, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), _sources()]))

    return make


def _sources():
    return str(Path(proving.__file__).parents[2])


ENDS = {
    "raise RuntimeError('no idea')": ("exception", "T01", "error"),
    "import os; os.kill(os.getpid(), 4)": ("crash", "F12", "error"),
    "import os; os.kill(os.getpid(), 11)": ("crash", "T02", "error"),
    "import os; os.kill(os.getpid(), 9)": ("crash", "F35", "error"),
    "raise RuntimeError('operator torchvision::nms does not exist')": ("exception", "F30", "error"),
    "raise ImportError('libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1')": (
        "exception", "F22", "error",
    ),
}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("code", ENDS)
def test_an_exception_and_a_crash_are_findings_and_not_the_end(code, fake):
    fake(code)
    end, failure, severity = ENDS[code]
    proof = prove("pytorch")
    assert (proof.end, proof.step, proof.troubles) == (end, "import", (failure,))
    (trouble,) = examine(MACHINE, [proof]).troubles
    assert (trouble.code, trouble.severity, trouble.subject) == (failure, severity, "pytorch")


def test_a_process_that_stops_early_has_not_been_through_it(fake):
    fake("import sys; sys.exit(0)")
    proof = prove("pytorch")
    assert (proof.end, proof.status, proof.troubles) == ("exception", 0, ("T01",))


def test_silence_is_a_hang_and_the_process_is_ended(fake):
    fake("import time, sys; sys.stderr.write('still here\\n'); time.sleep(600)")
    began = time.monotonic()
    proof = prove("pytorch", patience=1)
    assert time.monotonic() - began < 20
    assert (proof.end, proof.step, proof.troubles) == ("hang", "import", ("T03",))


@pytest.mark.parametrize(
    ("status", "end", "failure"),
    [
        (0xC000001D, "crash", "F12"),
        (0xC0000135, "crash", "F08"),
        (0xC0000005, "crash", "T02"),
        (1, "exception", "T01"),
    ],
)
def test_the_statuses_of_windows_are_known(status, end, failure):
    assert proving._how(status, False) == end
    proof = proving.Proof("pytorch", end, step="import", status=status)
    assert proving._of_the_end(proof) == [failure]


SPEAKS = """
import json, sys
def say(**content):
    print({mark!r} + json.dumps(content), flush=True)
say(begins="import", device=""); say(step="import", device="", version="2.99")
{rest}
say(step="end", device="")
sys.exit(0)
"""


def _saying(rest):
    return SPEAKS.format(mark=MARK, rest=rest)


def test_a_wrong_product_is_found_with_its_device(fake):
    fake(_saying('say(step="operation", device="cuda:0", right=False, name="X")'))
    proof = prove("pytorch")
    assert (proof.version, proof.devices) == ("2.99", {"cuda:0": False})
    assert proof.troubles == ("T05",)
    (trouble,) = examine(MACHINE, [proof]).troubles
    assert trouble.values["device"] == "cuda:0"


@pytest.mark.parametrize("wrong", ["0.5 + 1e-3", "float('nan')"])
def test_wrong_losses_are_found(fake, wrong):
    known = json.loads(KNOWN.read_text(encoding="utf-8"))["losses"]
    losses = f"{known[:6]} + [{wrong}] + {known[7:]}"
    fake(_saying(f'say(step="training", device="cpu", losses={losses})'))
    assert prove("pytorch").troubles == ("T04",)
    assert len(known) == len(problem.SHOWN)


def test_what_a_framework_complains_of_in_passing_counts_only_where_there_is_a_card(fake):
    words = "CUDA initialization: The NVIDIA driver on your system is too old (found version 12040)"
    fake(_saying(f'sys.stderr.write("UserWarning: {words}\\n")'))
    assert prove("pytorch").troubles == ()
    proof = prove("pytorch", has_card=True)
    assert proof.troubles == ("F15",)
    (trouble,) = examine(MACHINE, [proof]).troubles
    assert (trouble.severity, trouble.sentence) == ("warning", "complained")


def test_a_card_that_is_left_alone_without_a_word_is_found(fake):
    fake(_saying('say(step="operation", device="cpu", right=True, name="")'))
    proof = prove("pytorch", has_card=True)
    card = {"name": "NVIDIA GeForce RTX 4070", "driver": "580.95.05", "compute": "8.9"}
    there = {"nvidia": [card], "packages": {"torch": "2.13.0+cu130", "numpy": "2.4.6"}}
    (trouble,) = examine(Machine.from_json(there), [proof]).troubles
    assert (trouble.code, trouble.severity) == ("T08", "warning")
    there["packages"]["torch"] = "2.13.0+cpu"
    assert "T08" not in {each.code for each in examine(Machine.from_json(there), [proof]).troubles}
    assert examine(MACHINE, [proof]).troubles == ()


def test_a_compiled_path_that_fails_is_a_warning_and_leaves_the_rest_as_it_is(fake):
    known = json.loads(KNOWN.read_text(encoding="utf-8"))["losses"]
    rest = (
        f'say(step="training", device="cpu", losses={known}); say(begins="compile", device="cpu")'
    )
    fake(_saying(rest + "\nraise RuntimeError('no compiler')"))
    proof = prove("pytorch", wanted=("training", "compile"))
    assert (proof.trained, proof.troubles) == (pytest.approx(0), ("T06",))
    assert [each.severity for each in examine(MACHINE, [proof]).troubles] == ["warning"]


def test_a_file_of_ones_own_in_the_folder_is_never_run_by_the_trial(tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("open('was_run', 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert prove("pytorch", wanted=()).end == "done"
    assert not (tmp_path / "was_run").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_the_child_too(fake, tmp_path):
    mark = tmp_path / "process"
    fake(f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)")

    def interrupt():
        while not mark.exists() or not mark.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        prove("pytorch")
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
