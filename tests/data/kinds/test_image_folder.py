"""A folder of images: what is found in it, what is refused, and that a script reads the same."""

import contextlib
import csv
import io
import json
import os
import struct
import sys
import zlib

import numpy as np
import psutil
import pytest
from PIL import Image

from apprenti.backends.common import (
    image_files,
    image_files_streamed,
    image_folder,
    image_points,
    load,
    new_images,
    split_folders,
)
from apprenti.backends.common.settings import Config
from apprenti.data import formats
from apprenti.data.describe import samples
from apprenti.data.findings import look_at_rows
from apprenti.data.kinds import decoded, images
from apprenti.data.kinds.image_folder import list_images, names_and_labels
from apprenti.data.source import open_source
from apprenti.data.split.parts import TEST, TRAIN, VALID
from apprenti.data.split.written import share_out
from apprenti.errors import ApprentiError
from apprenti.new.template import create
from apprenti.project import Choices, DataSettings
from apprenti.train.plan import plan, resolve

MODES = {
    "1": "png",
    "L": "png",
    "LA": "png",
    "P": "gif",
    "RGB": "jpg",
    "RGBA": "png",
    "CMYK": "jpg",
    "I;16": "png",
    "I;16B": "tif",
    "I": "tif",
    "F": "tif",
}
GREY = {"1", "L", "LA"}


def opened(folder, **settings):
    return open_source(DataSettings(source=str(folder), **settings), folder.parent)


def refusal(folder, **settings):
    with pytest.raises(ApprentiError) as caught:
        opened(folder, **settings)
    # Every place of its texts is filled, in what, why and what to do
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def fill(folder, classes=("cat", "dog"), each=4, mode="RGB", ending="png", size=(6, 5)):
    """Make a folder of images; `size` is width and height, as Pillow counts."""
    for name in classes:
        (folder / name).mkdir(parents=True)
        for number in range(each):
            Image.new(mode, size, number).save(folder / name / f"{number}.{ending}")
    return folder


@pytest.fixture
def pets(tmp_path):
    return fill(tmp_path / "pets")


# ---- Sound folders


def test_a_folder_of_images_is_described_and_hashed(pets):
    source = opened(pets)
    assert (source.kind, source.name, source.folder) == ("image_folder", "pets", pets.parent)
    assert (source.rows, source.shape, source.classes) == (8, (5, 6, 3), 2)
    settings = {"image_size": (5, 6), "image_mode": "RGB"}
    settings |= {"image_needs": (), "endings": (".png",), "ascii_classes": True}
    assert source.settings == settings
    assert not source.has_test_part
    assert source.hashes.keys() == {"pets"}


@pytest.mark.parametrize("change", ["content", "name", "one more"])
def test_the_hash_sees_every_change(pets, change):
    before = opened(pets).hashes
    if change == "content":
        Image.new("RGB", (6, 5), 9).save(pets / "cat" / "0.png")
    elif change == "name":
        (pets / "cat" / "0.png").rename(pets / "cat" / "9.png")
    else:
        Image.new("RGB", (6, 5)).save(pets / "dog" / "9.png")
    assert opened(pets).hashes != before


@pytest.mark.parametrize(("mode", "ending"), MODES.items())
def test_images_of_any_mode_are_read(tmp_path, mode, ending):
    folder = fill(tmp_path / "images", mode=mode, ending=ending)
    source = opened(folder)
    expected = "F" if mode in images.DEEP_MODES else "L" if mode in GREY else "RGB"
    assert source.settings["image_mode"] == expected
    points = image_points.read_image(folder / "cat" / f"1.{ending}", Config(**source.settings))
    assert points.dtype == (np.float32 if expected == "F" else np.uint8)
    assert points.shape == source.shape


def test_sixteen_bits_keep_their_shades(tmp_path):
    Image.fromarray(np.array([[0, 256, 0x7FFF, 0xFFFF]], np.uint16)).save(tmp_path / "x.png")
    config = Config(image_size=(1, 4), image_mode="L")
    assert image_points.read_image(tmp_path / "x.png", config).tolist() == [[0, 1, 127, 255]]


def test_what_is_transparent_becomes_white(tmp_path):
    Image.new("RGBA", (3, 3), (9, 9, 9, 0)).save(tmp_path / "x.png")
    config = Config(image_size=(3, 3), image_mode="RGB")
    assert (image_points.read_image(tmp_path / "x.png", config) == 255).all()


def test_a_photo_taken_sideways_is_turned(tmp_path):
    folder = fill(tmp_path / "images", ending="jpg", size=(8, 4))
    for path in folder.glob("*/*"):
        exif = Image.Exif()
        exif[images.ORIENTATION] = 6
        Image.open(path).save(path, exif=exif)
    assert opened(folder).shape == (8, 4, 3)
    config = Config(image_size=(8, 4))
    # No border is added: it fits when it is turned
    Image.new("RGB", (8, 4), "white").save(tmp_path / "x.jpg", exif=exif)
    assert image_points.read_image(tmp_path / "x.jpg", config).min() > 250


@pytest.mark.parametrize(("mode", "ending"), MODES.items())
def test_images_are_the_same_without_what_none_of_them_needs(tmp_path, mode, ending):
    folder = fill(tmp_path / "images", mode=mode, ending=ending, size=(9, 6))
    settings = opened(folder).settings
    needed = Config(**settings)
    every = needed._replace(image_needs=Config().image_needs)
    for path in folder.glob("*/*"):
        points = image_points.read_image(path, needed)
        assert (points == image_points.read_image(path, every)).all()


def exif(value):
    noted = Image.Exif()
    noted[images.ORIENTATION] = value
    return noted


@pytest.mark.parametrize(
    ("needed", "ending", "image", "written"),
    [
        ((), "jpg", Image.new("RGB", (23, 30)), {}),
        (("draft",), "jpg", Image.new("RGB", (24, 30)), {}),
        ((), "png", Image.new("RGB", (24, 30)), {}),
        ((), "jpg", Image.new("RGB", (6, 5)), {"exif": exif(1)}),
        (("turn",), "jpg", Image.new("RGB", (6, 5)), {"exif": exif(3)}),
        (("turn",), "png", Image.new("RGB", (6, 5)), {"exif": exif(3)}),
        (("turn",), "webp", Image.new("RGB", (6, 5)), {"exif": exif(8)}),
        (("paper",), "png", Image.new("LA", (6, 5)), {}),
        (("paper",), "png", Image.new("P", (6, 5)), {"transparency": 0}),
        (("paper",), "gif", Image.new("P", (6, 5)), {"transparency": 0}),
    ],
)
def test_what_one_image_needs_is_known(pets, needed, ending, image, written):
    image.save(pets / "cat" / f"9.{ending}", **written)
    source = opened(pets, image_size=[6, 5])
    assert source.settings["image_needs"] == needed
    # Whoever opens them all without anything else sees what a script with all of it would see
    config = Config(**source.settings)
    every = config._replace(image_needs=Config().image_needs)
    for path in pets.glob("*/*"):
        points = image_points.read_image(path, config)
        assert (points == image_points.read_image(path, every)).all()


def test_the_usual_size_is_the_median_and_64_at_most(tmp_path):
    assert opened(fill(tmp_path / "small", size=(6, 5))).shape == (5, 6, 3)
    assert opened(fill(tmp_path / "large", size=(640, 320))).shape == (32, 64, 3)
    mixed = fill(tmp_path / "mixed", size=(6, 5))
    Image.new("RGB", (60, 50)).save(mixed / "cat" / "0.png")
    assert opened(mixed).shape == (5, 6, 3)


def test_the_size_in_the_settings_wins(pets):
    source = opened(pets, image_size=[10, 12])
    assert source.shape == (10, 12, 3)
    assert source.settings["image_size"] == (10, 12)


def test_an_image_keeps_its_proportions(tmp_path):
    Image.new("L", (8, 4), 200).save(tmp_path / "x.png")
    config = Config(image_size=(8, 8), image_mode="L")
    points = image_points.read_image(tmp_path / "x.png", config)
    assert (points[2:6] == 200).all()
    assert not points[:2].any()
    assert not points[6:].any()


def test_other_files_and_hidden_ones_are_left_alone(pets):
    (pets / "notes.txt").write_text("x")
    (pets / "cat" / "Thumbs.db").write_bytes(b"x")
    (pets / "cat" / "._1.png").write_bytes(b"x")
    (pets / ".hidden").mkdir()
    (pets / ".hidden" / "1.png").write_bytes(b"x")
    (pets / "empty").mkdir()
    assert (opened(pets).rows, opened(pets).classes) == (8, 2)
    assert opened(pets).settings["endings"] == (".png",)


def test_a_folder_that_is_named_like_an_image_is_none(pets, monkeypatch):
    (pets / "cat" / "small.png").mkdir()
    source = opened(pets)
    assert (source.rows, source.settings["endings"]) == (8, ())
    inputs, *_ = image_folder.read(pets, Config())
    assert len(inputs) == 8


def test_script_and_tool_list_the_same_images_in_the_same_order(photos, monkeypatch):
    monkeypatch.chdir(photos.parent)
    listed = list_images(photos)
    inputs, labels, names = image_folder.read(photos, Config())
    assert [path.relative_to(photos).as_posix() for path in inputs] == list(listed)
    assert labels.tolist() == [name.split("/")[0] for name in listed]
    assert names.tolist() == list(listed)
    assert formats.IMAGE_ENDINGS == image_points.ENDINGS
    assert Config().formats == formats.IMAGE_FORMATS


def test_no_test_image_is_opened(photos, monkeypatch):
    monkeypatch.chdir(photos.parent)
    config = Config(data="photos", image_size=(4, 4), train=20, valid=10, test=10)
    for name in ("fit_preparation", "prepare"):
        monkeypatch.setattr(load, name, getattr(image_files, name))
    monkeypatch.setattr(load, "read", image_folder.read)
    read, real = [], image_points.read_image
    noted = lambda path, config: read.append(path) or real(path, config)  # noqa: E731
    monkeypatch.setattr(image_files, "read_image", noted)
    data = load.load_data(config)
    assert len(read) == 30
    assert data.train_inputs.shape == (20, 4, 4, 3)
    assert data.train_inputs.dtype == np.float32
    assert 0 <= data.train_inputs.min() <= data.train_inputs.max() <= 1


# ---- What no run can use


def damage(path, kind):
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "no image":
        path.write_bytes(b"not an image")
    elif kind == "cut short":
        content = path.read_bytes()
        path.write_bytes(content[: len(content) * 2 // 3])
    elif kind == "another format":
        # Ghostscript would be started to open this one
        path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "gif", "tif", "webp"])
@pytest.mark.parametrize("kind", ["empty", "no image", "cut short", "another format"])
def test_a_broken_image_is_named(tmp_path, kind, ending):
    folder = fill(tmp_path / "pets", ending=ending, size=(60, 50))
    damage(folder / "dog" / f"2.{ending}", kind)
    damage(folder / "dog" / f"3.{ending}", kind)
    error = refusal(folder)
    assert error.key == "broken_in_folder"
    assert (error.values["count"], error.values["name"]) == (2, f"dog/2.{ending}")


def test_a_jpeg_cut_short_is_not_mistaken_for_the_jpeg_inside_it(tmp_path):
    folder = fill(tmp_path / "pets", ending="jpg", size=(60, 50))
    thumbnail = io.BytesIO()
    Image.new("RGB", (8, 8)).save(thumbnail, "JPEG")
    path = folder / "cat" / "1.jpg"
    content = path.read_bytes()
    inner = thumbnail.getvalue()
    segment = b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner
    path.write_bytes(content[:2] + segment + content[2:])
    assert opened(folder).rows == 8
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(folder).values["name"] == "cat/1.jpg"


def test_a_jpeg_damaged_in_its_middle_is_named_though_its_end_is_whole(tmp_path):
    folder = fill(tmp_path / "pets", ending="jpg", size=(60, 50))
    path = folder / "dog" / "1.jpg"
    noise = np.random.default_rng(0).integers(255, size=(200, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = b"\xff\xc4" * 1500
    path.write_bytes(content)
    assert content.endswith(b"\xff\xd9")
    error = refusal(folder)
    assert (error.key, error.values["name"]) == ("broken_in_folder", "dog/1.jpg")


def test_random_bytes_in_a_jpeg_are_seen_by_the_marks_among_them(tmp_path):
    folder = fill(tmp_path / "pets", ending="jpg", size=(600, 500))
    random = np.random.default_rng(1)
    points = random.integers(255, size=(300, 400, 3), dtype=np.uint8)
    for number, options in enumerate(({}, {"progressive": True}, {"restart_marker_blocks": 4})):
        path = folder / "cat" / f"{number}.jpg"
        Image.fromarray(points).save(path, **options)
        path.write_bytes(path.read_bytes() + b"some cameras add \xff\x01 after the end")
    assert opened(folder).rows == 8
    for path in sorted((folder / "cat").iterdir())[:3]:
        content = bytearray(path.read_bytes())
        content[20_000:23_000] = random.integers(256, size=3000, dtype=np.uint8).tobytes()
        path.write_bytes(content)
    assert refusal(folder).values["names"] == ("cat/0.jpg", "cat/1.jpg", "cat/2.jpg")


def test_images_are_left_out_by_name(pets, make_project, train):
    (pets / "dog" / "2.png").write_bytes(b"no image")
    skipped = ["dog/2.png"]
    source = opened(pets, skip_images=skipped)
    assert (source.rows, source.settings["skip_images"]) == (7, ("dog/2.png",))
    names = image_folder.read(pets, Config(skip_images=("dog/2.png",)))[2].tolist()
    assert names == names_and_labels(source)[0].tolist() and "dog/2.png" not in names
    made = make_project(pets, skip_images=skipped, framework="sklearn", kind="linear")
    assert train(made).status == "finished"


def test_a_name_to_leave_out_that_no_image_has_is_refused(pets, tmp_path):
    error = refusal(pets, skip_images=["dog/22.png"])
    assert (error.key, error.values["nearest"]) == ("skip_missing", "dog/2.png")
    with pytest.raises(ApprentiError) as raised:
        open_source(DataSettings(source="digits", skip_images=["a.png"]), tmp_path)
    assert raised.value.key == "skip_elsewhere"


def test_a_project_is_made_without_the_broken_ones(pets, tmp_path):
    (pets / "dog" / "2.png").write_bytes(b"no image")
    with pytest.raises(ApprentiError):
        create(tmp_path / "project", str(pets))
    assert not (tmp_path / "project").exists()
    made, source = create(tmp_path / "project", str(pets), skip_broken=True)
    assert (made.choices.data.skip_images, source.rows) == (("dog/2.png",), 7)


@pytest.mark.parametrize("side", [10_000, 65_535])
def test_an_image_bomb_is_refused_by_its_size(pets, side):
    def chunk(name, content):
        checked = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    points = chunk(b"IDAT", zlib.compress(bytes(1000)))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + points + chunk(b"IEND", b"")
    (pets / "cat" / "1.png").write_bytes(png)
    error = refusal(pets)
    assert (error.key, error.values["name"]) == ("image_too_large", "cat/1.png")


def test_points_that_are_no_numbers_are_refused(tmp_path):
    folder = fill(tmp_path / "scans", mode="F", ending="tif")
    Image.fromarray(np.full((5, 6), np.nan, np.float32)).save(folder / "cat" / "2.tif")
    error = refusal(folder)
    assert (error.key, error.values["name"]) == ("broken_in_folder", "cat/2.tif")


def test_two_depths_in_one_folder_are_refused(tmp_path):
    folder = fill(tmp_path / "scans", mode="I;16")
    Image.new("L", (6, 5)).save(folder / "dog" / "1.png")
    error = refusal(folder)
    assert (error.key, error.values["deep"], error.values["others"]) == ("mixed_depths", 7, 1)
    assert (error.values["name"], error.values["other"]) == ("cat/0.png", "dog/1.png")


def test_classes_of_which_no_image_is_read_are_named(pets):
    for path in (pets / "dog").iterdir():
        path.rename(path.with_suffix(".HEIC"))
    error = refusal(pets)
    assert (error.key, error.values["classes"], error.values["count"]) == (
        "classes_unread",
        "dog",
        4,
    )
    for path in (pets / "cat").iterdir():
        path.rename(path.with_suffix(".avif"))
    assert refusal(pets).values["classes"] == "cat, dog"


def test_one_class_is_not_enough(tmp_path):
    error = refusal(fill(tmp_path / "pets", classes=("cat",)))
    assert (error.key, error.values["name"]) == ("one_class_folder", "cat")


def test_a_folder_for_each_image_is_no_class(tmp_path):
    assert refusal(fill(tmp_path / "p", classes=("a", "b"), each=1)).key == "too_many_folders"


def test_images_must_be_in_folders(tmp_path):
    fill(tmp_path / "pets", classes=(".",))
    error = refusal(tmp_path / "pets")
    assert (error.key, error.values["loose"]) == ("no_class_folders", 4)


def test_images_one_folder_too_deep_are_told(tmp_path):
    fill(tmp_path / "pets" / "photos")
    error = refusal(tmp_path / "pets")
    assert (error.key, error.values["loose"]) == ("no_class_folders", 0)
    assert error.values["nearest"] == str(tmp_path / "pets" / "photos")


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_links_that_lead_outside_are_refused(pets, what):
    outside = fill(pets.parent / "elsewhere")
    link = pets / "cat" / "9.png" if what == "file" else pets / "fox"
    link.symlink_to(outside / "cat" / "1.png" if what == "file" else outside / "cat")
    assert refusal(pets).key == "image_outside"


def test_more_images_than_the_memory_holds_are_for_networks_alone(pets, monkeypatch, make_project):
    small = type("Memory", (), {"total": 2000})
    monkeypatch.setattr(psutil, "virtual_memory", small)
    assert not opened(pets, image_size=[2, 2]).streamed
    assert opened(pets, image_size=[20, 20]).streamed
    assert not opened(pets, image_size=[20, 20], streamed=False).streamed
    large = {"data.image_size": [20, 20], "kind": "linear"}
    assert plan(make_project(pets, **large, framework="pytorch")).material.streamed
    with pytest.raises(ApprentiError) as raised:
        plan(make_project(pets, **large, framework="sklearn"))
    assert raised.value.key == "images_memory"


# ---- Folders that are parts of the data


@pytest.fixture
def parts(tmp_path):
    """parts("train", "test"): folders of the same two classes, of eight, four, four... images."""

    def make(*names):
        for name in names:
            fill(tmp_path / "data" / name, each=4 if name == names[0] else 2)
        return tmp_path / "data"

    return make


@pytest.mark.parametrize(
    "names", [("train", "test"), ("Entraînement", "Test"), ("training", "TESTING")]
)
def test_a_folder_of_the_test_is_the_data_s_own_test_part(parts, names):
    folder = parts(*names)
    source = opened(folder)
    assert (source.rows, source.classes, source.has_test_part) == (8, 2, True)
    assert source.settings["folders"] == names[:1]
    assert source.settings["test_folders"] == names[1:]
    assert source.passed_over.parts == ((names[0], 8), (names[1], 4))
    _, labels, found = image_folder.read(folder, Config(folders=names[:1]))
    assert set(labels) == {"cat", "dog"} and len(found) == 8
    assert all(name.startswith(f"{names[0]}/") for name in found)


def test_a_folder_of_the_validation_is_the_validation_set(parts):
    folder = parts("train", "val", "test")
    source = opened(folder)
    assert (source.rows, source.valid_part, source.split) == (12, 4, "folders")
    data = DataSettings(source=str(folder))
    shares = share_out(source, data)
    valid = {name for name, part in zip(shares.rows, shares.parts, strict=True) if part == VALID}
    assert valid == {f"val/{kind}/{number}.png" for kind in ("cat", "dog") for number in (0, 1)}
    assert not (shares.parts == TEST).any()
    chosen, material = resolve(Choices(data=data), source)
    split = chosen.data.split
    assert (split.train, split.valid, split.test, material.split) == (8, 4, 0, "folders")


def test_without_a_folder_of_the_test_the_test_is_drawn_from_the_training(parts):
    folder = parts("train", "valid")
    source = opened(folder)
    shares = share_out(source, DataSettings(source=str(folder)))
    tested = shares.rows[shares.parts == TEST]
    assert len(tested) == 2 and all(name.startswith("train/") for name in tested)


def test_the_script_shares_out_folders_as_the_tool_does(parts):
    folder = parts("train", "valid")
    source = opened(folder)
    config = Config(**source.settings, train=6, valid=4, test=2)
    _, _, names, by = image_folder.read(folder, config)
    found = split_folders.split(by, config)
    shares = share_out(source, DataSettings(source=str(folder)))
    for part, some in zip((TRAIN, VALID, TEST), found, strict=True):
        assert np.flatnonzero(shares.parts == part).tolist() == sorted(some.tolist())
    assert names.tolist() == shares.rows.tolist()


def test_a_validation_of_another_size_is_refused(parts, make_project):
    with pytest.raises(ApprentiError) as raised:
        plan(make_project(parts("train", "valid"), **{"data.split.valid": 3}))
    assert raised.value.key == "valid_part_given"


def test_folds_of_images_with_a_validation_folder_are_refused(parts, make_project):
    with pytest.raises(ApprentiError) as raised:
        plan(make_project(parts("train", "valid"), **{"data.split.folds": 3}))
    assert raised.value.key == "folds_of_folders"


def test_two_folders_for_one_part_are_refused(parts):
    error = refusal(parts("train", "val", "validation"))
    assert (error.key, error.values["part"]) == ("part_twice", "valid")


def test_folders_of_images_named_as_parts_are_classes(tmp_path):
    folder = fill(tmp_path / "vehicles", classes=("train", "test", "bus"))
    assert (opened(folder).classes, opened(folder).has_test_part) == (3, False)


def test_a_broken_image_of_the_test_is_named_before_a_run(parts):
    folder = parts("train", "test")
    damage(folder / "test" / "dog" / "1.png", "cut short")
    assert refusal(folder).values["name"] == "test/dog/1.png"


def test_copies_between_the_folders_are_told(parts):
    folder = parts("train", "test")
    data = DataSettings(source=str(folder))
    source = open_source(data, folder.parent)
    rows = samples.read(source, data)
    kept, tested = samples.without_test(rows)
    assert (len(kept.labels), tested) == (8, 4)
    (found,) = (one for one in look_at_rows(rows, source.task) if one.code == "D017")
    assert found.values["test"] == 4


# ---- Names, depth, files that are none


@pytest.mark.skipif(sys.platform == "darwin", reason="one folder for both, there")
def test_two_forms_of_one_name_are_one_class(tmp_path):
    folder = fill(tmp_path / "pets", classes=("caf\u00e9", "cafe\u0301", "dog"))
    assert (opened(folder).rows, opened(folder).classes) == (12, 2)
    labels = image_folder.read(folder, Config())[1]
    assert sorted(set(labels)) == ["caf\u00e9", "dog"]
    assert labels.tolist() == names_and_labels(opened(folder))[1].tolist()


def test_twelve_bits_keep_their_contrast(tmp_path):
    folder = tmp_path / "xray"
    random = np.random.default_rng(0)
    for kind, low in (("sick", 300), ("well", 900)):
        (folder / kind).mkdir(parents=True)
        for number in range(6):
            points = random.integers(low, low + 1600, (24, 24)).astype(np.uint16)
            Image.fromarray(points).save(folder / kind / f"{number}.png")
    source = opened(folder)
    config = Config(**source.settings)
    paths = image_folder.read(folder, config)[0]
    every = np.arange(len(paths))
    known = image_files.fit_preparation(paths, every, config)
    assert 300 <= known["darkest"] < 910 and 1500 < known["darkest"] + known["scale"] < 2500
    inputs = image_files.prepare(paths, every, known, config)
    assert inputs.dtype == np.float32
    assert len(np.unique(inputs)) > 1000
    assert -0.5 < inputs.min() < 0.1 and 0.9 < inputs.max() < 1.5


def test_black_and_white_are_told_by_the_training_rows_alone(tmp_path):
    folder = fill(tmp_path / "xray", mode="I;16", each=10)
    paths = image_folder.read(folder, Config())[0]
    for number, path in enumerate(paths):
        points = np.arange(30, dtype=np.uint16).reshape(5, 6) * (100 if number < 15 else 2000)
        Image.fromarray(points).save(path)
    config = Config(image_size=(5, 6), image_mode="F")
    known = image_files.fit_preparation(paths, np.arange(15), config)
    assert known == {"darkest": 0.0, "scale": 2900.0}
    assert image_files_streamed.fit_preparation(paths, np.arange(15), config) == known


def test_the_border_of_a_deep_image_is_as_dark_as_its_darkest_point(tmp_path):
    Image.fromarray(np.full((4, 8), 1000, np.uint16)).save(tmp_path / "x.png")
    points = image_points.read_image(tmp_path / "x.png", Config(image_size=(8, 8), image_mode="F"))
    assert (points == 1000).all()


def test_deep_images_are_read_from_the_disk_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = fill(tmp_path / "xray", mode="I;16")
    paths = image_folder.read(folder, Config())[0]
    for path in paths:
        Image.fromarray(np.arange(30, dtype=np.uint16).reshape(5, 6) * 99).save(path)
    config, every = Config(image_size=(5, 6), image_mode="F"), np.arange(len(paths))
    known = image_files.fit_preparation(paths, every, config)
    on_disk = image_files_streamed.prepare(paths, every, known, config)
    whole = image_files.prepare(paths, every, known, config)
    assert on_disk.shape == whole.shape
    assert np.allclose(on_disk[0 : len(paths)], whole)


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_pipes_are_listed_neither_by_the_tool_nor_by_the_script(pets):
    os.mkfifo(pets / "cat" / "9.png")
    assert opened(pets).rows == len(image_folder.read(pets, Config())[2]) == 8
    assert len(new_images.read(pets, Config())[2]) == 8


# ---- Decoded once


def counted(monkeypatch):
    """Return the list of what is decoded from now on."""
    read, real = [], image_points.read_image
    noted = lambda file, config: read.append(file) or real(file, config)  # noqa: E731
    monkeypatch.setattr(image_points, "read_image", noted)
    return read


def test_images_are_decoded_once_for_a_project(pets, tmp_path, monkeypatch):
    read, data = counted(monkeypatch), DataSettings(source=str(pets))
    first = open_source(data, tmp_path)
    assert len(read) == 8
    assert open_source(data, tmp_path) == first
    assert len(read) == 8
    Image.new("RGB", (6, 5), 99).save(pets / "cat" / "0.png")
    open_source(data, tmp_path)
    assert len(read) == 9


def test_whoever_wants_to_know_is_told_how_far_the_decoding_is(pets, tmp_path):
    told = []

    @contextlib.contextmanager
    def listening():
        yield told.append

    before = decoded.telling.set(listening)
    try:
        open_source(DataSettings(source=str(pets)), tmp_path)
    finally:
        decoded.telling.reset(before)
    assert told == [number / 8 for number in range(1, 9)]


@pytest.mark.parametrize("content", ["", "{}", '{"reader": "x", "images": 3}', "null", "[1]"])
def test_a_damaged_note_of_what_was_decoded_is_as_none(pets, tmp_path, content):
    (tmp_path / decoded.FILE).write_text(content)
    assert open_source(DataSettings(source=str(pets)), tmp_path).rows == 8


def test_a_note_of_what_was_decoded_is_not_believed_where_it_is_none(pets, tmp_path):
    data = DataSettings(source=str(pets))
    first = open_source(data, tmp_path)
    kept = json.loads((tmp_path / decoded.FILE).read_text())
    kept["images"] = {known: ["a", None] for known in kept["images"]}
    (tmp_path / decoded.FILE).write_text(json.dumps(kept))
    assert open_source(data, tmp_path) == first


# ---- A run


def test_names_of_classes_and_files_come_back_unchanged(photos, make_project, train):
    project = make_project(photos, framework="sklearn", kind="linear")
    lines = (train(project).folder / "predictions.csv").read_text(encoding="utf-8")
    known = set(list_images(photos))
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert {row["row"] for row in rows} <= known
    assert {row["truth"] for row in rows} == {"été 🌞", "nuit, d'hiver"}
    assert all(row["row"].split("/")[0] == row["truth"] for row in rows)
