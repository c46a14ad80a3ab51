"""D045: classes that are not in each of the folders train, valid and test."""

import shutil

import pytest


@pytest.fixture
def parts(pets):
    data = pets.parent / "data"
    for part in ("train", "test"):
        shutil.copytree(pets, data / part)
    return data


def test_a_class_of_the_test_that_is_never_learned_is_told(find_in_files, parts):
    shutil.copytree(parts / "test" / "cat", parts / "test" / "fox")
    shutil.copytree(parts / "train" / "cat", parts / "train" / "owl")
    (found,) = find_in_files("D045", parts)
    assert found.severity == "warning"
    assert found.values["classes"] == ["test/fox", "train/owl"]


def test_the_same_classes_in_each_part_are_no_matter(find_in_files, parts, pets):
    assert not find_in_files("D045", parts)
    assert not find_in_files("D045", pets)
