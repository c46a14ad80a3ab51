"""A run is run again: identical, equal within a tolerance, or different from which epoch on."""

import json
import os
import shutil
import signal
import threading

import pytest

import json_schemas
from apprenti import project as projects
from apprenti import runs
from apprenti.cli import show_reproduction
from apprenti.errors import ApprentiError
from apprenti.project import FILE as PROJECT
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.track import differences, reproduce
from apprenti.track.reproduce import DIFFERENT, IDENTICAL, WITHIN_TOLERANCE
from apprenti.train import one_run, record
from apprenti.train.audience import Nobody
from apprenti.train.plan import plan

FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
SMALL = {"hidden_units": [8], "epochs": 6, "data.split.train": 200}

pytestmark = pytest.mark.usefixtures("copies")


def again(run, trusted=False):
    return reproduce.reproduce(run, projects.load(projects.around(run.folder)), Nobody(), trusted)


def refusal(run, **given):
    with pytest.raises(ApprentiError) as caught:
        again(run, **given)
    what, why, todo = caught.value.parts()
    assert what and todo and "{" not in what + why + todo
    assert not (run.folder / reproduce.FILE).exists()
    return caught.value.key


def files(run):
    return {
        path.relative_to(run.folder).as_posix(): path.read_bytes()
        for path in run.folder.rglob("*")
        if path.is_file() and path.name not in (reproduce.FILE, ".lock")
    }


@pytest.fixture(scope="module")
def trained(make_project, train):
    """trained("sklearn"): a run on the digits, made once."""
    made = {}

    def run(framework, kind="mlp"):
        if (framework, kind) not in made:
            more = SMALL if kind == "mlp" else {}
            made[framework, kind] = train(
                make_project("digits", framework=framework, kind=kind, **more)
            )
        return made[framework, kind]

    return run


@pytest.fixture
def copy_of(tmp_path):
    """copy_of(run): the same in a project of its own, to be edited."""

    def copy(run):
        folder = tmp_path / "copied"
        left_out = shutil.ignore_patterns(reproduce.FILE)
        shutil.copytree(run.folder, folder / "runs" / run.name, ignore=left_out)
        shutil.copy(run.folder.parents[1] / PROJECT, folder)
        return Run(folder / "runs" / run.name)

    return copy


def edit_history(run, epoch, column, value):
    path = run.folder / "history.csv"
    head, *rows = path.read_text().splitlines()
    cells = rows[epoch - 1].split(",")
    cells[head.split(",").index(column)] = value(cells[head.split(",").index(column)])
    rows[epoch - 1] = ",".join(cells)
    path.write_text("\n".join([head, *rows]) + "\n")


def edit_record(run, **changes):
    path = run.folder / runs.ENVIRONMENT
    content = json.loads(path.read_text())
    for name, value in changes.items():
        content[name] = {**content[name], **value} if isinstance(value, dict) else value
    path.write_text(json.dumps(content))


def other_digit(written):
    """Return a number with its last digit changed."""
    return written[:-1] + str((int(written[-1]) + 1) % 10)


# ---- The three outcomes


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_run_is_identical_and_not_touched(trained, framework):
    run = trained(framework)
    before = files(run)
    found = again(run)
    assert (found.outcome, found.first_epoch, list(found.why)) == (IDENTICAL, None, [])
    facts = found.as_json()
    assert facts["history"]["identical"] and facts["predictions"]["identical"]
    assert facts["weights"] == {"identical": True}
    assert facts["epochs"] == {"recorded": 6, "again": 6}
    assert files(run) == before
    assert record.tampered(run) == []
    assert reproduce.read(run) == found


@pytest.mark.few(1)
@pytest.mark.parametrize("kind", ["forest", "boosting"])
def test_a_model_of_scikit_learn_is_held_against_what_is_in_its_file(trained, kind):
    run = trained("sklearn", kind)
    assert again(run).as_json()["weights"] == {"identical": True}


@pytest.mark.slow
def test_another_model_in_such_a_file_is_noticed(trained, copy_of):
    run = copy_of(trained("sklearn", "forest"))
    shutil.copy(trained("sklearn", "boosting").weights, run.weights)
    found = again(run)
    assert found.outcome == DIFFERENT
    assert [(one.code, one.name) for one in found.why] == [("edited", "model/model.skops")]


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_one_edited_digit_of_the_history_is_found_at_its_epoch(trained, copy_of, framework):
    run = copy_of(trained(framework))
    edit_history(run, 4, "valid_loss", other_digit)
    found = again(run)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, 4)
    assert [one.code for one in found.why] == ["history_alone"]
    first = found.as_json()["history"]["first"]
    assert first["measure"] == "valid_loss" and 0 < first["difference"] < 1e-4


def test_times_do_not_count(trained, copy_of):
    run = copy_of(trained("sklearn"))
    edit_history(run, 2, "seconds", lambda written: "99")
    assert again(run).outcome == IDENTICAL


def test_a_changed_version_is_told_of_a_run_that_is_identical(trained, copy_of):
    run = copy_of(trained("sklearn"))
    edit_record(run, versions={"numpy": "1.26.0", "apprenti": "0.1.0"})
    found = again(run)
    assert found.outcome == IDENTICAL
    # Of Apprenti itself nothing runs but the script
    assert [(one.code, one.name, one.recorded) for one in found.why] == [
        ("version", "numpy", "1.26.0")
    ]


CHANGED = {
    "version": {"versions": {"numpy": "1.26.0"}},
    "machine": {"machine": {"cores": 4096}},
    "threads": {"threads": 3},
}


@pytest.mark.parametrize("code", CHANGED)
def test_there_is_a_tolerance_only_where_something_has_changed(trained, copy_of, code):
    run = copy_of(trained("sklearn"))
    edit_history(run, 5, "train_loss", lambda written: str(float(written) + 0.009))
    assert again(run).outcome == DIFFERENT
    edit_record(run, **CHANGED[code])
    found = again(run)
    assert (found.outcome, found.first_epoch) == (WITHIN_TOLERANCE, 5)
    assert json_schemas.wrong("reproduce", found.as_json()) == []
    assert code in [one.code for one in found.why]


def test_beyond_the_tolerance_a_run_is_different_from_that_epoch_on(trained, copy_of):
    run = copy_of(trained("sklearn"))
    edit_record(run, **CHANGED["version"])
    edit_history(run, 2, "train_loss", other_digit)
    edit_history(run, 5, "train_loss", lambda written: str(float(written) * 1.2))
    found = again(run)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, 5)
    assert found.as_json()["history"]["first"]["epoch"] == 2
    assert json_schemas.wrong("reproduce", found.as_json()) == []


def test_other_predictions_are_different_whatever_the_history_says(trained, copy_of):
    run = copy_of(trained("sklearn"))
    path = run.folder / "predictions.csv"
    head, first, *rest = path.read_text().splitlines()
    row, truth, _, *more = first.split(",")
    path.write_text("\n".join([head, ",".join([row, truth, "99", *more]), *rest]) + "\n")
    found = again(run)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, None)
    assert [(one.code, one.name) for one in found.why] == [("edited", "predictions.csv")]
    assert found.as_json()["predictions"]["same_class"] < 1


def test_a_run_from_another_machine_may_differ_in_the_last_decimals(trained, copy_of):
    run = copy_of(trained("sklearn"))
    edit_record(run, seal="0" * 64)
    edit_history(run, 3, "valid_loss", other_digit)
    found = again(run)
    assert found.outcome == WITHIN_TOLERANCE
    assert "elsewhere" in [one.code for one in found.why]


# ---- Runs of every kind


@pytest.mark.slow
def test_numbers_and_early_stopping_and_a_diverged_run(make_project, train):
    small = {"hidden_units": [4], "framework": "pytorch"}
    stopped = train(make_project("diabetes", epochs=400, early_stopping=2, **small))
    assert stopped.status == runs.STOPPED_EARLY
    assert again(stopped).outcome == IDENTICAL
    lost = make_project("diabetes", epochs=5, learning_rate=100.0, optimizer="sgd", **small)
    with pytest.raises(ApprentiError, match="diverged"):
        train(lost)
    (diverged,) = runs.all_runs(lost.runs_folder)
    assert diverged.status == runs.DIVERGED
    assert again(diverged).outcome == IDENTICAL


@pytest.fixture
def stopped(make_project, silent, tmp_path):
    """A run that was stopped after some epochs, in a project of its own."""
    more = {"framework": "sklearn", "epochs": 100_000, "hidden_units": [2]}
    made = make_project("digits", folder=tmp_path / "stopped", **more)
    return made, one_run.train(plan(made), made.runs_folder, silent(), time_limit=0.7)


@pytest.mark.slow
def test_of_a_run_that_was_stopped_its_epochs_are_compared(stopped):
    run = stopped[1]
    assert run.status == runs.INTERRUPTED
    found = again(run)
    assert found.outcome == IDENTICAL and found.as_json()["partial"]
    assert found.as_json()["predictions"] is None
    edit_history(run, len(run.history), "train_loss", other_digit)
    found = again(run)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, len(run.history))


def test_a_script_that_goes_on_where_the_recorded_run_ended_is_not_followed_to_its_end(stopped):
    run = stopped[1]
    edit_record(run, status=runs.FINISHED)
    found = again(run)
    recorded = len(run.history)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, recorded + 1)
    assert recorded < found.as_json()["epochs"]["again"] < 50_000


@pytest.mark.slow
def test_what_was_found_of_a_run_says_nothing_of_it_once_it_is_resumed(stopped, silent):
    made, run = stopped
    assert again(run).is_current
    one_run.resume(run, made, silent(), time_limit=0.7)
    assert not reproduce.read(run).is_current


@pytest.mark.slow
def test_a_run_that_was_resumed_is_that_of_one_never_stopped(make_project, silent, tmp_path):
    more = {"framework": "sklearn", "epochs": 300, "hidden_units": [8]}
    made = make_project("digits", folder=tmp_path / "resumed", **more)
    ear = silent()
    run = one_run.train(plan(made), made.runs_folder, ear, time_limit=0.6)
    if run.status == runs.INTERRUPTED:
        run = one_run.resume(run, made, silent())
    assert run.complete and again(run).outcome == IDENTICAL


def test_of_the_folds_of_a_run_it_is_said_that_they_were_not_trained_again(trained, copy_of):
    run = copy_of(trained("sklearn"))
    assert not again(run).as_json()["folds"]
    (run.folder / "folds.json").write_text('{"how": "random", "folds": []}')
    assert again(run).as_json()["folds"]


def test_corrected_labels_are_learned_from_again(make_project, train, tmp_path):
    folder = tmp_path / "corrected"
    made = make_project("iris", folder=folder, framework="sklearn", kind="tree", labels="l.csv")
    (folder / "l.csv").write_text("row,was,is\n3,setosa,virginica\n7,setosa,virginica\n")
    run = train(made)
    assert again(run).outcome == IDENTICAL
    (folder / "l.csv").unlink()
    # The run has a copy of its own
    assert again(run).outcome == IDENTICAL


def test_somebodys_own_script_that_draws_at_random_is_different(make_project, silent, tmp_path):
    made = make_project("digits", framework="sklearn", folder=tmp_path / "own")
    script = tmp_path / "mine.py"
    script.write_text(
        "import os\n"
        "number = int.from_bytes(os.urandom(4), 'big')\n"
        "open('history.csv', 'w').write(f'epoch,valid_loss\\n1,0.5\\n2,{number}\\n')\n"
    )
    run = one_run.train_script(script, made, silent())
    found = again(run)
    assert (found.outcome, found.first_epoch) == (DIFFERENT, 2)
    assert [one.code for one in found.why] == ["unexplained"]


# ---- What is refused


def test_what_is_no_longer_that_of_the_run_is_refused(make_project, train, table_csv, tmp_path):
    folder = tmp_path / "table"
    folder.mkdir()
    shutil.copy(table_csv, folder / "table.csv")
    more = {"framework": "sklearn", "kind": "tree", "target": "réponse"}
    run = train(make_project("table.csv", folder=folder, **more))
    text = (folder / "table.csv").read_text()
    (folder / "table.csv").write_text(text.rstrip("\n") + "\n" + text.splitlines()[1] + "\n")
    assert refusal(run) == "data_changed"
    (folder / "table.csv").unlink()
    assert refusal(run) == "source_missing"
    (folder / "table.csv").write_text(text)
    script = run.script.read_text()
    run.script.write_text(script + "\n# changed\n")
    assert refusal(run) == "script_changed"
    run.script.write_text(script)
    assert again(run).outcome == IDENTICAL


def test_a_run_under_way_and_one_that_left_nothing_are_refused(trained, copy_of):
    run = copy_of(trained("sklearn"))
    edit_record(run, status="failed")
    assert refusal(run) == "reproduce_nothing"
    edit_record(run, status="running", process=os.getpid(), process_began=runs.began(os.getpid()))
    assert refusal(run) == "reproduce_under_way"
    edit_record(run, status="finished", process=0)
    (run.folder / "history.csv").unlink()
    assert refusal(run) == "reproduce_nothing"


def test_a_script_from_elsewhere_is_executed_only_if_it_is_trusted(trained, copy_of):
    run = copy_of(trained("sklearn"))
    with open(run.script, "a") as file:
        file.write("\nprint('mine')\n")
    edit_record(run, hashes={"train.py": record.digest(run.script)}, seal="0" * 64)
    assert refusal(run) == "script_unknown"
    assert again(run, trusted=True).outcome == IDENTICAL


def test_a_script_that_fails_this_time_leaves_the_run_as_it_was(make_project, silent, tmp_path):
    made = make_project("digits", framework="sklearn", folder=tmp_path / "own")
    script = tmp_path / "mine.py"
    flag = tmp_path / "flag"
    script.write_text(
        "import os\n"
        f"if os.path.exists({str(flag)!r}):\n"
        "    raise OSError(28, 'No space left on device')\n"
        "open('history.csv', 'w').write('epoch,valid_loss\\n1,0.5\\n')\n"
    )
    run = one_run.train_script(script, made, silent())
    flag.write_text("")
    before = files(run)
    assert refusal(run) == "reproduce_failed"
    assert files(run) == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_leaves_nothing_behind(make_project, train, monkeypatch, tmp_path):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    run = train(make_project("digits", framework="sklearn", epochs=150, hidden_units=[64]))

    class Impatient(Nobody):
        waits = True

        def line(self, text):
            # Once alone: a second one would reach whoever comes next
            if self.waits and run_local.measured(text):
                self.waits = False
                threading.Timer(0, signal.raise_signal, [signal.SIGINT]).start()

    with pytest.raises(ApprentiError) as caught:
        reproduce.reproduce(run, projects.load(run.folder.parents[1]), Impatient())
    assert caught.value.key == "reproduce_interrupted" and caught.value.exit_status == 130
    assert not os.listdir(tmp_path / "temporary")
    assert not (run.folder / reproduce.FILE).exists()


def test_where_nothing_can_be_written_the_outcome_is_told_all_the_same(
    trained, copy_of, monkeypatch
):
    run = copy_of(trained("sklearn"))

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reproduce, "write_json", full)
    found = again(run)
    assert found.outcome == IDENTICAL and not found.is_kept


# ---- What is kept


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"outcome": "identical"}', '{"at": 1}', "\x00", "[" * 10_000]
)
def test_a_file_that_is_none_of_ours_is_no_reproduction(trained, copy_of, content):
    run = copy_of(trained("sklearn"))
    (run.folder / reproduce.FILE).write_text(content)
    assert reproduce.read(run) is None


def test_what_is_kept_is_known_to_be_of_before_once_a_file_has_changed(trained, copy_of):
    run = copy_of(trained("sklearn"))
    assert again(run).is_current
    edit_history(run, 2, "valid_loss", other_digit)
    assert not reproduce.read(run).is_current


# ---- The comparison alone


def rows(*losses):
    return [{"epoch": n, "valid_loss": loss, "seconds": n} for n, loss in enumerate(losses, 1)]


def test_a_loss_that_is_no_number_twice_is_the_same():
    nan = float("nan")
    assert differences.of_histories(rows(1, nan), rows(1, nan), partial=False).identical
    found = differences.of_histories(rows(1, nan), rows(1, 2), partial=False)
    assert found.beyond.epoch == 2 and found.beyond.size == float("inf")


def test_a_history_that_is_shorter_is_another():
    found = differences.of_histories(rows(3, 2, 1), rows(3, 2), partial=False)
    assert found.first is None and not found.identical and not found.within_tolerance
    assert differences.of_histories(rows(3, 2), rows(3, 2, 1), partial=True).identical


def test_the_tolerance_is_two_per_cent_or_a_hundredth():
    near = differences.of_histories(rows(2.0, 0.002), rows(2.04, 0.011), partial=False)
    assert near.within_tolerance and near.first.epoch == 1
    assert not differences.of_histories(rows(2.0), rows(2.05), partial=False).within_tolerance


def test_each_reason_has_words_in_both_languages(monkeypatch):
    from apprenti import language

    codes = [("version", "numpy"), ("threads", ""), ("elsewhere", ""), ("edited", "x.csv")]
    codes += [("machine", name) for name in reproduce.OF_MACHINE]
    codes += [("history_alone", ""), ("unexplained", "")]
    for spoken in language.LANGUAGES:
        with language.speaking(spoken):
            for code, name in codes:
                assert "{" not in show_reproduction.cause(reproduce.Cause(code, name, "a", "b"))
