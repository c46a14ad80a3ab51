"""D043: images beside the folders of the classes, or deeper than they."""

import shutil


def test_images_beside_and_below_the_classes_are_named(find_in_files, pets):
    shutil.copy(pets / "cat" / "0.png", pets / "loose.png")
    shutil.copytree(pets / "cat", pets / "dog" / "holidays" / "2024")
    (found,) = find_in_files("D043", pets)
    assert (found.severity, found.values["count"]) == ("warning", 5)
    assert found.values["examples"][0] == "dog/holidays/2024/0.png"
    assert found.values["examples"][-1] == "loose.png"


def test_a_test_without_answers_is_told(find_in_files, pets):
    train = pets.parent / "data" / "train"
    train.parent.mkdir()
    pets.rename(train)
    (train.parent / "test").mkdir()
    shutil.copy(train / "cat" / "0.png", train.parent / "test" / "1.png")
    (found,) = find_in_files("D043", train.parent)
    assert found.values["examples"] == ["test/1.png"]


def test_images_in_their_classes_are_no_matter(find_in_files, pets):
    (pets / "dog" / "notes").mkdir()
    (pets / "dog" / "notes" / "1.txt").write_text("nothing")
    assert not find_in_files("D043", pets)
