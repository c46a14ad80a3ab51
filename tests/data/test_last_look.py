"""What the last look at the data found counts for these data alone."""

import json
import os
import shutil

import pytest

from apprenti.data import last_look
from apprenti.data.findings import Evidence, look, words
from apprenti.data.source import open_source
from apprenti.project import load


def write(project):
    """Look at the data of a project, as `apprenti data` does."""
    source = open_source(project.choices.data, project.folder)
    found = []
    if source.table and not source.table.columns.image:
        table = source.table
        found = look(Evidence(table.frame, table.columns, table.task, None))
    facts = {"findings": [words.as_json(one) for one in found]}
    facts[last_look.LOOKED_AT] = last_look.looked_at(source, project.choices.data, project.folder)
    last_look.write(facts, project.folder)
    return found


@pytest.fixture
def table(make_project, table_csv, tmp_path):
    """A project with a table of its own, that was looked at."""
    shutil.copy(table_csv, tmp_path / "own.csv")
    return make_project("own.csv", folder=tmp_path, target="réponse")


def is_current(project):
    return last_look.read(load(project.folder)).is_current


def test_what_was_found_is_read_as_it_was(table):
    found = write(table)
    assert found
    read = last_look.read(table)
    assert read.is_current
    plain = [(one.code, one.severity, one.subject, one.outcome) for one in found]
    assert [(one.code, one.severity, one.subject, one.outcome) for one in read.findings] == plain
    assert [words.tell(one) for one in read.findings] == [words.tell(one) for one in found]


def test_a_file_that_was_only_touched_is_the_same_and_one_with_another_value_is_not(table):
    write(table)
    path = table.folder / "own.csv"
    os.utime(path, (1, 1))
    assert is_current(table)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1", "2", 1), encoding="utf-8")
    assert not is_current(table)
    path.unlink()
    assert not is_current(table)


def test_other_settings_of_the_data_make_other_data_but_muting_does_not(make_project, table):
    write(table)
    make_project("own.csv", folder=table.folder, target="réponse", muted=["D006"])
    assert is_current(table)
    make_project("own.csv", folder=table.folder, target="réponse", epochs=9)
    assert is_current(table)
    make_project("own.csv", folder=table.folder, target="réponse", ignore=["poids"])
    assert not is_current(table)


def test_a_project_that_moves_with_its_data_is_still_known(table, tmp_path_factory):
    write(table)
    moved = tmp_path_factory.mktemp("elsewhere") / "project"
    shutil.copytree(table.folder, moved)
    assert last_look.read(load(moved)).is_current


def test_a_folder_of_images_is_known_by_its_images(make_project, photos, tmp_path):
    shutil.copytree(photos, tmp_path / "photos")
    project = make_project("photos", folder=tmp_path)
    write(project)
    assert is_current(project)
    (tmp_path / "photos" / "notes.txt").write_text("no image", encoding="utf-8")
    assert is_current(project)
    first = next(
        path for path in sorted((tmp_path / "photos").rglob("*.*")) if path.suffix != ".txt"
    )
    first.unlink()
    assert not is_current(project)


def test_a_table_of_images_is_known_by_its_images_too(make_project, album, tmp_path):
    folder = tmp_path / "album"
    shutil.copytree(album.parent, folder)
    project = make_project(f"album/{album.name}", folder=tmp_path, target="season")
    write(project)
    assert is_current(project)
    named = json.loads((tmp_path / last_look.FILE).read_text())[last_look.LOOKED_AT]["files"]
    pictures = next(one for one in named if "images" in one)
    image = next(p for p in sorted((tmp_path / pictures["path"]).glob("*")) if p.is_file())
    os.utime(image, (1, 1))
    assert not is_current(project)


def test_data_that_come_with_the_installation_are_known_by_their_name(make_project, tmp_path):
    project = make_project("iris", folder=tmp_path)
    write(project)
    assert is_current(project)
    assert not is_current(make_project("wine", folder=tmp_path))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"findings": 3}', '{"findings": [{"code": "D001"}]}']
)
def test_a_file_that_says_nothing_is_no_look(table, content):
    assert last_look.read(table) is None
    (table.folder / last_look.FILE).write_text(content, encoding="utf-8")
    assert last_look.read(table) is None


def test_a_file_that_does_not_say_which_data_it_saw_is_not_current(table):
    (table.folder / last_look.FILE).write_text('{"findings": []}', encoding="utf-8")
    assert last_look.read(table) == ((), False)
