"""Where predictions may be written, and what of them is shown."""

import os
import sys

import pytest

from apprenti.errors import ApprentiError
from apprenti.predict.output import check
from shops import shops


@pytest.fixture
def project(tmp_path):
    (tmp_path / "apprenti.toml").write_text('data = { source = "data.csv" }')
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "new.csv").write_text("a\n1\n")
    (tmp_path / "answers.csv").write_text("")
    (tmp_path / "link.csv").symlink_to("new.csv")
    return tmp_path


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "new.csv",
        "link.csv",
        "data.csv",
        "apprenti.toml",
        "runs/one/a.csv",
        "runs",
        "runs/../new.csv",
    ],
)
def test_answers_are_never_written_over_the_new_rows_or_what_a_project_is_made_of(
    name, force, project
):
    with pytest.raises(ApprentiError) as caught:
        check(project / name, [project / "new.csv"], project, force)
    assert caught.value.key == "out_refused"


@pytest.mark.skipif(sys.platform == "win32", reason="devices and queues are files of POSIX")
@pytest.mark.parametrize("force", [False, True])
def test_answers_are_written_into_ordinary_files_alone(force, project):
    os.mkfifo(project / "queue")
    for path in (project / "queue", project.parent, "/dev/null"):
        with pytest.raises(ApprentiError) as caught:
            check(project / path, [project / "new.csv"], project, force)
        assert caught.value.key == "out_refused"


def test_a_file_of_answers_is_replaced_only_if_that_was_asked_for(project):
    with pytest.raises(ApprentiError) as caught:
        check(project / "answers.csv", [project / "new.csv"], project, force=False)
    assert caught.value.key == "out_exists"
    assert str(project / "answers.csv") in caught.value.parts()[0]
    check(project / "answers.csv", [project / "new.csv"], project, force=True)
    check(project / "others.csv", [project / "new.csv"], project, force=False)


@pytest.mark.parametrize(("name", "key"), [("a.ods", "out_ending"), ("none/a.csv", "cannot_write")])
def test_where_nothing_can_be_written_is_told_before_anything_is_predicted(name, key, project):
    with pytest.raises(ApprentiError) as caught:
        check(project / name, [project / "new.csv"], project, force=False)
    assert caught.value.key == key


@pytest.fixture(scope="module")
def of_shops(make_project, train, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shops")
    (folder / "shops.csv").write_bytes(shops(range(60)).encode("cp1252"))
    how = {"target": "genre", "framework": "sklearn", "kind": "tree", "ignore": ["code"]}
    made = make_project("shops.csv", folder=folder, **how)
    train(made)
    (folder / "new.csv").write_text("code;surface;ville\n1;1e9;Brest\n2;40;Brest\n")
    return folder


def test_a_probability_that_says_nothing_stands_in_brackets(apprenti, of_shops):
    said = apprenti("predict", "last", "new.csv", folder=of_shops, language="en").out
    doubtful, sure = (line for line in said.splitlines() if line[:4].strip() in ("1", "2"))
    assert "! surface" in doubtful and doubtful.count("(") == 2
    assert "(" not in sure and "%" in sure
    assert "100" not in sure
    assert "in brackets" in said.lower()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("42 rows of the training set", "accuracy")), ("fr", ("du jeu", "exactitude"))],
)
def test_a_score_of_known_rows_is_told_as_such(language, words, apprenti, of_shops):
    said = apprenti("predict", "last", "shops.csv", folder=of_shops, language=language)
    assert said.status == 0
    assert all(word in said.out for word in words)
    assert said.out.count("%)") >= 3


def test_what_goes_to_standard_output_is_the_table_alone(apprenti, of_shops):
    said = apprenti("predict", "last", "new.csv", "--out", "-", folder=of_shops)
    lines = said.out.splitlines()
    assert [line.split(";")[:3] for line in lines] == [
        ["code", "surface", "ville"],
        ["1", "1e9", "Brest"],
        ["2", "40", "Brest"],
    ]
    assert "surface" in said.err
