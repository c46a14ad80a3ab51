"""What is private does not get into a bug report; what helps does."""

import getpass
import socket
import sys
from pathlib import Path

import pytest

from apprenti.doctor.bug_report import masked

PRIVATE = [
    ('File "/home/camille/projet secret/train.py", line 3', 'File "<path>", line 3'),
    ("ImportError: /home/camille/a b/lib.so: cannot open", "ImportError: <path>: cannot open"),
    (r"OSError: C:\Users\camille\Mes Documents\x.dll is missing", "OSError: <path> is missing"),
    (r"'C:\\Users\\camille\\x.dll'", "'<path>'"),
    (r"\\server\share\camille\x", "<path>"),
    ("see ~/cours/ia/data.csv, please", "see <path>, please"),
]

KEPT = [
    "https://github.com/pytorch/pytorch/issues/141287",
    "Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.3.0.",
    "Linux 6.1.0 x86_64, glibc 2.36",
    "tensorflow/core/util/port.cc:153] oneDNN custom operations are on",
    "and/or, yes/no, 1/2",
]


@pytest.mark.parametrize(("text", "expected"), PRIVATE)
def test_folders_are_masked(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_folder_stays(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "path",
    [
        "/home/camille/.venv/lib/python3.12/site-packages/torch/lib/c10.so",
        r"C:\Users\camille\.venv\Lib\site-packages\torch/lib/c10.so",
    ],
)
def test_of_a_path_the_part_inside_the_packages_stays(path):
    assert masked(f'Error loading "{path}"') == 'Error loading "<path>/torch/lib/c10.so"'


def test_the_own_names_and_folders_are_masked(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "camille")
    monkeypatch.setattr(socket, "gethostname", lambda: "portable-de-camille.local")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/camille"))
    text = f"camille on portable-de-camille, {sys.prefix}/bin/python, /home/camille/x"
    assert "camille" not in masked(text)
    assert sys.prefix not in masked(text)
