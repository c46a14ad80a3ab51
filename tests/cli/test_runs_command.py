"""apprenti runs: lists, shows, compares, notes, renames, deletes and restores."""

import shutil

import pytest

from apprenti import runs
from apprenti.writing import write_json


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
    said = apprenti("runs", "show", "trivial", folder=trained.folder)
    for name in ("train.py", "history.csv", "predictions.csv", "curves.png", "environment.json"):
        assert name in said.out


def test_the_best_of_the_list_is_named_with_the_command_that_shows_it(apprenti, trained):
    said = apprenti("runs", folder=trained.folder)
    best = apprenti("runs", "show", "best", "--json", folder=trained.folder).json["runs"][0]
    assert f"run {best['number']}, accuracy" in " ".join(said.out.split())
    assert said.out.splitlines()[-1].strip() == f"apprenti runs show {best['number']}"


def test_two_runs_are_compared_by_what_differs_in_their_settings(apprenti, trained):
    said = apprenti("runs", "compare", "002", "last", folder=trained.folder)
    assert "data.split.seed" in said.out
    assert "batch_size" not in said.out


def test_a_run_shows_what_it_is_worth_class_by_class_and_where_it_is_most_wrong(apprenti, mine):
    said = apprenti("runs", "show", "2", "--mistakes", "1", folder=mine)
    assert "Confusion matrix" in said.out and "precision" in said.out and "ROC AUC" in said.out
    assert said.out.count("true class") == 2
    run = runs.find(mine / "runs", "2")
    assert (run.folder / "confusion.png").exists() and (run.folder / "mistakes.png").exists()


def test_what_a_run_says_is_json_too_and_pictures_may_be_left_out(apprenti, mine):
    (told,) = apprenti("runs", "show", "2", "--json", "--no-picture", folder=mine).json["runs"]
    assert told["number"] == 2 and told["settings"]["train.framework"] == "sklearn"
    found = told["evaluation"]
    assert found["accuracy"] == pytest.approx(told["valid_accuracy"], abs=1e-6)
    assert sum(map(sum, found["confusion"]["counts"])) == found["rows"] == 270
    assert len(found["classes"]) == 10
    assert told["pictures"] == []
    assert not (runs.find(mine / "runs", "2").folder / "confusion.png").exists()


def test_a_run_is_shown_where_nothing_can_be_drawn(apprenti, mine):
    picture = runs.find(mine / "runs", "1").folder / "confusion.png"
    picture.unlink(missing_ok=True)
    picture.mkdir()
    said = apprenti("runs", "show", "1", folder=mine)
    assert said.status == 0
    assert "Confusion matrix" in said.out and "Picture" not in said.out


@pytest.mark.slow
def test_a_run_is_named_by_its_number_as_last_and_as_best(apprenti, trained):
    def shown(name):
        (run,) = apprenti("runs", "show", name, "--json", folder=trained.folder).json["runs"]
        return run["run"].split("-")[3]

    # Of the third the validation rows are others
    assert [shown(name) for name in ("2", "#2", "last", "best")] == ["002", "002", "003", "003"]


def test_runs_are_sorted_by_a_measure_a_fact_or_a_setting(apprenti, trained):
    def order(*words):
        listed = apprenti("runs", *words, "--json", folder=trained.folder).json["runs"]
        return [run["number"] for run in listed]

    every = apprenti("runs", "--json", folder=trained.folder).json["runs"]
    accuracy = {run["number"]: run["valid_accuracy"] for run in every}
    assert order("--sort", "accuracy") == sorted(accuracy, key=lambda one: -accuracy[one])
    assert order("--sort", "loss", "--reverse")[0] == 1
    assert order("--sort", "data.split.seed")[-1] == 3
    assert order("--reverse") == [3, 2, 1]
    said = apprenti("runs", "--sort", "acuracy", folder=trained.folder)
    assert said.status == 1 and "Did you mean “accuracy”?" in said.err


def test_side_by_side_only_what_differs_is_told_and_the_script(apprenti, mine):
    told = apprenti("runs", "compare", "1", "2", "3", "--json", folder=mine).json
    assert told["settings"] == {
        "data.split.seed": [0, 0, 1],
        "model.kind": ["trivial", "linear", "linear"],
    }
    assert [one["outcome"] for one in told["verdicts"]] == ["better"]
    assert [name.split("-")[3] for name in told["other_rows"]] == ["003"]
    assert told["picture"] is None
    said = apprenti("runs", "compare", "2", "3", "--no-picture", folder=mine).out
    assert "-    split_seed: int = 0" in said and "+    split_seed: int = 1" in said


def test_an_own_script_is_told_from_others_by_its_lines(apprenti, mine):
    first = runs.find(mine / "runs", "2")
    script = first.script.read_text(encoding="utf-8").replace(
        "iterations: int = 5", "iterations: int = 6"
    )
    (mine / "mine.py").write_text(script, encoding="utf-8")
    assert apprenti("train", "mine.py", folder=mine).status == 0
    told = apprenti("runs", "compare", "2", "last", "--json", folder=mine).json
    assert told["settings"] == {"train.iterations": [5, 6]}
    changed = [line for line in told["script_difference"].splitlines() if line[0] in "+-"]
    assert len(changed) == 4


def test_a_run_keeps_a_note_until_it_is_emptied(apprenti, mine):
    assert apprenti("runs", "note", "last", "déjà vu", folder=mine).status == 0
    assert "déjà vu" in apprenti("runs", folder=mine).out
    assert apprenti("runs", "note", "last", "", folder=mine).status == 0
    assert "déjà vu" not in apprenti("runs", folder=mine).out


def test_a_run_is_renamed_and_found_under_its_new_name(apprenti, mine):
    assert apprenti("runs", "rename", "001", "floor", folder=mine).status == 0
    assert "floor" in names(mine)
    assert apprenti("runs", "show", "floor", folder=mine).status == 0


@pytest.mark.parametrize("name", ["../up", "/tmp/x", "a/b", "con", ".hidden", "last", "é", "x."])
def test_a_name_that_is_no_folder_here_is_refused(apprenti, mine, name):
    before = names(mine)
    said = apprenti("runs", "rename", "001", name, folder=mine)
    assert said.status == 1
    assert name in said.err
    assert names(mine) == before


def test_a_name_that_exists_is_refused(apprenti, mine):
    taken = names(mine)[1]
    said = apprenti("runs", "rename", "001", taken, folder=mine)
    assert said.status == 1
    assert "already" in said.err


def test_a_deleted_run_can_be_restored(apprenti, mine):
    before = names(mine)
    assert apprenti("runs", "delete", "001", folder=mine).status == 0
    assert names(mine) == before[1:]
    assert apprenti("runs", "restore", before[0], folder=mine).status == 0
    assert names(mine) == before


def test_the_number_of_a_deleted_run_is_not_given_again(mine):
    runs.delete(runs.find(mine / "runs", "last"))
    assert "-004-" in runs.create(mine / "runs", "mlp", "pytorch").name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "nowhere"), "no run named"),
        (("show", "linear"), "could mean several"),
        (("restore", "gone"), "No deleted run"),
        (("stop", "001"), "is not in progress"),
        (("--delete",), "cannot be combined"),
        (("001", "--delete", "--note", "x"), "cannot be combined"),
        (("001", "002", "--rename", "x"), "cannot be combined"),
        (("gone", "--restore"), "No deleted run"),
    ],
)
def test_what_cannot_be_done_is_told(apprenti, mine, words, told):
    before = names(mine)
    said = apprenti("runs", *words, folder=mine)
    assert said.status == 1
    assert told in said.err
    assert names(mine) == before


@pytest.mark.slow
def test_results_that_were_changed_after_the_run_are_told(apprenti, mine):
    run = runs.find(mine / "runs", "001")
    assert "no longer what" not in apprenti("runs", "show", "001", folder=mine).out
    run.weights.write_bytes(run.weights.read_bytes() + b"x")
    assert "no longer what" in apprenti("runs", "show", "001", folder=mine).out


def test_outside_a_project_there_are_no_runs(apprenti, tmp_path):
    said = apprenti("runs", folder=tmp_path)
    assert said.status == 1
    assert "apprenti.toml" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def long_list(mine):
    """A project with 35 runs, of which 32 have the files of its first one."""
    first = runs.find(mine / "runs", "001")
    for number in range(4, 36):
        name = first.name.replace("-001-", f"-{number:03}-")
        copied = runs.Run(shutil.copytree(first.folder, first.folder.with_name(name)))
        later = {"number": number, "started": "2099-01-01T00:00:00+00:00"}
        write_json(copied.folder / "environment.json", {**copied.environment, **later})
    return mine


def test_of_a_long_list_the_newest_are_shown_and_how_many_more_there_are(apprenti, long_list):
    said = apprenti("runs", folder=long_list).out
    listed = names(long_list)
    assert [name for name in listed if name in said] == listed[5:]
    assert "5 older ones are not shown" in said
    every = apprenti("runs", "list", "--all", folder=long_list).out
    assert [name for name in listed if name in every] == listed
    assert "not shown" not in every
    assert len(apprenti("runs", "--json", folder=long_list).json["runs"]) == 35


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("runs", "runs list"),
        ("runs --all --json", "runs list --all --json"),
        ("runs 001", "runs show 001"),
        ("runs --json 001", "runs show 001 --json"),
        ("runs 002 last", "runs compare 002 last"),
        ("runs last --note words --json", "runs note last words --json"),
        ("runs 002 --rename other --json", "runs rename 002 other --json"),
        ("runs 001 002 --delete", "runs delete 001 002"),
    ],
)
def test_what_was_said_otherwise_in_the_first_version_does_the_same(
    apprenti, trained, tmp_path, old, new
):
    done = []
    for words in (old, new):
        folder = tmp_path / "project"
        shutil.copytree(trained.folder, folder)
        done.append((apprenti(*words.split(), folder=folder), names(folder)))
        shutil.rmtree(folder)
    assert done[0] == done[1]
    assert done[0][0].status == 0


def test_a_wrong_option_is_answered_with_the_usage_of_the_list(apprenti, mine):
    said = apprenti("runs", "--nothing", folder=mine)
    assert said.status == 2
    assert "Usage: apprenti runs list" in said.err


def test_a_misspelt_command_of_runs_is_taken_for_a_run(apprenti, mine):
    said = apprenti("runs", "shwo", "last", folder=mine)
    assert said.status == 1
    assert "shwo" in said.err


def test_runs_that_estimate_numbers_are_listed_with_their_r2(apprenti, make_project):
    made = make_project("diabetes", framework="sklearn", kind="linear", iterations=5)
    run = apprenti("train", "--json", folder=made.folder).json["runs"][0]
    said = apprenti("runs", folder=made.folder).out
    assert "R²" in said and "acc." not in said
    assert f"{run['valid_r2']:.3f}" in said
    here = " ".join(apprenti(folder=made.folder).out.split())
    assert f"with {run['valid_r2']:.3f} (R²)" in here
    assert "linear regression" in here and "logistic" not in here
