"""D044: what lies beside images and is passed over."""

import os
import socket

import pytest

from apprenti import language
from apprenti.data.findings import words

POSIX = pytest.mark.skipif(os.name == "nt", reason="no pipes, and links need rights there")


def by_kind(found):
    return {one.subject: one.values["examples"] for one in found}


def test_hidden_files_other_kinds_and_empty_folders_are_told(find_in_files, pets):
    (pets / ".DS_Store").write_bytes(b"x")
    (pets / "__MACOSX" / "cat").mkdir(parents=True)
    (pets / "__MACOSX" / "cat" / "._1.png").write_bytes(b"x")
    (pets / "cat" / "Thumbs.db").write_bytes(b"x")
    (pets / "cat" / "film.mp4").write_bytes(b"x")
    (pets / "fox").mkdir()
    found = find_in_files("D044", pets)
    assert {one.severity for one in found} == {"note"}
    assert by_kind(found) == {
        "empty": ["fox"],
        "other": ["cat/film.mp4"],
        "hidden": [".DS_Store", "__MACOSX", "cat/Thumbs.db"],
    }


@POSIX
def test_pipes_sockets_and_links_in_circles_are_told_and_never_opened(find_in_files, pets):
    os.mkfifo(pets / "cat" / "pipe.png")
    (pets / "cat" / "self.png").symlink_to("self.png")
    (pets / "dog" / "nowhere.png").symlink_to("nothing.png")
    (pets / "round").symlink_to(".")
    os.chdir(pets)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("dog/s.png")
        found = find_in_files("D044", pets)
    names = ["cat/pipe.png", "cat/self.png", "dog/nowhere.png", "dog/s.png", "round"]
    assert by_kind(found) == {"special": names}


def test_images_alone_are_no_matter(find_in_files, pets):
    assert not find_in_files("D044", pets)


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_each_kind_has_its_sentence(find_in_files, pets, lang):
    language.choose(lang)
    (pets / "cat" / "film.mp4").write_bytes(b"x")
    (pets / "fox").mkdir()
    said = [words.tell(one).what for one in find_in_files("D044", pets)]
    assert len(set(said)) == 2
    assert all(part in text for part, text in zip(("fox", "cat/film.mp4"), said, strict=True))
