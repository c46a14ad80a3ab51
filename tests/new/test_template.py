"""A new project: an apprenti.toml that says what every setting does, and nothing half-made."""

import os
import threading
import tomllib
from pathlib import Path

import numpy as np
import pytest

from apprenti import language, project
from apprenti.data import last_look
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.new.template import next_step, toml, write_project
from apprenti.project import Choices, DataSettings, load
from apprenti.train.plan import plan


def tree(folder):
    # What was looked for in the data is kept out of sight
    there = (path for path in folder.rglob("*") if path.name != last_look.GLANCE)
    return sorted(path.relative_to(folder).as_posix() for path in there)


DIGITS = DataSettings(source="digits")


def opened(name, folder):
    data = DataSettings(source=name)
    return data, open_source(data, folder)


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    what, _, todo = caught.value.parts()
    assert what and todo
    return caught.value


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder in which the user stands."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


# ---- The file


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_the_new_file_of_the_guide_has_the_defaults_but_the_epochs(tongue):
    language.choose(tongue)
    text = toml(DIGITS, open_source(DIGITS, Path()), of_the_guide=True)
    assert Choices.model_validate(tomllib.loads(text)) == Choices.model_validate(
        {
            "data": {
                "source": "digits",
                "split": {"train": 0.7, "valid": 0.15, "test": 0.15, "seed": 0},
            },
            "train": {"epochs": 50},
        }
    )
    assert language.say("settings.split") in text


def shown(text):
    """Return the settings of a file by section, also those without a value, which must explain."""
    found, section, above = {}, "", ""
    for line in text.splitlines():
        name = line.removeprefix("# ").partition(" =")[0]
        if line.startswith("["):
            section = line.strip("[]")
        elif name.isidentifier():
            setting = {one.key: one for one in project.settings()}.get(f"{section}.{name}")
            assert setting is None or language.say(f"settings.{setting.key}") in above
            assert setting is None or project.limits(setting.field) in above
            found.setdefault(section, []).append(name)
        above = line
    return found


NETWORK = ["framework", "epochs", "batch_size", "learning_rate", "schedule", "optimizer"]
NETWORK += ["seed", "threads"]


@pytest.mark.parametrize("tongue", language.LANGUAGES)
def test_the_new_file_has_the_settings_that_matter_for_its_data_and_its_model(tongue, table_csv):
    language.choose(tongue)
    assert shown(toml(DIGITS, open_source(DIGITS, Path()))) == {
        "data": ["source", "split"],
        "model": ["kind", "hidden_units", "filters"],
        "train": NETWORK,
    }
    data = DataSettings(source=table_csv.name, target="réponse")
    table = shown(toml(data, open_source(data, table_csv.parent)))
    columns = ["target", "task", "ignore", "categorical", "missing", "sensitive", "group", "time"]
    assert table["data"] == ["source", *columns, "split"]
    assert (table["model"], table["train"]) == (["kind", "hidden_units"], NETWORK)


def test_texts_and_images_in_files_have_settings_of_their_own(texts_csv, photos, album):
    texts = DataSettings(source=texts_csv.name, target="opinion")
    found = shown(toml(texts, open_source(texts, texts_csv.parent)))
    assert "text" in found["data"] and "categorical" not in found["data"]
    assert found["model"] == ["kind", "vocabulary"]
    # A network that is tried next gets the epochs that it needs
    assert found["train"] == ["framework", "epochs", "iterations", "threads"]
    folder = DataSettings(source=photos.name)
    found = shown(toml(folder, open_source(folder, photos.parent, keep=False)))
    assert found["data"] == ["source", "image_size", "split"]
    images = DataSettings(source=album.name, target="season")
    assert "image" in shown(toml(images, open_source(images, album.parent, keep=False)))["data"]


def test_what_has_another_value_than_its_default_stands_there_whatever_the_model(reviews_csv):
    data = DataSettings(source=reviews_csv.name, target="réponse")
    source = open_source(data, reviews_csv.parent)
    assert tomllib.loads(toml(data, source))["model"]["vocabulary"] == 500
    left_out = data.model_copy(update={"skip_images": ("a.png",)})
    assert tomllib.loads(toml(left_out, source))["data"]["skip_images"] == ["a.png"]


def test_where_no_run_could_be_made_every_setting_is_there(tmp_path):
    few = open_source(DIGITS, tmp_path)._replace(rows=2)
    found = shown(toml(DIGITS, few))
    of_runs = [one for one in project.settings() if one.is_of_runs]
    every = {one.name for one in of_runs if one.section != "data.split"}
    assert {name for names in found.values() for name in names} == {*every, "split"}


def test_french_and_english_files_say_the_same_settings():
    files = []
    for tongue in language.LANGUAGES:
        language.choose(tongue)
        files.append(toml(DIGITS, open_source(DIGITS, Path()), of_the_guide=True))
    assert files[0] != files[1]
    assert tomllib.loads(files[0]) == tomllib.loads(files[1])


def test_data_with_a_test_part_get_no_second_one(tmp_path):
    inputs, labels = np.zeros((40, 3)), np.arange(40) % 2
    np.savez(tmp_path / "data.npz", x_train=inputs, y_train=labels)
    text = toml(*opened("data.npz", tmp_path))
    assert tomllib.loads(text)["data"]["split"] == {"valid": 0.15, "seed": 0}
    assert language.say("settings.own_test") in text


def test_of_a_set_as_large_as_mnist_as_many_rows_are_checked_as_in_its_test(tmp_path):
    source = open_source(DIGITS, tmp_path)._replace(rows=60_000, has_test_part=True)
    assert (
        tomllib.loads(toml(DataSettings(source="mnist"), source))["data"]["split"]["valid"]
        == 10_000
    )


@pytest.mark.parametrize("name", ["a b.npz", 'quote".npz', "été.npz", "back\\slash.npz"])
def test_any_name_of_a_file_can_be_written(name, tmp_path):
    source = open_source(DIGITS, tmp_path)
    assert tomllib.loads(toml(DataSettings(source=name), source))["data"]["source"] == name


# ---- The project


def test_a_new_project_is_one_file_that_can_be_trained(here):
    made = write_project(Path("mine"), "digits")
    assert tree(here) == ["mine", "mine/apprenti.toml"]
    assert made.choices == load(here / "mine").choices
    assert plan(made).script.text


def test_data_beside_the_user_are_written_as_seen_from_the_project(here, images_npz):
    (here / "data.npz").write_bytes(images_npz.read_bytes())
    made = write_project(Path("deep/mine"), "data.npz")
    assert made.choices.data.source == "../../data.npz"
    assert open_source(made.choices.data, made.folder).rows == 300


def test_data_elsewhere_are_found_from_the_project(here, images_npz, idx_folder):
    for number, source in enumerate((images_npz, idx_folder)):
        made = write_project(Path(f"mine-{number}"), str(source))
        assert "\\" not in made.choices.data.source
        assert open_source(made.choices.data, made.folder).rows == 300


def test_few_rows_get_more_epochs_whatever_they_are(here, images_npz, idx_folder):
    for number, source in enumerate((images_npz, idx_folder)):
        # 210 rows to learn from, in batches of 32: six corrections an epoch
        made = write_project(Path(f"mine-{number}"), str(source))
        assert made.choices.train.epochs == 100
    # The first model keeps the five of every first lesson
    assert write_project(Path("digits"), "digits").choices.train.epochs == 50


def test_a_folder_may_exist_and_keeps_what_is_in_it(here):
    (here / "mine").mkdir()
    (here / "mine" / "notes.txt").write_text("mine")
    write_project(Path("mine"), "digits")
    assert tree(here / "mine") == ["apprenti.toml", "notes.txt"]


def test_a_project_that_is_there_is_not_touched(here):
    write_project(Path("mine"), "digits")
    (here / "mine" / "apprenti.toml").write_text("# my own words\n")
    assert refusal(write_project, Path("mine"), "digits").key == "project_exists"
    assert (here / "mine" / "apprenti.toml").read_text() == "# my own words\n"


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("nothing.npz", "given_missing"),
        ("digit", "given_missing"),
        ("table.csv", "header_only"),
        ("table.bin", "source_unknown"),
        ("broken.npz", "damaged_npz"),
        ("empty", "folder_of_nothing"),
        ("", "folder_of_nothing"),
    ],
)
@pytest.mark.parametrize("existed", [True, False])
def test_data_that_are_wrong_leave_nothing_half_made(here, source, key, existed):
    (here / "table.csv").write_text("a,b\n")
    (here / "table.bin").write_bytes(b"\0\1")
    (here / "broken.npz").write_text("no")
    (here / "empty").mkdir()
    if existed:
        (here / "mine").mkdir()
    before = tree(here)
    for folder in ("mine", "deep/deeper"):
        assert refusal(write_project, Path(folder), source).key == key
        assert tree(here) == before


def test_a_known_set_that_is_nowhere_leaves_nothing_half_made(here, monkeypatch):
    from apprenti.data.fetch import known

    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    monkeypatch.setattr(known, "cache", lambda: here / "no-cache")
    assert refusal(write_project, Path("mine"), "mnist").key == "set_missing"
    assert tree(here) == []


def test_a_file_in_the_place_of_the_folder_is_told(here):
    (here / "mine").write_text("a file")
    error = refusal(write_project, Path("mine"), "digits")
    assert error.key == "cannot_write"
    assert tree(here) == ["mine"]


def test_a_disk_that_is_full_leaves_nothing_half_made(here, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    error = refusal(write_project, Path("mine"), "digits")
    assert (error.key, error.values["reason"]) == ("cannot_write", "No space left on device")
    assert tree(here) == []


def test_of_several_who_make_one_project_at_once_one_alone_does(here):
    ends = []

    def make(source):
        try:
            ends.append(write_project(Path("mine"), source).choices.data.source)
        except ApprentiError as error:
            ends.append(error.key)

    threads = [threading.Thread(target=make, args=(name,)) for name in ("digits", "iris", "wine")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [end for end in ends if end != "project_exists"]
    assert len(made) == 1 and len(ends) == 3
    assert load(Path("mine")).choices.data.source == made[0]
    of_table = ["mine/columns.toml"] if made[0] != "digits" else []
    assert tree(here) == ["mine", "mine/apprenti.toml", *of_table]


def test_a_table_that_is_not_there_is_told_before_its_columns_are(here):
    error = refusal(write_project, Path("mine"), "missing.csv", "x")
    assert error.key == "given_missing"
    assert str(error.values["path"]) == "missing.csv" and "mine" not in error.values["nearest"]
    assert tree(here) == []


def test_a_folder_that_may_not_be_written_in_is_told(here):
    here.chmod(0o555)
    try:
        if os.name == "nt" or os.access(here, os.W_OK):
            pytest.skip("permissions bind neither root nor Windows")
        assert refusal(write_project, Path("mine"), "digits").key == "cannot_write"
        assert tree(here) == []
    finally:
        here.chmod(0o755)


@pytest.mark.mnist
def test_a_project_on_mnist_is_complete(here, mnist_folder, monkeypatch):
    made = write_project(Path("mine"), "mnist")
    assert made.choices.data.source == "mnist"
    shown = sorted(p.name for p in (here / "mine").iterdir() if not p.name.startswith("."))
    assert shown == ["apprenti.toml", "mnist"]
    monkeypatch.delenv("APPRENTI_DATA")
    assert opened("mnist", made.folder)[1].folder == (here / "mine").resolve()
    assert made.choices.data.split.valid == 10_000


def test_what_comes_next_is_told_for_where_one_stands(here):
    language.choose("en")
    assert next_step(Path("mine")).endswith("cd mine && apprenti train")
    assert next_step(here).endswith("then: apprenti train")
