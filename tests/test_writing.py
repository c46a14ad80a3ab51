"""Files are there whole or not at all, whoever else writes them and whatever the disk does."""

import errno
import os
import threading

import pytest

from apprenti import writing
from apprenti.errors import ApprentiError


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_goes_wrong_leaves_what_was_there(tmp_path):
    path = tmp_path / "x.txt"
    writing.write_text(path, "before")
    with pytest.raises(ZeroDivisionError), writing.whole(path) as arriving:
        arriving.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "before" and left(tmp_path) == ["x.txt"]


def test_two_who_write_the_same_file_do_not_write_into_each_others(tmp_path):
    path = tmp_path / "x.txt"
    with writing.whole(path) as first, writing.whole(path) as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first" and left(tmp_path) == ["x.txt"]


def test_of_many_who_make_a_file_one_alone_succeeds(tmp_path):
    path, made, refused, start = tmp_path / "x.txt", [], [], threading.Barrier(8)

    def make(number):
        start.wait()
        try:
            writing.write_text(path, str(number), is_new=True)
            made.append(number)
        except FileExistsError:
            refused.append(number)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(refused) == 7
    assert path.read_text() == str(made[0]) and left(tmp_path) == ["x.txt"]


@pytest.mark.parametrize("number", writing.NO_LINKS)
def test_a_disk_without_links_has_new_files_too(tmp_path, monkeypatch, number):
    def refuse(*paths):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(writing.os, "link", refuse)
    path = tmp_path / "x.txt"
    writing.write_text(path, "é", is_new=True)
    with pytest.raises(FileExistsError):
        writing.write_text(path, "other", is_new=True)
    assert path.read_text(encoding="utf-8") == "é" and left(tmp_path) == ["x.txt"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_what_the_disk_refuses_is_told(tmp_path, monkeypatch, number):
    def refuse(*paths):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(writing.os, "replace", refuse)
    with pytest.raises(ApprentiError) as caught:
        writing.save(tmp_path / "x.txt", "text")
    assert caught.value.key == "cannot_write"
    assert caught.value.values["reason"] == os.strerror(number)
    assert left(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_file_has_the_rights_of_an_ordinary_one(tmp_path):
    writing.save(tmp_path / "ours", "x")
    (tmp_path / "ordinary").write_text("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "ordinary").stat().st_mode
