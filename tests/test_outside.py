"""Whatever a reader raises becomes one message; what is no file on a disk is not opened."""

import os
import struct
import zlib

import pytest

from apprenti import outside
from apprenti.errors import ApprentiError
from apprenti.outside import check_ordinary, read_text, read_toml, reading, real

posix = pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    return caught.value


def stumble(path, error):
    with reading(path, "damaged_npz"):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        RecursionError("too deep"),
        OverflowError("too large"),
        EOFError(),
        struct.error("short"),
        zlib.error("bad"),
        KeyError("x"),
        IndexError(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no letter"),
        OSError("no number"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_reader_raises_names_the_file_and_a_reason(tmp_path, error):
    told = refusal(stumble, tmp_path, error)
    assert told.key == "damaged_npz" and told.values["path"] == tmp_path
    assert told.values["reason"].strip() and "\n" not in told.values["reason"]
    assert told.__cause__ is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ApprentiError("no_rows", path="x")])
def test_ctrl_c_and_what_is_told_already_pass(tmp_path, error):
    with pytest.raises(type(error)) as caught:
        stumble(tmp_path, error)
    assert caught.value is error


def test_what_the_system_refuses_and_the_memory_cannot_hold_have_their_own_errors(tmp_path):
    refused = refusal(stumble, tmp_path, PermissionError(13, "Permission denied"))
    assert (refused.key, refused.values["reason"]) == ("unreadable_file", "Permission denied")
    assert refusal(stumble, tmp_path, MemoryError()).key == "memory_short"


def test_a_reason_is_cut():
    assert len(outside.reason(ValueError("x" * 9999))) == outside.LONGEST_REASON


@posix
def test_a_pipe_a_device_and_a_link_to_one_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe", tmp_path / "link"):
        assert refusal(check_ordinary, path).key == "not_ordinary"
        assert refusal(read_text, path).key == "not_ordinary"
    assert refusal(check_ordinary, tmp_path).key == "unreadable_file"


@posix
def test_a_link_in_a_circle_and_a_path_that_cannot_be_are_told(tmp_path):
    (tmp_path / "round").symlink_to("round")
    for path in (tmp_path / "round", tmp_path / "a\0b", tmp_path / ("x" * 300)):
        assert refusal(check_ordinary, path).key == "unreadable_file"
        assert real(path)


def test_a_file_of_settings_is_not_read_beyond_what_a_person_writes(tmp_path):
    path = tmp_path / "apprenti.toml"
    with open(path, "wb") as file:
        file.truncate(2**40)
    assert refusal(read_text, path).key == "too_long"
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    [
        f"x = {'9' * 5000}",
        f"x = 0x{'f' * 5000}",
        f"x = {2**2000}",
        f"x = {'[' * 10_000}{']' * 10_000}",
        f"x{'.x' * 50_000} = 1",
        f"[x{'.x' * 5000}]",
    ],
    ids=["digits", "hexadecimal", "bits", "lists", "keys", "sections"],
)
def test_numbers_and_nesting_without_limits_are_told(tmp_path, text):
    error = refusal(read_toml, text, tmp_path)
    assert error.key == "not_toml"
    assert all(error.parts())
