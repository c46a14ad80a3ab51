"""What `apprenti start` prints, at full size: on the digits of scikit-learn, and on IDX files."""

import re

import numpy as np
import pytest

from apprenti import language, runs

MOST_LINES, WIDEST = 60, 80


@pytest.fixture(scope="module")
def many_digits(idx_folder, tmp_path_factory):
    """Images of 28 x 28 points in the files of MNIST, made of the digits that scikit-learn has."""
    from sklearn.datasets import load_digits

    folder = tmp_path_factory.mktemp("large") / "digits28"
    folder.mkdir()
    digits = load_digits()
    images = np.kron(digits.images, np.ones((3, 3)))
    images = np.pad(images * 15, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    write_idx(folder / "train-images-idx3-ubyte", images)
    write_idx(folder / "train-labels-idx1-ubyte", digits.target.astype(np.uint8))
    return folder


def write_idx(path, array):
    sizes = np.array(array.shape, ">i4").tobytes()
    path.write_bytes(bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes())


def said_by_start(apprenti, folder, *words, tongue="en", columns=WIDEST):
    """Return all the lines that a start prints: results, and progress before them."""
    said = apprenti("start", *words, folder=folder, language=tongue, COLUMNS=str(columns))
    assert said.status == 0, said.err
    return said.err.splitlines() + said.out.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize("data", ["digits", "IDX"])
def test_a_real_start_fits_a_screen(apprenti, tmp_path, many_digits, data, tongue):
    source = "digits" if data == "digits" else many_digits
    lines = said_by_start(apprenti, tmp_path, "--data", source, tongue=tongue)
    assert max(map(len, lines)) <= WIDEST
    assert len(lines) <= MOST_LINES
    text = "\n".join(lines)
    assert "train_loss" not in text and "valid_" not in text
    assert all(framework in text for framework in ("PyTorch", "TensorFlow", "scikit-learn"))
    if tongue == "fr":
        assert not re.search(r"(perte|exactitude) \d+\.\d", text)
    picture = tmp_path / "first-model" / "first-model.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def started(apprenti, tmp_path_factory):
    """A quick start in one framework, with too few epochs: the network loses."""
    folder = tmp_path_factory.mktemp("quick")
    words = ("--data", "digits", "--framework", "pytorch", "--set", "epochs=2")
    return folder, said_by_start(apprenti, folder, *words)


def test_the_end_shows_images_predictions_mistakes_and_confusions(started):
    _, lines = started
    text = "\n".join(lines)
    assert "10 images of the validation set and their predictions" in text
    assert re.search(r"The mistakes it was most certain of: 10 of \d+, in 270 images", text)
    assert len(re.findall(r"\d→\d", text)) >= 10
    assert re.search(r"Most often confused: \d taken for \d \(\d+ of \d+\)", text)
    assert sum("█" in line or "▀" in line for line in lines) == 8


def test_the_words_of_the_table_are_explained_in_two_lines(started):
    _, lines = started
    (first,) = (place for place, line in enumerate(lines) if line.startswith("loss: "))
    legend = " ".join(lines[first : first + 2])
    assert all(word in legend for word in ("loss", "accuracy", "interval"))
    assert lines[first + 2].startswith("· ")


def test_a_network_that_loses_is_told_with_what_to_try(started):
    _, lines = started
    text = " ".join(" ".join(lines).split())
    assert "MLP, PyTorch against logistic regression: does worse" in text
    # Once one is in the folder of the project
    after = lines[lines.index("What to do next") + 1 :]
    assert any(line.startswith("  apprenti train --set epochs=5 ") for line in after)


def test_the_test_set_has_its_place_and_no_command_that_does_not_exist(started):
    from apprenti.cli.commands import COMMANDS

    _, lines = started
    assert any("test set has not been used" in line for line in lines)
    named = {
        words[1] for line in lines if (words := line.split())[:1] == ["apprenti"] and words[1:]
    }
    assert named & {"predict", "train", "eject"} == {"predict", "train", "eject"}
    assert {name for name in named if name.isalpha()} - {"where"} <= set(COMMANDS)


def test_the_first_thing_to_do_next_is_a_digit_of_one_s_own(started):
    folder, lines = started
    after = lines[lines.index("What to do next") + 1 :]
    assert after[0].split() == ["cd", "first-model"]
    assert re.match(r"  apprenti predict (last|\d+) my-digit\.png ", after[1])
    named = after[1].split()[2]
    assert runs.find(folder / "first-model" / "runs", named).model == "mlp"


@pytest.mark.slow
def test_a_terminal_without_block_characters_gets_words(apprenti, started):
    folder, _ = started
    words = ("start", "--framework", "pytorch", "--set", "epochs=2")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C", "COLUMNS": "80"}
    said = apprenti(*words, folder=folder, language="fr", **ascii_only)
    assert said.status == 0, said.err
    assert said.out.isascii() and "?" not in said.out
    assert re.search(r"\d>\d \d+ ?%, \d>\d", said.out)
    last = runs.all_runs(folder / "first-model" / "runs")[-1]
    assert "Réglages" in last.script.read_text(encoding="utf-8")


def test_where_the_terminal_is_narrow_every_row_keeps_its_run_and_its_model(apprenti, started):
    folder, _ = started
    words = ("--framework", "pytorch", "--set", "epochs=2")
    lines = said_by_start(apprenti, folder, *words, columns=62)
    for model in ("trivial", "logistic", "MLP"):
        assert any(re.match(rf"\d+ +{model}", line) for line in lines), lines
    table = lines[: next(place for place, line in enumerate(lines) if line.startswith("loss: "))]
    assert not any("…" in line for line in table)
    assert max(map(len, lines)) <= 62
    assert sum("▀" in line or "█" in line for line in lines) == 16


def test_quiet_leaves_the_result_alone(apprenti, started):
    folder, _ = started
    words = ("start", "--framework", "pytorch", "--set", "epochs=1", "--quiet")
    said = apprenti(*words, folder=folder)
    assert said.status == 0
    assert said.err == ""
    assert "What to do next" in said.out


def test_a_start_trains_from_nothing_and_names_the_short_forms_to_read(started):
    folder, lines = started
    assert (folder / "first-model" / "first-model.png").exists()
    # They train side by side, so that any of them may begin first
    made = {run.model: run for run in runs.all_runs(folder / "first-model" / "runs")[:3]}
    assert made.keys() == {"trivial", "linear", "mlp"}
    long = len(made["mlp"].essential.read_text(encoding="utf-8").splitlines())
    assert any(line.endswith(f"{made['mlp'].name}/essential.py  {long} lines") for line in lines)


@pytest.mark.slow
def test_a_start_goes_on_in_the_same_project(apprenti, started):
    folder, _ = started
    there = len(runs.all_runs(folder / "first-model" / "runs"))
    words = ("start", "--framework", "pytorch", "--set", "epochs=3", "--json")
    said = apprenti(*words, folder=folder)
    assert said.status == 0, said.err
    assert [run["model"] for run in said.json["runs"]] == ["trivial", "linear", "mlp"]
    # The baselines are there already, and another number of epochs changes nothing in them
    assert said.err.count("already exists") == 2
    assert len(runs.all_runs(folder / "first-model" / "runs")) == there + 1
    anew = apprenti(*words, "--again", folder=folder)
    assert len(runs.all_runs(folder / "first-model" / "runs")) == there + 4, anew.err


def test_a_start_on_other_data_wants_another_folder(apprenti, started, images_npz):
    folder, _ = started
    said = apprenti("start", "--data", images_npz, folder=folder)
    assert said.status == 1
    assert "--dir" in said.err
