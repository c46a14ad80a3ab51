"""D041: classes of which no image is read."""

import shutil

from apprenti.findings import Finding


def test_a_class_that_is_in_heic_alone_is_an_error(find_in_files, pets):
    (pets / "fox").mkdir()
    for number in range(3):
        (pets / "fox" / f"IMG_{number}.HEIC").write_bytes(b"ftypheic")
    (found,) = find_in_files("D041", pets)
    assert isinstance(found, Finding) and found.is_serious
    assert found.values == {"classes": ["fox"], "example": "fox/IMG_0.HEIC"}


def test_a_class_whose_images_lie_too_deep_is_an_error(find_in_files, pets):
    shutil.copytree(pets / "cat", pets / "fox" / "holidays")
    (found,) = find_in_files("D041", pets)
    assert found.values == {"classes": ["fox"], "example": "fox/holidays/0.png"}


def test_a_class_of_which_some_images_are_read_is_there(find_in_files, pets):
    (pets / "cat" / "9.heic").write_bytes(b"ftypheic")
    (pets / "notes").mkdir()
    (pets / "notes" / "read me.txt").write_text("nothing")
    assert not find_in_files("D041", pets)
