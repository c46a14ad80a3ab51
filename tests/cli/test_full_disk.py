"""A disk that takes nothing more is told by every command, and nothing is left half-written."""

import contextlib
import signal
import sys

import pytest
import sklearn.metrics  # noqa: F401 - once the disk is full, its import would warn of joblib

from apprenti import cli, runs

resource = pytest.importorskip("resource", reason="limits of POSIX")


@contextlib.contextmanager
def full():
    """From now on no file of this process can have a single byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def tree(folder):
    paths = sorted(path for path in folder.rglob("*") if path.name != ".lock")
    return {path: path.read_bytes() for path in paths if path.is_file()}


@pytest.fixture
def inside(monkeypatch, capsys):
    before = signal.getsignal(signal.SIGTERM)

    def run(*words, folder):
        monkeypatch.chdir(folder)
        with pytest.raises(SystemExit) as left:
            cli.main(list(words))
        return left.value.code or 0, capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    "words",
    [
        ("data",),
        ("data", "--no-picture"),
        ("new", "other", "--data", "digits"),
        ("runs", "note", "last", "words"),
        ("eject", "last", "away"),
        ("train",),
        ("reproduce", "last", "--quiet"),
        ("report", "--card"),
    ],
    ids=" ".join,
)
def test_a_full_disk_is_told_and_leaves_what_was_there(inside, mine, words):
    before = tree(mine)
    with full():
        status, said = inside(*words, folder=mine)
    assert status == 1, said.out + said.err
    assert "File too large" in said.err and said.err.startswith("✗")
    assert tree(mine) == before
    assert not (mine / "other").exists()


@pytest.mark.parametrize("words", [("rename", "last", "better"), ("delete", "last", "--yes")])
def test_a_folder_that_cannot_be_moved_is_told(inside, mine, monkeypatch, words):
    def refuse(*paths):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    listed = [run.name for run in runs.all_runs(mine / "runs")]
    status, said = inside("runs", *words, folder=mine)
    if status == 2:
        status, said = inside("runs", *words[:2], folder=mine)
    assert status == 1 and "Read-only file system" in said.err
    assert [run.name for run in runs.all_runs(mine / "runs")] == listed


def test_an_output_that_takes_nothing_is_told(inside, mine, monkeypatch):
    if sys.platform != "linux":
        pytest.skip("/dev/full is a device of Linux")
    with open("/dev/full", "w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        status, said = inside("runs", folder=mine)
        assert status == 1 and "No space left on device" in said.err
        with contextlib.suppress(OSError):
            out.close()
