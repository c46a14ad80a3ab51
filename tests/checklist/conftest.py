"""A project in which everything is done, made once; each test gets a copy of it."""

import shutil

import flats
import pytest


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checklist") / "flats"
    flats.perfect(folder)
    return folder


@pytest.fixture
def perfect(made, tmp_path):
    """A copy in which anything may be changed."""
    return shutil.copytree(made, tmp_path / "flats")
