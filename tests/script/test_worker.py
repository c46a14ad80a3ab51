"""One script fitted many times, in few processes: each fit for itself, whatever the others do."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from apprenti.errors import ApprentiError
from apprenti.script.workers import Fit, Terms, fit_all

pytestmark = pytest.mark.usefixtures("processes")

OWN = """
import os, sys, time
from typing import NamedTuple

class Config(NamedTuple):
    rows: int = 3
    sizes: tuple = (1, 2)
    seed: int = 0
    does: str = ""
    epochs: int = 2

READ = []
HELD = []

def load_data(config):
    READ.append(config.rows)
    return list(range(config.rows))

def fit(config, data, folder, stop):
    print("begins", config.seed, flush=True)
    if config.does == "dies":
        print("no more", file=sys.stderr, flush=True)
        os._exit(7)
    if config.does == "kills":
        os.kill(os.getpid(), 11)
    if config.does == "raises":
        raise ValueError("so it is")
    if config.does == "leaves":
        sys.exit("not here")
    if config.does == "takes":
        HELD.append(bytearray(120_000_000))
    history = []
    for epoch in range(1, config.epochs + 1):
        loss = float("nan") if config.does == "diverges" else config.seed / epoch
        history.append({"epoch": epoch, "valid_loss": loss, "process": os.getpid(),
                        "reads": len(READ), "rows": len(data), "sizes": list(config.sizes),
                        "threads": os.environ["OMP_NUM_THREADS"]})
        if stop(history):
            break
        if config.does == "hangs":
            time.sleep(1000)
    if folder:
        (folder / "made.txt").write_text("here")
    return history

if __name__ == "__main__":
    raise SystemExit("a worker is not main")
"""


@pytest.fixture
def terms(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(OWN, encoding="utf-8")
    return Terms(script, ("rows",), None, 1)


def end(terms, *settings, **more):
    """Fit once for each of `settings`, and return how each ended, in their order."""
    with contextlib.closing(fit_all(terms, [Fit(one) for one in settings], **more)) as endings:
        return [ending for _, ending in sorted(endings, key=lambda both: both[0])]


def processes(endings):
    return {ending.history[0]["process"] for ending in endings}


def test_one_process_loads_once_and_fits_with_other_settings(terms):
    endings = end(terms, {"seed": 1}, {"seed": 4, "sizes": (5,)}, {"seed": 6, "epochs": 3})
    assert [ending.status for ending in endings] == ["finished"] * 3
    assert [ending.history[-1]["valid_loss"] for ending in endings] == [0.5, 2.0, 2.0]
    assert [ending.history[-1]["sizes"] for ending in endings] == [[1, 2], [5], [1, 2]]
    assert len(processes(endings)) == 1 and os.getpid() not in processes(endings)


def test_the_data_are_read_again_for_settings_that_reach_them_alone(terms):
    rows = [3, 3, 4, 3, 5, 6, 3]
    endings = end(terms, *({"rows": count, "seed": seed} for seed, count in enumerate(rows)))
    assert [ending.history[0]["rows"] for ending in endings] == rows
    # Of the preparations the latest two are kept: the last one has to be made anew
    assert [ending.history[0]["reads"] for ending in endings] == [1, 1, 2, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("does", "word"), [("dies", "no more"), ("raises", "so it is"), ("leaves", "not here")]
)
def test_what_goes_wrong_in_one_fit_is_its_result_and_the_others_go_on(terms, does, word):
    before, wrong, after = end(terms, {"seed": 1}, {"does": does}, {"seed": 2})
    assert (before.status, wrong.status, after.status) == ("finished", "failed", "finished")
    assert word in wrong.details and word in str(wrong.error)
    assert after.history[-1]["valid_loss"] == 1.0
    # Only a dead process has to be replaced
    assert len(processes([before, after])) == (2 if does == "dies" else 1)


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
def test_a_segmentation_fault_is_the_result_of_its_fit(terms):
    wrong, after = end(terms, {"does": "kills"}, {"seed": 2})
    assert (wrong.status, after.status) == ("failed", "finished")
    assert wrong.error.key == "fit_crashed" and wrong.error.values["status"] == -11


def test_a_hang_is_ended_after_its_time_and_keeps_the_epochs_it_had(terms):
    begin = time.monotonic()
    hung, after = end(terms, {"does": "hangs", "seed": 3}, {"seed": 2}, time_limit=1)
    assert (hung.status, after.status) == ("timed out", "finished")
    assert [row["valid_loss"] for row in hung.history] == [3.0]
    assert hung.seconds >= 1 and time.monotonic() - begin < 60
    assert hung.error.values["limit"] == 1
    assert not psutil.pid_exists(hung.history[0]["process"])


def test_a_loss_that_is_no_number_comes_through(terms):
    (ending,) = end(terms, {"does": "diverges"})
    assert ending.status == "finished"
    assert ending.history[0]["valid_loss"] != ending.history[0]["valid_loss"]


def test_a_fit_is_stopped_when_the_parent_says_so_after_an_epoch(terms):
    asked = []

    def stops(number, history):
        asked.append((number, len(history)))
        return number == 0 and len(history) == 2

    first, second = end(terms, {"epochs": 5}, {"epochs": 3}, on_epoch=stops)
    assert (first.status, len(first.history)) == ("stopped early", 2)
    assert (second.status, len(second.history)) == ("finished", 3)
    assert asked == [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)]


def test_the_time_that_the_parent_takes_to_answer_is_not_counted(terms):
    def slow(number, history):
        time.sleep(0.8)
        return False

    (ending,) = end(terms, {"epochs": 3}, on_epoch=slow, time_limit=1.5)
    assert ending.status == "finished"


def test_several_workers_share_the_fits_and_each_has_its_threads(terms):
    meet = {}

    def both_there(number, history):
        meet[history[0]["process"]] = number
        return False

    settings = [{"seed": seed, "epochs": 40} for seed in range(8)]
    endings = end(terms._replace(threads=3), *settings, workers=2, on_epoch=both_there)
    assert [ending.history[0]["valid_loss"] for ending in endings] == list(range(8))
    assert len(meet) == 2
    assert {ending.history[0]["threads"] for ending in endings} == {"3"}


def test_a_worker_that_has_grown_is_replaced_after_its_fit(terms):
    settings = [{}, {}, {}, {"does": "takes"}, {}]
    endings = end(terms, *settings)
    places = [ending.history[0]["process"] for ending in endings]
    assert len(set(places[:4])) == 1 and places[4] != places[3]
    assert endings[3].memory > endings[2].memory + 100e6


def test_a_fit_is_chosen_when_the_one_before_has_ended(terms):
    seen = []

    def chosen():
        yield Fit({"seed": 8})
        for _ in range(2):
            yield Fit({"seed": int(seen[-1])})

    with contextlib.closing(fit_all(terms, chosen())) as endings:
        for _, ending in endings:
            seen.append(ending.history[-1]["valid_loss"])
    assert seen == [4, 2, 1]


def test_a_folder_gets_what_the_fit_leaves_and_what_it_says(terms, tmp_path):
    folder = tmp_path / "of its own"
    folder.mkdir()
    (ending,) = [ending for _, ending in fit_all(terms, [Fit({"seed": 5}, folder)])]
    assert ending.status == "finished"
    assert (folder / "made.txt").read_text() == "here"
    assert (folder / "output.txt").read_text() == "begins 5\n"


def test_a_script_that_cannot_be_loaded_is_an_error_of_the_caller(terms):
    terms.script.write_text("import nothing_of_this_name", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        end(terms, {}, {})
    assert caught.value.key == "script_not_loaded"
    assert "nothing_of_this_name" in caught.value.values["last"]


def test_no_process_is_left_when_the_caller_has_had_enough(terms):
    endings = fit_all(terms, [Fit({"does": "hangs"}), Fit({"does": "hangs"}), Fit({})], workers=3)
    _, first = next(endings)
    assert first.status == "finished"
    endings.close()
    assert not [child for child in psutil.Process().children() if "worker.py" in child.cmdline()]


PARENT = """
import os, sys
from pathlib import Path
from apprenti.script.workers import Fit, Terms, fit_all

def tell(number, history):
    print(history[0]["process"], flush=True)
    return False

if __name__ == "__main__":
    hangs = [Fit({"does": "hangs"}), Fit({"does": "hangs"})]
    list(fit_all(Terms(Path(sys.argv[1]), (), None), hangs, workers=2, on_epoch=tell))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_whatever_ends_the_parent_ends_the_workers(terms, tmp_path, signal):
    import signal as signals

    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(script), str(terms.script)]
    parent = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(psutil.pid_exists, workers))
    parent.send_signal(getattr(signals, signal))
    parent.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def alive(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    return False


def test_the_worker_needs_nothing_but_the_standard_library():
    import apprenti.script.workers as workers

    text = Path(workers.WORKER).read_text(encoding="utf-8")
    assert "from apprenti" not in text and "import apprenti" not in text
