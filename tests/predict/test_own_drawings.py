"""One's own drawings: a model of drawings reads them, and is not asked about what is none."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apprenti.errors import ApprentiError
from apprenti.predict import new_rows
from apprenti.runs import read_rows

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "drawn_digits.py"
SVM = {"framework": "sklearn", "kind": "svm", "train": 1200, "valid": 297, "test": 300}


def drawn_digits():
    spec = importlib.util.spec_from_file_location("drawn_digits", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def run(make_project, train):
    """A support-vector machine on the digits of scikit-learn."""
    return train(make_project("digits", **SVM))


@pytest.fixture(scope="module")
def unseen(run):
    """Digits that are in the test set, and what they are."""
    import pandas as pd
    from sklearn.datasets import load_digits

    parts = pd.read_parquet(run.folder / "split.parquet")["part"].to_numpy()
    rows = np.flatnonzero(parts == "test")
    digits = load_digits()
    return digits.images[rows], digits.target[rows]


@pytest.fixture
def answered(run, silent, copies):
    def predict(path, **how):
        return new_rows.predict(run, [path], silent(), **how)

    return predict


@pytest.fixture
def sheet(unseen):
    """A digit drawn large, dark on light, as an image."""

    def draw(place=0):
        large = drawn_digits().enlarged(unseen[0][place] / 16, 200)
        page = Image.new("L", (260, 260), 255)
        page.paste(0, (30, 30), large)
        return page

    return draw


def predicted(answers):
    return np.array([int(row["predicted"]) for row in answers.rows])


def codes(answers):
    return [note.key for note in answers.notes]


@pytest.mark.slow
def test_drawings_are_recognised_as_well_as_the_images_they_were_made_from(
    answered, unseen, tmp_path
):
    images, labels = (part[:140] for part in unseen)
    drawn_digits().draw(images / 16, tmp_path)
    # The shapes that are drawn, without a page: few points are lost where 8 x 8 become large
    shapes = [drawn_digits().enlarged(image / 16, 280).reduce(35) for image in images]
    np.savez(tmp_path / "images.npz", x=np.array(shapes) / 255 * 16)
    untouched = (predicted(answered(tmp_path / "images.npz")) == labels).mean()
    assert untouched > 0.93
    assert (predicted(answered(tmp_path)) == labels).mean() >= untouched - 0.03


def test_an_image_like_those_of_the_training_is_not_touched(answered, unseen, tmp_path):
    for place, image in enumerate(unseen[0][:20]):
        Image.fromarray(np.uint8(image / 16 * 255)).save(tmp_path / f"{place:02d}.png")
    made, as_is = answered(tmp_path), answered(tmp_path, as_is=True)
    assert all(one.as_is for one in made.drawn)
    assert (made.rows, made.told) == (as_is.rows, "")
    assert "brought_to_size" in codes(as_is)


def test_what_was_made_of_a_drawing_is_told_and_can_be_switched_off(answered, sheet, tmp_path):
    sheet().save(tmp_path / "mine.png")
    answers = answered(tmp_path / "mine.png")
    (one,) = answers.drawn
    assert (one.inverted, one.side_by_side, one.path.name) == (True, 1, "mine.png")
    assert np.array(one.points).shape == (8, 8)
    assert answers.told.startswith("mine.png, as the model sees it: turned into light on dark")
    assert "--as-is" in answers.told
    assert answered(tmp_path / "mine.png", as_is=True).drawn == []


def test_a_blank_page_two_drawings_and_a_photograph_are_told(answered, sheet, tmp_path):
    Image.new("L", (200, 200), 255).save(tmp_path / "blank.png")
    both = Image.new("L", (520, 260), 255)
    both.paste(sheet(0), (0, 0))
    both.paste(sheet(1), (260, 0))
    both.save(tmp_path / "both.png")
    grain = np.random.default_rng(0).integers(0, 255, (40, 60, 3)).astype(np.uint8)
    Image.fromarray(grain).resize((600, 400), Image.Resampling.BICUBIC).save(tmp_path / "cat.jpg")
    told = {note.key: note.values["names"] for note in answered(tmp_path).notes}
    assert told["several_drawn"] == "both.png"
    assert "blank.png" in told["nothing_drawn"]
    assert any("cat.jpg" in names for names in told.values())


def test_drawings_of_several_files_and_folders_keep_their_places(
    run, silent, copies, sheet, tmp_path
):
    names = ["b.png", "inside/c.png", "a.png"]
    (tmp_path / "inside").mkdir()
    for place, name in enumerate(names):
        sheet(place).save(tmp_path / name)
    given = [tmp_path / name for name in ("b.png", "inside", "a.png")]
    found = new_rows.predict(run, given, silent())
    assert [one.path for one in found.drawn] == [tmp_path / name for name in names]
    alone = [new_rows.predict(run, [tmp_path / name], silent()).rows[0] for name in names]
    told = [row["confidence"] for row in found.rows]
    assert told == [row["confidence"] for row in alone]


@pytest.mark.slow
def test_a_run_that_is_taken_away_draws_the_same(run, answered, sheet, tmp_path):
    sheet().save(tmp_path / "mine.png")
    command = [sys.executable, run.folder / "predict.py", "mine.png", "alone.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert read_rows(tmp_path / "alone.csv") == answered(tmp_path / "mine.png").rows


def test_models_of_other_data_have_nothing_to_switch_off(
    make_project, train, silent, table_csv, tmp_path
):
    settings = {"framework": "sklearn", "kind": "tree", "target": "réponse"}
    run = train(make_project(table_csv, **settings))
    script = (run.folder / "predict.py").read_text(encoding="utf-8")
    assert not any(word in script for word in ("ink", "drawing", "as_is"))
    with pytest.raises(ApprentiError) as caught:
        new_rows.predict(run, [table_csv], silent(), as_is=True)
    assert caught.value.key == "no_drawings"


def test_json_and_the_picture_show_what_the_model_saw(run, sheet, tmp_path, capsys):
    from apprenti.cli import predict_command

    sheet().save(tmp_path / "mine.png")
    project = run.folder.parents[1]
    predict_command.run("last", [str(tmp_path / "mine.png")], project=project, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    (one,) = shown["drawings"]
    assert (one["inverted"], one["width"], len(one["points"])) == (True, one["width"], 8)
    with Image.open(shown["picture"]) as picture:
        assert picture.width > picture.height


@pytest.mark.mnist
def test_images_of_mnist_are_drawings_that_are_left_as_they_are(mnist_folder, tmp_path):
    from apprenti.backends.common.drawing import is_alike
    from apprenti.backends.common.settings import Config
    from apprenti.data.describe.drawings import settings_of
    from apprenti.data.kinds import idx
    from apprenti.data.split.written import share_out
    from apprenti.project import DataSettings

    source = idx.open_folder(mnist_folder)
    found = settings_of(source, share_out(source, DataSettings(source="mnist")))
    assert (found["ink_sizes"][1], found["by_mass"], found["page"]) == (20, True, 0)
    Image.new("L", (28, 28)).save(tmp_path / "one.png")
    images = idx.read_idx(mnist_folder / "t10k-images-idx3-ubyte.gz")[:2000]
    config = Config()._replace(**found)
    alike = [is_alike(tmp_path / "one.png", image, config) for image in images]
    assert np.mean(alike) == 1
    assert not any(is_alike(tmp_path / "one.png", 255 - image, config) for image in images[:200])
