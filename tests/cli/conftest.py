"""The command line, as a user meets it: in a child process, in an empty folder."""

import functools
import json
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

import fork_server
import json_schemas


class Said(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


OF_A_PROCESS = ("PYTHON", "LC_", "LANG")
"""Variables that Python reads before anything else, and so no copy does."""


@pytest.fixture(scope="session")
def apprenti():
    """apprenti("train", "--json", folder=project): run a command and return what it said.

    On Linux it is a copy of one process; `process` is another each time, as all are elsewhere.
    """

    def run(*words, **more):
        copied = fork_server.POSSIBLE and not any(name.startswith(OF_A_PROCESS) for name in more)
        return _run(fork_server.run if copied else _in_a_process, *words, **more)

    return run


@pytest.fixture(scope="session")
def process():
    """process("train", "--json", folder=project): as `apprenti`, in a process of its own."""
    return functools.partial(_run, _in_a_process)


def _in_a_process(command, **more):
    return subprocess.run(command, capture_output=True, encoding="utf-8", **more)


def _run(how, *words, folder=".", language="en", code="", **variables):
    command = [sys.executable, *(["-c", code] if code else ["-m", "apprenti"]), *map(str, words)]
    environment = {**os.environ, "APPRENTI_LANG": language, **variables}
    done = how(command, cwd=folder, env=environment, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    said = Said(done.returncode, done.stdout, done.stderr)
    if "--json" in words:
        json_schemas.check(words, said)
    return said


@pytest.fixture
def project(make_project):
    """A new project on the digits with a quick model."""
    return make_project("digits", framework="sklearn", kind="linear", iterations=5)


@pytest.fixture(scope="session")
def trained(make_project, apprenti):
    """A project with three runs: trivial, linear, linear with another seed for the split."""
    made = make_project("digits", framework="sklearn", kind="linear", iterations=5)
    for change in ("model.kind=trivial", "iterations=5", "data.split.seed=1"):
        assert apprenti("train", "--set", change, folder=made.folder).status == 0
    return made


@pytest.fixture
def mine(trained, tmp_path):
    """A copy of the project with three runs, to change at will."""
    folder = tmp_path / "project"
    shutil.copytree(trained.folder, folder)
    return folder
