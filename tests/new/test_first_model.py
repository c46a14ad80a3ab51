"""The guide's first model: which data it begins with, and in which project."""

from pathlib import Path

import pytest

from apprenti.data.fetch import known
from apprenti.errors import ApprentiError
from apprenti.new.first_model import Found, choose_data, home, prepare, reload
from apprenti.project import load


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without any data; `machine.can_download` and `machine.asked` tell the rest."""

    class Machine:
        can_download, asked = False, []

    state = Machine()
    state.asked = []
    cache = tmp_path / "cache"

    def download(name, tell):
        state.asked.append(name)
        if not state.can_download:
            raise ApprentiError("download_failed", name=name, address="http://x/", reason="no")
        put(cache / name, name)

    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    monkeypatch.setattr(known, "cache", lambda: cache)
    monkeypatch.setattr(known, "download", download)
    return state


def put(folder, name):
    folder.mkdir(parents=True)
    for file in known.KNOWN[name].files:
        (folder / file.name).write_bytes(b"")


def no_news(share):
    pass


def test_without_a_network_the_digits_do(machine, tmp_path):
    assert choose_data(None, tmp_path, no_news) == Found("digits", "built_in")
    assert machine.asked == ["mnist"]


def test_mnist_is_downloaded_where_that_is_possible(machine, tmp_path):
    machine.can_download = True
    assert choose_data(None, tmp_path, no_news) == Found("mnist", "downloaded")


def test_mnist_on_this_machine_is_not_downloaded_again(machine, tmp_path):
    put(tmp_path / "cache" / "mnist", "mnist")
    assert choose_data(None, tmp_path, no_news) == Found("mnist", "on_disk")
    assert machine.asked == []


def test_data_that_were_asked_for_are_taken(machine, tmp_path):
    for wanted in ("digits", "mine.npz"):
        assert choose_data(wanted, tmp_path, no_news) == Found(wanted, "asked")
    assert machine.asked == []


def test_a_known_set_that_was_asked_for_is_downloaded_or_it_is_told_why_not(machine, tmp_path):
    with pytest.raises(ApprentiError) as caught:
        choose_data("fashion_mnist", tmp_path, no_news)
    assert caught.value.key == "download_failed"
    machine.can_download = True
    assert choose_data("fashion_mnist", tmp_path, no_news) == Found("fashion_mnist", "asked")


def test_a_project_that_is_there_keeps_its_data(machine, make_project, images_npz):
    project = make_project(images_npz)
    assert choose_data(None, project.folder, no_news) == Found(str(images_npz), "project")
    assert machine.asked == []


def test_a_new_project_has_the_network_of_the_guide(tmp_path):
    project = prepare(tmp_path / "first", "digits")
    choices = project.choices
    assert (choices.model.kind, choices.model.hidden_units) == ("mlp", (128,))
    assert (choices.train.optimizer, choices.train.learning_rate) == ("adam", 0.001)
    assert (choices.train.batch_size, choices.train.epochs) == (32, 50)


def test_a_project_that_is_there_is_taken_as_it_is(make_project):
    project = make_project("digits", epochs=7)
    before = (project.folder / "apprenti.toml").read_bytes()
    assert prepare(project.folder, "digits") == project
    assert (project.folder / "apprenti.toml").read_bytes() == before


def test_other_data_than_those_of_the_project_are_refused(make_project):
    project = make_project("digits")
    with pytest.raises(ApprentiError) as caught:
        prepare(project.folder, "mnist")
    assert caught.value.key == "other_data"
    assert (caught.value.values["there"], caught.value.values["source"]) == ("digits", "mnist")
    assert "--data mnist" in caught.value.parts()[2]


def test_settings_of_the_command_line_do_not_change_the_file(make_project):
    project = make_project("digits", epochs=7)
    assert reload(project.folder, {"train.epochs": 2}).choices.train.epochs == 2
    assert load(project.folder).choices.train.epochs == 7


def test_a_first_model_is_no_project_within_another(make_project, tmp_path, monkeypatch):
    project = make_project("digits", folder=tmp_path / "my work")
    (project.folder / "notes").mkdir(parents=True)
    for place in (project.folder, project.folder / "notes"):
        monkeypatch.chdir(place)
        with pytest.raises(ApprentiError) as caught:
            home(Path("first-model"))
        assert caught.value.key == "within_project"
        assert Path(caught.value.values["beside"]).resolve() == tmp_path / "first-model"
    assert home(Path("../../first-model")) == Path("../../first-model")


def test_whoever_is_in_the_first_model_goes_on_with_it(make_project, tmp_path, monkeypatch):
    project = make_project("digits", folder=tmp_path / "first-model")
    (project.folder / "runs").mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert home(Path("first-model")) == Path("first-model")
    monkeypatch.chdir(project.folder / "runs")
    assert home(Path("first-model")) == Path("..")
