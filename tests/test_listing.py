"""All runs at a glance: what is kept of them is never older than their files."""

import json
import os
import time

import pytest

from apprenti import listing, runs
from apprenti.errors import ApprentiError
from apprenti.writing import write_json, write_text

MINUTE = 60


@pytest.fixture
def make(tmp_path):
    """make("mlp", status="finished"): a run whose files are as old as if made a while ago."""

    def make_run(model="mlp", status=runs.FINISHED, **environment):
        run = runs.create(tmp_path / "runs", model, "pytorch")
        text = f'[model]\nkind = "{model}"\n[train]\nframework = "pytorch"\n'
        write_text(run.folder / "choices.toml", text)
        write_json(run.folder / "environment.json", {"status": status, **environment})
        write_text(run.folder / "history.csv", "epoch,valid_loss\n1,0.5\n2,0.25\n")
        for path in run.folder.iterdir():
            age(path)
        return run

    return make_run


def age(path, seconds=MINUTE):
    os.utime(path, (time.time() - seconds,) * 2)


@pytest.fixture
def read(monkeypatch):
    """The names of the runs whose files are read."""
    seen, reading = [], runs.read

    def reading_aloud(run):
        seen.append(run.name)
        return reading(run)

    monkeypatch.setattr(runs.facts, "read", reading_aloud)
    return seen


def test_what_is_listed_is_what_each_run_says_of_itself(make):
    made = [make("linear"), make("mlp", status=runs.FAILED), make("cnn")]
    for _ in range(2):
        assert listing.read_all(made) == [runs.read(run) for run in made]
    assert listing.read_all([]) == []


def test_a_run_is_read_once(make, read):
    made = [make(), make()]
    listing.read_all(made)
    listing.read_all(made)
    assert read == [run.name for run in made]
    # What is asked of one of them does not forget the others
    listing.read_all(made[:1])
    listing.read_all(made)
    assert len(read) == 2


CHANGES = {
    "environment.json": '{"status": "failed"}',
    "choices.toml": '[model]\nkind = "cnn"\n[train]\nframework = "pytorch"\n',
    "history.csv": "epoch,valid_loss\n1,0.5\n2,0.26\n",
    "model/model.json": '{"parameters": 650}',
    "note.txt": "a note",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_run_is_read_again_when_one_of_its_files_has_changed(make, read, name):
    run = make()
    before = listing.read_all([run])
    path = run.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(CHANGES[name])
    after = listing.read_all([run])
    assert before != after
    path.unlink()
    if name not in ("environment.json", "choices.toml"):
        assert listing.read_all([run]) != after


def test_of_two_changes_in_one_tick_of_the_clock_the_later_is_seen(make):
    run = make()
    note = run.folder / "note.txt"
    note.write_text("one")
    state = note.stat()
    assert listing.read_all([run])[0].note == "one"
    note.write_text("two")
    os.utime(note, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert listing.read_all([run])[0].note == "two"


def test_a_run_under_way_is_read_every_time(make, read):
    run = make(status=runs.RUNNING, process=os.getpid())
    for _ in range(3):
        assert listing.read_all([run])[0].status == runs.RUNNING
    assert len(read) == 3


def test_a_run_that_nobody_watched_is_settled_before_it_is_read(make):
    run = make(status=runs.RUNNING)

    def settle(run):
        write_json(run.folder / "environment.json", {"status": "finished", "started": "now"})

    (facts,) = listing.read_all([run], settle)
    assert (facts.status, facts.started) == ("finished", "now")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 0, "runs": {}}'])
def test_a_list_that_cannot_be_used_is_made_anew(make, content):
    run = make()
    path = run.folder.parent / listing.FILE
    path.write_text(content)
    assert listing.read_all([run]) == [runs.read(run)]
    assert run.name in json.loads(path.read_text())["runs"]


def test_what_is_kept_of_a_run_goes_with_it(make):
    kept, gone = make(), make()
    listing.read_all([kept, gone])
    runs.delete(gone)
    age(kept.folder / "history.csv", 2 * MINUTE)
    listing.read_all([kept])
    content = json.loads((kept.folder.parent / listing.FILE).read_text())
    assert list(content["runs"]) == [kept.name]


def test_where_nothing_may_be_written_runs_are_listed_all_the_same(make, monkeypatch):
    def refuse(*arguments):
        raise PermissionError

    run = make()
    monkeypatch.setattr(listing, "write_text", refuse)
    assert listing.read_all([run])[0].name == run.name


# ---- Which is the best


def scored(run, accuracy, split="rows", ignore="", data="bytes"):
    """Return a run that reached this accuracy on these validation rows."""
    write_text(run.folder / "history.csv", f"epoch,valid_accuracy\n1,{accuracy}\n")
    text = f'[data]\nsource = "a.csv"\nignore = [{ignore}]\n[data.split]\nseed = 0\n'
    (run.folder / "choices.toml").write_text(text + (run.folder / "choices.toml").read_text())
    hashes = {"data": {"a.csv": data}}
    environment = {"status": "finished", "number": run.number, "split": split, "hashes": hashes}
    write_json(run.folder / "environment.json", environment)
    return run


def test_the_best_has_the_rows_and_the_columns_of_the_latest(make):
    leaky = scored(make(), 1.0)
    other_rows = scored(make(), 0.99, split="others", ignore='"alive"')
    other_data = scored(make(), 0.98, data="changed", ignore='"alive"')
    honest = [scored(make(), score, ignore='"alive"') for score in (0.7, 0.8, 0.75)]
    every = [leaky, other_rows, other_data, *honest]
    assert listing.best(every).run == honest[1]
    assert listing.find(leaky.folder.parent, "best") == honest[1]
    assert listing.best(every[:1]).run == leaky
    assert listing.same_rows_and_columns(*honest[:2])
    # Of equals the one with the smaller loss
    for run, loss in zip(honest, (0.3, 0.2, 0.1), strict=True):
        history = f"epoch,valid_accuracy,valid_loss\n1,0.8,{loss}\n"
        write_text(run.folder / "history.csv", history)
    assert listing.best(honest).run == honest[2]
    assert not listing.same_rows_and_columns(leaky, honest[0])


def test_of_somebodys_own_script_its_own_columns_count(make):
    run, own = scored(make(), 0.8, ignore='"alive"'), scored(make(), 0.9)
    assert not listing.same_rows_and_columns(run, own)
    path = own.folder / "choices.toml"
    path.write_text(path.read_text() + '[script]\nignore = ["alive"]\nepochs = 50\n')
    assert listing.same_rows_and_columns(run, own)


def test_where_no_run_has_a_score_there_is_no_best(make, tmp_path):
    with pytest.raises(ApprentiError, match=r"There are no runs"):
        listing.find(tmp_path / "runs", "best")
    make(status=runs.FAILED)
    with pytest.raises(ApprentiError, match=r"score"):
        listing.find(tmp_path / "runs", "best")


def test_runs_are_sorted_the_best_first_and_those_without_a_score_last(make):
    from apprenti.listing import in_order, read_all

    scores = [scored(make(), score) for score in (0.7, 0.9, 0.8)]
    none = make(status=runs.FAILED)
    listed = read_all([*scores[:1], none, *scores[1:]])
    best_first = [scores[1], scores[2], scores[0], none]
    assert [facts.run for facts in in_order(listed, "accuracy")] == best_first
    assert [facts.run for facts in in_order(listed, "valid_accuracy", reverse=True)] == [
        scores[0],
        scores[2],
        scores[1],
        none,
    ]
    assert [facts.run for facts in in_order(listed, "number")] == [*scores, none]
    assert in_order(listed, "started", reverse=True) == listed[::-1]
    with pytest.raises(ApprentiError, match=r"sorted"):
        in_order(listed, "beauty")
    assert in_order([], "beauty") == []
