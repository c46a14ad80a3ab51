"""Known sets: downloaded from a server of our own, checked, found again, copied into a project."""

import gzip
import hashlib
import threading
import time

import numpy as np
import pytest

from apprenti.data.checksum import digest
from apprenti.data.fetch import known
from apprenti.data.fetch.known import KnownFile, KnownSet
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of downloads, which does not exist yet; APPRENTI_DATA names nothing."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(known, "cache", lambda: folder)
    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    return folder


@pytest.fixture
def tiny_set(tmp_path, server, cache, write_idx, monkeypatch):
    """A known set named `tiny`, on the server: one file known unpacked, one packed, as MNIST's."""
    made = tmp_path / "made"
    made.mkdir()
    write_idx(made / IMAGES, np.arange(320).reshape(20, 4, 4) % 256)
    write_idx(made / LABELS, np.arange(20) % 4)
    packages = {path.name: path.read_bytes() for path in made.iterdir()}
    server.files = {f"/{name}": content for name, content in packages.items()}
    unpacked = hashlib.sha256(gzip.decompress(packages[IMAGES])).hexdigest()
    packed = hashlib.sha256(packages[LABELS]).hexdigest()
    files = (
        KnownFile(IMAGES, len(packages[IMAGES]), unpacked, True),
        KnownFile(LABELS, len(packages[LABELS]), packed, False),
    )
    tiny = KnownSet(f"{server.at}/", files)
    monkeypatch.setitem(known.KNOWN, "tiny", tiny)
    return made


def no_news(share):
    pass


def opened(name, folder):
    return open_source(DataSettings(source=name), folder)


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


# ---- Downloading


def test_a_set_is_downloaded_checked_and_found_again(tiny_set, cache):
    heard = []
    assert known.on_disk("tiny") is None
    assert known.download("tiny", heard.append) == cache / "tiny"
    assert known.on_disk("tiny") == cache / "tiny"
    known.verify("tiny", cache / "tiny")
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert [entry.name for entry in cache.iterdir()] == ["tiny"]


def test_what_was_downloaded_is_a_source(tiny_set, tmp_path):
    known.download("tiny", no_news)
    source = opened("tiny", tmp_path)
    assert (source.kind, source.rows, source.classes) == ("idx", 20, 4)


def test_an_interrupted_download_leaves_nothing(tiny_set, cache, server):
    server.cut = True
    assert refusal(known.download, "tiny", no_news).key == "download_failed"
    assert list(cache.iterdir()) == []


def test_ctrl_c_during_a_download_leaves_nothing(tiny_set, cache):
    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        known.download("tiny", stop)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_other_content_than_expected_is_refused(tiny_set, cache, server, name):
    server.files[f"/{name}"] = gzip.compress(b"other content")
    error = refusal(known.download, "tiny", no_news)
    assert error.key == "wrong_checksum"
    assert list(cache.iterdir()) == []


def test_a_failed_download_keeps_the_set_that_was_there(tiny_set, cache, server):
    known.download("tiny", no_news)
    server.files[f"/{LABELS}"] = gzip.compress(b"other content")
    refusal(known.download, "tiny", no_news)
    known.verify("tiny", cache / "tiny")


def test_files_that_were_seen_to_be_right_are_not_unpacked_again(tiny_set, cache, monkeypatch):
    known.download("tiny", no_news)
    folder = cache / "tiny"
    seen = {name: digest(folder / name) for name in (IMAGES, LABELS)}
    with monkeypatch.context() as patched:
        patched.setattr(gzip, "open", None)
        known.verify("tiny", folder, seen)
    (folder / LABELS).write_bytes(gzip.compress(b"other content"))
    assert refusal(known.verify, "tiny", folder, seen).key == "wrong_checksum"


def test_a_page_that_is_not_there_is_told(tiny_set, cache, server):
    del server.files[f"/{LABELS}"]
    error = refusal(known.download, "tiny", no_news)
    assert error.key == "download_failed"
    assert error.values["address"].startswith("http://127.0.0.1")
    assert list(cache.iterdir()) == []


def test_a_server_that_is_down_is_told_at_once(tiny_set, cache, monkeypatch):
    monkeypatch.setitem(known.KNOWN, "tiny", known.KNOWN["tiny"]._replace(address=NOBODY))
    start = time.monotonic()
    assert refusal(known.download, "tiny", no_news).key == "download_failed"
    assert time.monotonic() - start < 6
    assert list(cache.iterdir()) == []


def test_a_server_that_says_nothing_is_given_up(tiny_set, cache, monkeypatch):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setitem(known.KNOWN, "tiny", known.KNOWN["tiny"]._replace(address=address))
        start = time.monotonic()
        assert refusal(known.download, "tiny", no_news, 0.3).key == "download_failed"
        assert time.monotonic() - start < 5


def test_a_server_that_speaks_another_language_is_told(tiny_set, cache, monkeypatch):
    import socket

    def talk():
        stranger, _ = other.accept()
        with stranger:
            stranger.recv(1000)
            stranger.sendall(b"220 mail ready\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:
        threading.Thread(target=talk).start()
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        monkeypatch.setitem(known.KNOWN, "tiny", known.KNOWN["tiny"]._replace(address=address))
        assert refusal(known.download, "tiny", no_news).key == "download_failed"


def test_a_cache_that_cannot_be_made_is_told(tiny_set, cache):
    cache.write_text("a file in its place")
    assert refusal(known.download, "tiny", no_news).key == "download_failed"


# ---- Finding and bringing


def test_a_missing_set_is_told_with_its_size(tiny_set, tmp_path):
    error = refusal(opened, "tiny", tmp_path)
    assert error.key == "set_missing"
    assert "MB" in error.parts()[1]
    assert refusal(known.bring, "tiny", tmp_path).key == "set_missing"


def test_the_project_comes_before_apprenti_data_and_that_before_the_cache(
    tiny_set, tmp_path, cache, monkeypatch
):
    project, named = tmp_path / "project", tmp_path / "named"
    monkeypatch.setenv("APPRENTI_DATA", str(named))
    assert known.places(project) == [project, named, cache]
    for place in (cache, named, project):
        (place / "tiny").mkdir(parents=True)
        assert known.on_disk("tiny", project) != place / "tiny", "a folder without its files"
        for path in tiny_set.iterdir():
            (place / "tiny" / path.name).write_bytes(path.read_bytes())
        assert known.on_disk("tiny", project) == place / "tiny"


def test_bringing_a_set_makes_the_project_complete(tiny_set, tmp_path, cache):
    known.download("tiny", no_news)
    project = tmp_path / "project"
    project.mkdir()
    known.bring("tiny", project)
    assert sorted(entry.name for entry in project.iterdir()) == ["tiny"]
    assert {p.name for p in (project / "tiny").iterdir()} == {IMAGES, LABELS}
    for path in (project / "tiny").iterdir():
        assert path.read_bytes() == (tiny_set / path.name).read_bytes()
    known.bring("tiny", project)  # A second time there is nothing to do


def test_a_damaged_set_is_not_brought(tiny_set, tmp_path, cache):
    known.download("tiny", no_news)
    (cache / "tiny" / LABELS).write_bytes(gzip.compress(b"other"))
    assert refusal(known.bring, "tiny", tmp_path).key == "wrong_checksum"
    assert not (tmp_path / "tiny").exists()


def test_a_set_that_cannot_be_copied_whole_is_not_there_at_all(
    tiny_set, tmp_path, cache, monkeypatch
):
    def fill_the_disk(source, target):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    known.download("tiny", no_news)
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setattr(known.shutil, "copyfile", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        known.bring("tiny", project)
    assert list(project.iterdir()) == []


# ---- The sets themselves


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_a_folder_of_other_data_that_bears_a_known_name_is_refused(name, tmp_path, write_idx):
    folder = tmp_path / name
    folder.mkdir()
    for file in known.KNOWN[name].files:
        write_idx(folder / file.name, np.zeros(3))
    error = refusal(opened, name, tmp_path)
    assert error.key == "wrong_checksum"
    assert error.values["name"] == name


def test_a_known_folder_of_which_a_file_is_missing_is_told(tmp_path):
    (tmp_path / "mnist").mkdir()
    error = refusal(opened, "mnist", tmp_path)
    assert error.key == "unreadable_file"
    assert error.values["path"].parent == tmp_path / "mnist"


@pytest.mark.parametrize("damage", ["cut", "changed", "not gzip"])
def test_a_damaged_file_of_a_known_set_is_told(tiny_set, tmp_path, cache, damage):
    known.download("tiny", no_news)
    path = cache / "tiny" / IMAGES
    content = path.read_bytes()
    middle = len(content) // 2
    changed = content[:middle] + bytes(byte ^ 0xFF for byte in content[middle:])
    path.write_bytes({"cut": content[:middle], "changed": changed, "not gzip": b"<html>"}[damage])
    assert refusal(opened, "tiny", tmp_path).key == "damaged_gzip"


def test_every_known_set_has_training_and_test_files_of_a_sensible_size():
    for name, known_set in known.KNOWN.items():
        assert known_set.address.startswith("http"), name
        assert len(known_set.files) == 4
        assert 10 < known_set.megabytes < 50
        assert all(len(file.sha256) == 64 for file in known_set.files)


@pytest.mark.mnist
def test_the_real_mnist_is_sound(mnist_folder, tmp_path):
    source = opened("mnist", tmp_path)
    assert source.folder == mnist_folder.parent.resolve()
    assert (source.rows, source.shape, source.classes) == (60_000, (28, 28), 10)
    assert source.has_test_part


def test_two_who_download_at_once_do_not_remove_each_others(tiny_set, cache):
    found, wrong = [], []

    def download():
        try:
            found.append(known.download("tiny", no_news))
        except ApprentiError as error:
            wrong.append(str(error))

    threads = [threading.Thread(target=download) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and found == [cache / "tiny"] * 4
    known.verify("tiny", cache / "tiny")
    assert [path.name for path in cache.iterdir()] == ["tiny"]
