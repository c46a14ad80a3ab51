"""A run is a folder: made, listed, found, noted, renamed, put aside and brought back."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date

import pytest

from apprenti import runs
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.train.settle import read_all
from apprenti.writing import write_json, write_text

TODAY = date.today().isoformat()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def make(folder):
    """make("mlp", status="finished"): a run folder with what Apprenti itself writes in it."""

    def make_run(model="mlp", framework="pytorch", status=runs.FINISHED, **environment):
        run = runs.create(folder, model, framework)
        text = f'[model]\nkind = "{model}"\n[train]\nframework = "{framework}"\n'
        write_text(run.folder / "choices.toml", text)
        write_json(run.folder / "environment.json", {"status": status, **environment})
        history = "epoch,valid_loss,seconds\n1,0.5,1.5\n2,0.25,3.0\n"
        write_text(run.folder / "history.csv", history)
        return run

    return make_run


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    what, why, todo = caught.value.parts()
    assert what and todo and "{" not in what + why + todo
    return caught.value


# ---- Names


def test_a_name_says_the_day_the_number_the_model_and_the_framework(make):
    assert make("linear", "sklearn").name == f"{TODAY}-001-linear-sklearn"
    assert make("mlp", "pytorch").name == f"{TODAY}-002-mlp-pytorch"


def test_numbers_rise_and_are_not_given_twice(make, folder):
    names = [make().name for _ in range(3)]
    runs.delete(runs.Run(folder / names[-1]))
    (folder / names[0]).rename(folder / "baseline")
    assert make().name == f"{TODAY}-004-mlp-pytorch"


def test_a_number_stays_with_its_run_and_is_never_given_again(make, folder):
    first, second = runs.create(folder, "mlp", "pytorch"), runs.create(folder, "cnn", "pytorch")
    renamed = make_real(second, "a-name")
    assert (first.number, renamed.number) == (1, 2)
    runs.delete(renamed)
    shutil.rmtree(folder / runs.DELETED)
    assert runs.create(folder, "mlp", "pytorch").number == 3
    # Where nobody kept the highest, the records of the runs still say it
    runs.rename(make_real(runs.create(folder, "mlp", "pytorch"), "other"), "again")
    (folder / runs.HIGHEST).unlink()
    assert runs.create(folder, "mlp", "pytorch").number == 5


def make_real(run, name):
    """Return a run that has ended, under another name."""
    write_text(run.folder / "choices.toml", "")
    write_json(run.folder / "environment.json", {"status": "finished", "number": run.number})
    return runs.rename(run, name)


def test_numbers_go_on_the_next_day(folder):
    (folder / "2026-01-31-007-mlp-pytorch").mkdir(parents=True)
    assert runs.create(folder, "mlp", "pytorch").name == f"{TODAY}-008-mlp-pytorch"


def test_numbers_go_on_after_999(make, folder):
    (folder / f"{TODAY}-999-mlp-pytorch").mkdir(parents=True)
    assert make().name == f"{TODAY}-1000-mlp-pytorch"


def test_what_is_no_run_is_not_listed(make, folder):
    made = make()
    (folder / "notes").mkdir()
    (folder / "read me.txt").write_text("hello")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "choices.toml").write_text("")
    assert runs.all_runs(folder) == [made]
    assert runs.all_runs(folder / "nowhere") == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "runs").write_text("a file in its place")
    error = refusal(runs.create, tmp_path / "runs", "mlp", "pytorch")
    assert error.key == "cannot_write"
    assert [entry.name for entry in tmp_path.iterdir()] == ["runs"]


# ---- What is read from the files


def test_everything_is_read_from_the_files(make):
    run = make("linear", "sklearn")
    assert (run.model, run.framework, run.status) == ("linear", "sklearn", "finished")
    assert [row["epoch"] for row in run.history] == [1, 2]
    assert run.weights is None
    assert run.parameters is None
    assert run.note == ""


def test_a_summary_has_the_last_row_of_the_history_under_its_own_names(make):
    run = make()
    (run.folder / "model").mkdir()
    write_json(run.folder / "model" / "model.json", {"parameters": 650})
    assert runs.summary(run) == {
        "run": run.name,
        "path": str(run.folder),
        "framework": "pytorch",
        "model": "mlp",
        "task": None,
        "status": "finished",
        "parameters": 650,
        "epoch": 2,
        "valid_loss": 0.25,
        "seconds": 3.0,
    }


def test_a_run_without_history_has_a_summary_too(make):
    run = make(status=runs.FAILED)
    (run.folder / "history.csv").unlink()
    assert runs.summary(run)["seconds"] is None
    assert "epoch" not in runs.summary(run)


@pytest.mark.parametrize(
    "text", ["epoch,remark\nlast,well done\n", "epoch,remark\n1\n", "epoch,remark\n1,2,3,4\n"]
)
def test_a_history_that_is_not_ours_is_read_as_far_as_it_is_numbers(make, text):
    run = make()
    (run.folder / "history.csv").write_text(text)
    assert run.history[0].keys() == {"epoch", "remark"}
    assert runs.summary(run)["seconds"] is None


@pytest.mark.parametrize("name", ["weights.pt", "model.weights.h5", "model.skops"])
def test_weights_are_found_in_the_format_of_each_framework(make, name):
    run = make()
    (run.folder / "model").mkdir()
    (run.folder / "model" / name).write_bytes(b"")
    assert run.weights == run.folder / "model" / name


def test_a_run_whose_process_is_gone_was_killed(make):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert make(status=runs.RUNNING, process=os.getpid()).status == runs.RUNNING
    assert make(status=runs.RUNNING, process=gone.pid).status == runs.KILLED
    assert make(status=runs.RUNNING).status == runs.KILLED


def test_another_process_with_the_number_of_a_run_is_not_taken_for_it(make):
    began = runs.began(os.getpid())
    same = make(status=runs.RUNNING, process=os.getpid(), process_began=began)
    other = make(status=runs.RUNNING, process=os.getpid(), process_began=began - 3600)
    assert (same.status, other.status) == (runs.RUNNING, runs.KILLED)


@pytest.mark.parametrize("said", runs.SAID)
def test_a_run_that_nobody_watched_ended_as_its_script_said(make, said):
    run = make(status=runs.RUNNING)
    write_json(run.folder / "status.json", {"status": said, "epochs": 2})
    assert run.status == said
    assert run.complete == (said in (runs.FINISHED, runs.STOPPED_EARLY))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"status": "happy"}', '{"status": "running"}'])
def test_what_a_script_says_that_is_no_end_is_not_believed(make, content):
    run = make(status=runs.RUNNING)
    (run.folder / "status.json").write_text(content)
    assert run.status == runs.KILLED


DAMAGE = {
    "environment.json": [b"", b"{", b"[]", b'{"status": "happy"}', b"\xff\xfe", b"[" * 100_000],
    "choices.toml": [
        b"",
        b"[",
        b"\0",
        b"[model]\nkind = 1\n[train]\nframework = 2\n",
        b"model = 1",
    ],
    "model/model.json": [b"null", b'{"parameters": "many"}', b"1" * 5000],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, content) for name, contents in DAMAGE.items() for content in contents],
)
def test_a_damaged_file_is_told_and_the_run_is_listed_as_damaged(make, folder, name, content):
    run, other = make(), make()
    (run.folder / name).parent.mkdir(exist_ok=True)
    (run.folder / name).write_bytes(content)
    error = refusal(runs.read, run)
    assert (error.key, error.values["path"]) == ("run_damaged", run.folder / name)
    assert [runs.read_any(one).status for one in runs.all_runs(folder)] == ["damaged", "finished"]
    assert runs.sound(folder) == [other]
    runs.delete(run)
    assert runs.all_runs(folder) == [other]


@pytest.mark.parametrize("name", ["environment.json", "choices.toml", "history.csv", "note.txt"])
def test_a_folder_in_place_of_a_file_is_damage(make, name):
    run = make()
    (run.folder / name).unlink(missing_ok=True)
    (run.folder / name).mkdir()
    assert name in runs.read_any(run).damage


@pytest.mark.skipif(sys.platform == "win32", reason="queues")
def test_a_queue_in_place_of_a_file_keeps_nobody_waiting(make, folder):
    """Sorting, numbering and listing look at files before a run is read."""
    run, other = make(), make()
    for path in (run.folder / "environment.json", folder / ".number", folder / ".listing.json"):
        path.unlink(missing_ok=True)
        os.mkfifo(path)
    found = {one.name: one.status for one in read_all(runs.all_runs(folder))}
    assert found == {run.name: "damaged", other.name: "finished"}
    (folder / ".number").unlink()
    assert make().number == 3


def test_a_run_that_lost_its_settings_is_listed_as_damaged(make, folder):
    run = make()
    (run.folder / "choices.toml").unlink()
    assert [runs.read_any(one).status for one in runs.all_runs(folder)] == ["damaged"]
    assert run.folder.exists()


def test_a_folder_is_listed_when_all_is_in_it(folder):
    made = runs.create(folder, "mlp", "pytorch")
    write_text(made.script, "")
    assert runs.all_runs(folder) == []
    write_text(made.folder / "choices.toml", "")
    assert runs.all_runs(folder) == [made]


def test_what_somebody_left_who_died_while_making_a_run_is_removed(folder):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    made = runs.create(folder, "mlp", "pytorch")
    write_text(made.script, "")
    write_json(made.folder / "environment.json", {"status": runs.RUNNING, "process": gone.pid})
    (folder / f".{TODAY}-007-").mkdir()
    os.utime(folder / f".{TODAY}-007-", (0, 0))
    under_way = runs.create(folder, "linear", "sklearn")
    # The number of the one that is gone is not given again
    assert under_way.name == f"{TODAY}-002-linear-sklearn"
    assert runs.create(folder, "mlp", "sklearn").name == f"{TODAY}-003-mlp-sklearn"
    left = [name for name in sorted(os.listdir(folder)) if name != runs.HIGHEST]
    assert left == [under_way.name, f"{TODAY}-003-mlp-sklearn"]


# ---- Writing whole or not at all


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file.json"
    write_json(path, {"a": 1, "é": "ü"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": 1, "é": "ü"}

    def crash(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(OSError, match="No space"):
        write_json(path, {"a": 2})
    assert json.loads(path.read_text(encoding="utf-8"))["a"] == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.json"]


# ---- Finding


def test_a_run_is_found_by_name_by_a_part_and_as_last(make, folder):
    first, second = make("linear"), make("mlp")
    assert runs.find(folder, first.name) == first
    assert runs.find(folder, "linear") == first
    assert runs.find(folder, "-002-") == second
    assert runs.find(folder, "last") == second


def test_a_run_is_found_by_its_number_whatever_its_name(make, folder):
    first, second = make("linear", number=1), make("mlp", number=2)
    renamed = runs.rename(first, "base")
    for wanted in ("1", "#1", "001"):
        assert runs.find(folder, wanted) == renamed
    assert runs.find(folder, "2") == second
    # What is no number of a run may be a part of a name
    assert runs.find(folder, "002-mlp") == second
    assert refusal(runs.find, folder, "7").key == "run_unknown"


def test_the_last_run_is_the_one_that_began_last_whatever_its_name(make, folder):
    early, late = make(started=f"{TODAY}T08:00:00+01:00"), make(started=f"{TODAY}T07:30:00+00:00")
    runs.rename(early, "z-base")
    assert runs.find(folder, "last") == late
    assert [run.name for run in runs.all_runs(folder)] == ["z-base", late.name]


def test_runs_begun_in_one_second_are_sorted_by_their_numbers(make, folder):
    names = [make(started=f"{TODAY}T08:00:00+01:00", number=n).name for n in (1, 2, 10)]
    assert [run.name for run in runs.all_runs(folder)] == names


@pytest.mark.parametrize("started", ["yesterday", "", "9999-99-99", "2026-01-01T00:00:00+99:00"])
def test_a_run_whose_beginning_is_no_time_is_listed_all_the_same(make, folder, started):
    run = make(started=started)
    assert runs.all_runs(folder) == [run]


def test_a_whole_name_counts_more_than_a_part(make, folder):
    runs.rename(make(), "base")
    other = runs.rename(make(), "base-2")
    assert runs.find(folder, "base").name == "base"
    assert runs.find(folder, "base-2") == other


def test_an_unknown_run_is_told_with_the_nearest(make, folder):
    make("linear", "sklearn")
    error = refusal(runs.find, folder, "lineer-sklearn")
    assert error.key == "run_unknown"
    assert error.values["nearest"] == f"{TODAY}-001-linear-sklearn"


def test_an_ambiguous_run_is_told_with_all_it_could_be(make, folder):
    names = [make().name, make().name]
    error = refusal(runs.find, folder, "mlp")
    assert error.key == "run_ambiguous"
    assert error.values["names"] == ", ".join(names)


def test_a_project_without_runs_is_told(folder):
    for wanted in ("last", "mlp"):
        assert refusal(runs.find, folder, wanted).key == "no_runs"


# ---- Changing


def test_a_note_is_written_replaced_and_removed(make):
    run = make()
    runs.set_note(run, "plus de neurones\nà refaire")
    assert run.note == "plus de neurones\nà refaire"
    runs.set_note(run, "no")
    assert run.note == "no"
    runs.set_note(run, "")
    runs.set_note(run, "")
    assert run.note == ""
    assert not (run.folder / "note.txt").exists()


def test_a_run_is_renamed(make, folder):
    run = make()
    renamed = runs.rename(run, "Baseline_2.0")
    assert renamed.folder == folder / "Baseline_2.0"
    assert renamed.status == runs.FINISHED
    assert not run.folder.exists()


NO_NAMES = ["../x", "/x", "a/b", "a\\b", "con", "CON.txt", "nul", "lpt1", "", ".hidden", "last"]
NO_NAMES += [
    "best",
    "7",
    "été",
    "a b",
    "x.",
    "-x",
    "..",
    ".",
    "C:x",
    "a\0b",
    "a\n",
    "x" * 101,
    "～",
]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_no_folder_can_bear_everywhere_is_refused(make, tmp_path, name):
    run = make()
    before = sorted(tmp_path.rglob("*"))
    error = refusal(runs.rename, run, name)
    assert (error.key, error.values["name"]) == ("run_name", name)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_taken_is_refused(make):
    first, second = make(), make()
    for name in (second.name, first.name):
        assert refusal(runs.rename, first, name).key == "run_exists"
    assert first.folder.exists()


def test_a_run_is_put_aside_and_brought_back(make, folder):
    run = make()
    inside = sorted(path.name for path in run.folder.glob("[!.]*"))
    runs.delete(run)
    assert runs.all_runs(folder) == []
    assert runs.restore(folder, run.name) == run
    assert sorted(path.name for path in run.folder.glob("[!.]*")) == inside


def test_a_run_that_was_not_deleted_cannot_be_restored(make, folder):
    error = refusal(runs.restore, folder, "nothing")
    assert (error.key, error.values["nearest"]) == ("not_deleted", "")
    run = make()
    runs.delete(run)
    assert refusal(runs.restore, folder, f"{run.name}s").values["nearest"] == run.name


def test_a_run_is_brought_back_by_a_part_of_its_name_by_its_number_and_as_last(make, folder):
    first, second = make("linear"), make("mlp")
    for wanted, run in [("001", first), ("linear", first), ("#2", second), ("last", second)]:
        runs.delete(first)
        runs.delete(second)
        assert runs.restore(folder, wanted) == run
        runs.restore(folder, "last")
    runs.delete(first)
    runs.delete(second)
    assert refusal(runs.restore, folder, TODAY).key == "run_ambiguous"


def test_a_restored_run_does_not_replace_another(make, folder):
    run = runs.rename(make(), "base")
    runs.delete(run)
    runs.rename(make(), "base")
    assert refusal(runs.restore, folder, "base").key == "run_exists"


def test_of_two_deleted_runs_of_one_name_the_later_is_kept(make, folder):
    for note in ("first", "second"):
        run = runs.rename(make(), "base")
        runs.set_note(run, note)
        runs.delete(run)
    assert runs.restore(folder, "base").note == "second"


def test_a_run_under_way_is_left_where_it_is(make):
    run = make(status=runs.RUNNING, process=os.getpid())
    assert refusal(runs.delete, run).key == "run_under_way"
    assert refusal(runs.rename, run, "other").key == "run_under_way"
    assert run.folder.exists()


# ---- Several commands at once

HOLD = """
import sys
from pathlib import Path
from apprenti import runs
held = runs.lock(runs.Run(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holding():
    """holding(run): a process that has a run in hand until its input is closed."""
    started = []

    def hold(run):
        command = [sys.executable, "-c", HOLD, str(run.folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        holder = subprocess.Popen(command, text=True, **pipes)
        started.append(holder)
        assert holder.stdout.readline() == "held\n"
        return holder

    yield hold
    for holder in started:
        holder.communicate()


def test_a_run_that_another_command_has_in_hand_is_left_alone(make, folder, holding):
    run, other = make(), make()
    holder = holding(run)
    for call in (runs.lock, runs.delete, lambda run: runs.rename(run, "mine")):
        error = refusal(call, run)
        assert (error.key, error.values["run"]) == ("run_under_way", run.name)
    # The others of the project are free
    runs.lock(other).release()
    holder.communicate()
    runs.lock(run).release()


def test_a_lock_is_gone_with_the_process_that_held_it(make, holding):
    run = make()
    holder = holding(run)
    holder.kill()
    holder.wait()
    runs.lock(run).release()


def test_a_lock_where_nothing_can_be_written_is_told(tmp_path):
    (tmp_path / "run").write_text("a file in its place")
    error = refusal(runs.lock, runs.Run(tmp_path / "run"))
    assert error.key == "cannot_write"
    assert error.parts()[1]


CREATE = """
import sys
from pathlib import Path
from apprenti import runs
from apprenti.writing import write_text
print("ready", flush=True)
sys.stdin.readline()
for _ in range(25):
    made = runs.create(Path(sys.argv[1]), "mlp", sys.argv[2])
    write_text(made.folder / "choices.toml", "")
    print(made.name, flush=True)
"""


def test_runs_begun_at_once_get_numbers_of_their_own(folder):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    makers = [
        subprocess.Popen([sys.executable, "-c", CREATE, str(folder), name], **pipes)
        for name in ("pytorch", "tensorflow", "pytorch")
    ]
    for maker in makers:
        assert maker.stdout.readline() == "ready\n"
    for maker in makers:
        maker.stdin.write("go\n")
        maker.stdin.flush()
    names = [name for maker in makers for name in maker.communicate()[0].split()]
    assert sorted(name.removeprefix(TODAY)[1:4] for name in names) == [
        f"{number:03}" for number in range(1, 76)
    ]
    assert sorted(entry.name for entry in folder.glob("[!.]*")) == sorted(names)


def test_a_number_that_was_reserved_by_one_who_was_killed_is_passed_over(folder, make):
    (folder / f".{TODAY}-007-").mkdir(parents=True)
    assert make().name == f"{TODAY}-008-mlp-pytorch"


# ---- Read in one go


HISTORIES = [
    "",
    "\n",
    "epoch,valid_loss\n",
    "epoch,valid_loss\n1,0.5",
    "epoch,valid_loss\n1,0.5\n2,0.25\n\n\n",
    "epoch,valid_loss\r\n1,0.5\r\n2,nan\r\n",
    "epoch,remark\n1\n",
    "epoch,remark\n1,2,3,4\n",
    'epoch,"a, b",\n1,2,3\n',
    "epoch,valid_loss\n" + "".join(f"{n},{1 / n}\n" for n in range(1, 5000)),
]


@pytest.mark.parametrize("text", HISTORIES, ids=range(len(HISTORIES)))
def test_the_last_row_of_a_history_is_that_of_the_whole(make, text):
    run = make()
    (run.folder / "history.csv").write_bytes(text.encode())
    last = run.history[-1] if run.history else {}
    assert repr(runs.read(run).last) == repr(last)


def test_what_is_listed_of_the_choices_is_what_the_run_says_of_them(make_project, make):
    from apprenti.train import one_run
    from apprenti.train.plan import plan

    run = make()
    for settings in ({}, {"kind": "cnn", "framework": "tensorflow"}):
        choices = plan(make_project("digits", **settings)).choices
        text = one_run._toml(choices.model_dump(mode="json", exclude_none=True))
        longer = text.replace("[train]", 'x = """\n"""\n[train]')
        for written in (text, longer, text + "[script]\nthreads = 1\n"):
            (run.folder / "choices.toml").write_text(written)
            facts = runs.read(run)
            assert (facts.framework, facts.model) == (run.framework, run.model)
            assert facts.task == run.task


def test_the_task_of_a_table_is_read_too(make):
    run = make()
    text = '[data]\nsource = "a"\ntask = "regression"\n\n[model]\nkind = "mlp"\n\n'
    text += '[train]\nframework = "sklearn"\n'
    (run.folder / "choices.toml").write_text(text)
    assert runs.read(run).task == run.task == "regression"


@pytest.mark.parametrize("head", ["row,x,predicted,confidence", "row,truth,confidence", "a,b"])
def test_predictions_that_lack_a_column_are_damaged(tmp_path, head):
    path = tmp_path / "predictions.csv"
    path.write_text(f"{head}\n1,a,a,0.5\n", encoding="utf-8")
    with pytest.raises(RunDamaged):
        runs.read_predictions(path)
    path.write_text("", encoding="utf-8")
    assert runs.read_predictions(path) == []


def test_while_runs_are_listed_a_record_is_looked_up_once(tmp_path, monkeypatch):
    from apprenti.runs import run as one

    for number in (1, 2):
        folder = tmp_path / f"2026-01-02-00{number}-mlp-pytorch"
        folder.mkdir()
        (folder / runs.CHOICES).write_text("", encoding="utf-8")
        write_json(folder / runs.ENVIRONMENT, {"number": 3 - number, "started": "2026-01-02"})
    looked, beginning = [], one.beginning
    monkeypatch.setattr(
        one, "beginning", lambda path, most: looked.append(path) or beginning(path, most)
    )
    with runs.LISTED.kept(), runs.IDENTITIES.kept():
        listed = [runs.all_runs(tmp_path) for _ in range(3)]
        assert [run.number for run in listed[0]] == [1, 2]
    assert listed[0] == listed[1] == listed[2]
    assert len(looked) == 2
    runs.all_runs(tmp_path)
    assert len(looked) == 4
