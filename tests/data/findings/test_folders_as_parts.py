"""D048: folders train, valid and test that are taken as the parts of the data."""

import shutil


def test_the_folders_and_their_images_are_told(find_in_files, pets):
    for part in ("Training", "val", "test"):
        shutil.copytree(pets, pets.parent / "data" / part)
    (found,) = find_in_files("D048", pets.parent / "data")
    folders = [("Training", 8), ("val", 8), ("test", 8)]
    assert (found.severity, found.values["folders"]) == ("note", folders)


def test_classes_are_no_parts(find_in_files, pets):
    (pets / "cat").rename(pets / "train")
    (pets / "dog").rename(pets / "test")
    assert not find_in_files("D048", pets)
