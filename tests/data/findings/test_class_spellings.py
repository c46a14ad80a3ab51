"""D046: classes whose name is stored in two ways that look the same."""

import shutil
import sys

import pytest

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"

apart = pytest.mark.skipif(sys.platform == "darwin", reason="one folder for both, there")


@apart
def test_two_forms_of_one_name_are_told(find_in_files, pets):
    for name in (COMPOSED, DECOMPOSED):
        shutil.copytree(pets / "cat", pets / name)
    (found,) = find_in_files("D046", pets)
    assert (found.severity, found.values["classes"]) == ("note", [COMPOSED])


def test_one_form_alone_is_no_matter(find_in_files, pets):
    shutil.copytree(pets / "cat", pets / DECOMPOSED)
    assert not find_in_files("D046", pets)
