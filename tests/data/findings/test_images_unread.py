"""D042: images of kinds that are not read."""

import pytest

from apprenti.data.findings import words


@pytest.mark.parametrize("ending", ["heic", "HEIF", "avif", "dng", "svg"])
def test_images_of_other_kinds_are_counted_by_their_kind(find_in_files, pets, ending):
    (pets / "cat" / f"9.{ending}").write_bytes(b"ftyp")
    (found,) = find_in_files("D042", pets)
    assert found.severity == "warning"
    assert found.values["kinds"] == [(f".{ending.lower()}", 1)]
    assert found.values["examples"] == [f"cat/9.{ending}"]
    assert f"cat/9.{ending}" in words.tell(found).what


def test_many_are_counted_and_a_few_are_named(find_in_files, pets):
    for number in range(40):
        (pets / "cat" / f"{number}.heic").write_bytes(b"ftyp")
    (found,) = find_in_files("D042", pets)
    assert found.values["count"] == 40 and len(found.values["examples"]) == 12


@pytest.mark.parametrize("ending", ["jfif", "jpe", "webp", "tiff"])
def test_kinds_that_are_read_are_no_matter(find_in_files, pets, ending):
    from PIL import Image

    format = "JPEG" if ending in ("jfif", "jpe") else None
    Image.new("RGB", (6, 5)).save(pets / "cat" / f"9.{ending}", format)
    assert not find_in_files("D042", pets)
