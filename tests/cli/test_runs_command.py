"""apprenti runs: lists, shows, compares, notes, renames, deletes and restores."""

import pytest

from apprenti import runs


def names(folder):
    return [run.name for run in runs.all_runs(folder / "runs")]


def test_runs_are_listed_the_oldest_first(apprenti, trained):
    said = apprenti("runs", folder=trained.folder)
    assert said.status == 0
    places = [said.out.index(name) for name in names(trained.folder)]
    assert places == sorted(places)
    assert said.out.count("finished") == 3


def test_the_list_is_json_too(apprenti, trained):
    listed = apprenti("runs", "--json", folder=trained.folder).json["runs"]
    assert [run["run"] for run in listed] == names(trained.folder)
    assert [run["model"] for run in listed] == ["trivial", "linear", "linear"]


def test_one_run_is_shown_with_its_files(apprenti, trained):
    said = apprenti("runs", "trivial", folder=trained.folder)
    for name in ("train.py", "history.csv", "predictions.csv", "curves.png", "environment.json"):
        assert name in said.out


def test_two_runs_are_compared_by_what_differs_in_their_settings(apprenti, trained):
    said = apprenti("runs", "002", "last", folder=trained.folder)
    assert "data.split.seed" in said.out
    assert "batch_size" not in said.out


def test_a_run_keeps_a_note_until_it_is_emptied(apprenti, mine):
    assert apprenti("runs", "last", "--note", "déjà vu", folder=mine).status == 0
    assert "déjà vu" in apprenti("runs", folder=mine).out
    assert apprenti("runs", "last", "--note", "", folder=mine).status == 0
    assert "déjà vu" not in apprenti("runs", folder=mine).out


def test_a_run_is_renamed_and_found_under_its_new_name(apprenti, mine):
    assert apprenti("runs", "001", "--rename", "floor", folder=mine).status == 0
    assert "floor" in names(mine)
    assert apprenti("runs", "floor", folder=mine).status == 0


@pytest.mark.parametrize("name", ["../up", "/tmp/x", "a/b", "con", ".hidden", "last", "é", "x."])
def test_a_name_that_is_no_folder_here_is_refused(apprenti, mine, name):
    before = names(mine)
    said = apprenti("runs", "001", "--rename", name, folder=mine)
    assert said.status == 1
    assert name in said.err
    assert names(mine) == before


def test_a_name_that_exists_is_refused(apprenti, mine):
    taken = names(mine)[1]
    said = apprenti("runs", "001", "--rename", taken, folder=mine)
    assert said.status == 1
    assert "already" in said.err


def test_a_deleted_run_can_be_restored(apprenti, mine):
    before = names(mine)
    assert apprenti("runs", "001", "--delete", folder=mine).status == 0
    assert names(mine) == before[1:]
    assert apprenti("runs", before[0], "--restore", folder=mine).status == 0
    assert names(mine) == before


def test_the_number_of_a_deleted_run_is_not_given_again(mine):
    runs.delete(runs.find(mine / "runs", "last"))
    assert "-004-" in runs.create(mine / "runs", "mlp", "pytorch").name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "no run named"),
        (("linear",), "could be several"),
        (("--delete",), "do not go together"),
        (("001", "--delete", "--note", "x"), "do not go together"),
        (("001", "002", "--rename", "x"), "do not go together"),
        (("gone", "--restore"), "No deleted run"),
    ],
)
def test_what_cannot_be_done_is_told(apprenti, mine, words, told):
    before = names(mine)
    said = apprenti("runs", *words, folder=mine)
    assert said.status == 1
    assert told in said.err
    assert names(mine) == before


def test_results_that_were_changed_after_the_run_are_told(apprenti, mine):
    run = runs.find(mine / "runs", "001")
    assert "no longer what" not in apprenti("runs", "001", folder=mine).out
    run.weights.write_bytes(run.weights.read_bytes() + b"x")
    assert "no longer what" in apprenti("runs", "001", folder=mine).out


def test_outside_a_project_there_are_no_runs(apprenti, tmp_path):
    said = apprenti("runs", folder=tmp_path)
    assert said.status == 1
    assert "apprenti.toml" in said.err
    assert list(tmp_path.iterdir()) == []
