"""A folder of images: what is found in it, what is refused, and that a script reads the same."""

import csv
import io
import os
import struct
import zlib

import numpy as np
import psutil
import pytest
from PIL import Image

from apprenti.backends.common import image_files, image_folder, image_points, load
from apprenti.backends.common.settings import Config
from apprenti.data import formats
from apprenti.data.kinds import images
from apprenti.data.kinds.image_folder import list_images
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings
from apprenti.train.plan import plan

MODES = {
    "1": "png",
    "L": "png",
    "LA": "png",
    "P": "gif",
    "RGB": "jpg",
    "RGBA": "png",
    "CMYK": "jpg",
    "I;16": "png",
}
GREY = {"1", "L", "LA", "I;16"}


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
    assert source.settings == {"image_size": (5, 6), "image_mode": "RGB"}
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
    assert source.settings["image_mode"] == ("L" if mode in GREY else "RGB")
    points = image_points.read_image(folder / "cat" / f"1.{ending}", Config(**source.settings))
    assert points.dtype == np.uint8
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


def test_script_and_tool_list_the_same_images_in_the_same_order(photos, monkeypatch):
    monkeypatch.chdir(photos.parent)
    names = list_images(photos)
    rows = image_folder.read(photos, Config())
    assert [path.relative_to(photos).as_posix() for path in rows.inputs] == list(names)
    assert rows.labels.tolist() == [name.split("/")[0] for name in names]
    assert rows.names.tolist() == list(names)
    assert formats.IMAGE_ENDINGS == image_points.ENDINGS
    assert formats.IMAGE_FORMATS == image_points.FORMATS


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
    assert error.key == "broken_images"
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


def test_points_without_a_known_scale_are_refused(tmp_path):
    error = refusal(fill(tmp_path / "scans", mode="F", ending="tif"))
    assert (error.key, error.values["count"]) == ("broken_images", 8)


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
    fill(tmp_path / "pets" / "train")
    error = refusal(tmp_path / "pets")
    assert (error.key, error.values["loose"]) == ("no_class_folders", 0)


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


# ---- A run


def test_names_of_classes_and_files_come_back_unchanged(photos, make_project, train):
    project = make_project(photos, framework="sklearn", kind="linear")
    lines = (train(project).folder / "predictions.csv").read_text(encoding="utf-8")
    known = set(list_images(photos))
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert {row["row"] for row in rows} <= known
    assert {row["truth"] for row in rows} == {"été 🌞", "nuit, d'hiver"}
    assert all(row["row"].split("/")[0] == row["truth"] for row in rows)
